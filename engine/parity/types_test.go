// SPDX-License-Identifier: Apache-2.0

package parity

import (
	"fmt"
	"go/types"
	"strings"
)

// refused says why a type of the module has no form in Dagger's API, or nothing if it has one.
func (m *moduleCheck) refused(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Info() {
		case types.IsString, types.IsBoolean, types.IsInteger, types.IsFloat:
			return ""
		}
	case *types.Slice:
		return m.refused(t.Elem())
	case *types.Pointer:
		if named, ok := types.Unalias(t.Elem()).(*types.Named); ok {
			return m.refusedNamed(named, true)
		}
		return m.refused(t.Elem())
	case *types.Named:
		return m.refusedNamed(t, false)
	}
	return fmt.Sprintf("Dagger's API has no form for %s", t)
}

func (m *moduleCheck) refusedNamed(t *types.Named, pointer bool) string {
	name := t.Obj()
	if name.Pkg() == nil {
		return fmt.Sprintf("Dagger's API has no form for %s", t)
	}
	_, isStruct := t.Underlying().(*types.Struct)
	_, isBasic := t.Underlying().(*types.Basic)
	switch {
	case !isStruct && !isBasic:
		return fmt.Sprintf("Dagger's API has no form for %s", t)
	case name.Pkg() == m.types && !name.Exported():
		return fmt.Sprintf("%s is not exported, so it is no object of the API", name.Name())
	case name.Pkg() == m.types:
		return ""
	case name.Pkg().Path() != daggerPath:
		return fmt.Sprintf("%s is a type of another package", t)
	case isStruct && !pointer:
		return fmt.Sprintf("Dagger's %s is used through a pointer", name.Name())
	case strings.HasSuffix(name.Name(), "Opts"), name.Name() == "Client", name.Name() == "ExecError":
		return fmt.Sprintf("Dagger's %s is no object of the API", name.Name())
	}
	return ""
}

// isDagger reports whether t is a pointer to the object of that name of Dagger's client.
func isDagger(t types.Type, name string) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == daggerPath && named.Obj().Name() == name
}

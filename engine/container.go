// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Container is a file system together with how processes are run in it.
type Container struct {
	c *Client
	v *lazy[containerValue]
}

// containerValue is what a container has come to. It is copied by assignment; what its slices hold is never changed.
type containerValue struct {
	root    tree
	env     []variable
	secrets []secretVariable
	user    string
	workdir string // absolute
	mounts  []mount
	exec    *exec // the last one, nil before the first
}

type variable struct{ name, value string }

type secretVariable struct {
	name   string
	secret *Secret
}

// WithContainerFunc is a change to a container.
type WithContainerFunc func(r *Container) *Container

// With applies a change.
func (r *Container) With(f WithContainerFunc) *Container { return f(r) }

func (r *Container) change(f func(context.Context, containerValue) (containerValue, error)) *Container {
	return &Container{r.c, then(r.v, f)}
}

// From starts over from the image at the address, such as "debian:bookworm".
func (r *Container) From(address string) *Container {
	return r.change(func(ctx context.Context, v containerValue) (containerValue, error) {
		img, err := r.c.image(ctx, address)
		if err != nil {
			return v, fmt.Errorf("image %s: %w", address, err)
		}
		v.root, v.exec = tree{base: img.state}, nil
		v.user = img.user
		v.workdir = join("/", img.workdir)
		for _, e := range img.env {
			name, value, _ := strings.Cut(e, "=")
			v.env = setVariable(v.env, name, value)
		}
		return v, nil
	})
}

// WithRootfs replaces the file system.
func (r *Container) WithRootfs(directory *Directory) *Container {
	from := directory.v
	return r.change(func(ctx context.Context, v containerValue) (containerValue, error) {
		l, err := from.get(ctx)
		if err != nil {
			return v, err
		}
		if l, err = r.c.resolveBase(ctx, l); err != nil {
			return v, err
		}
		v.root = l.isolated()
		return v, nil
	})
}

// Rootfs returns the file system, without mounts.
func (r *Container) Rootfs() *Directory {
	return &Directory{r.c, then(r.v, func(_ context.Context, v containerValue) (location, error) {
		return location{tree: v.root, path: "/"}, nil
	})}
}

// ContainerWithEnvVariableOpts are the options of Container.WithEnvVariable. None is supported.
type ContainerWithEnvVariableOpts struct{}

// WithEnvVariable sets a variable of the environment of later execs.
func (r *Container) WithEnvVariable(name string, value string, opts ...ContainerWithEnvVariableOpts) *Container {
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.env = setVariable(v.env, name, value)
		return v, nil
	})
}

func setVariable(env []variable, name, value string) []variable {
	env = slices.Clone(env)
	if i := slices.IndexFunc(env, func(e variable) bool { return e.name == name }); i >= 0 {
		env[i].value = value
		return env
	}
	return append(env, variable{name, value})
}

// WithoutEnvVariable unsets a variable.
func (r *Container) WithoutEnvVariable(name string) *Container {
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.env = slices.DeleteFunc(slices.Clone(v.env), func(e variable) bool { return e.name == name })
		return v, nil
	})
}

// WithSecretVariable sets a variable of the environment of later execs to a secret.
func (r *Container) WithSecretVariable(name string, secret *Secret) *Container {
	notNil("secret", secret)
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.secrets = slices.DeleteFunc(slices.Clone(v.secrets), func(e secretVariable) bool { return e.name == name })
		v.secrets = append(v.secrets, secretVariable{name, secret})
		return v, secret.err
	})
}

// ContainerWithWorkdirOpts are the options of Container.WithWorkdir. None is supported.
type ContainerWithWorkdirOpts struct{}

// WithWorkdir sets the working directory of later execs, which relative paths of later calls start from.
func (r *Container) WithWorkdir(path string, opts ...ContainerWithWorkdirOpts) *Container {
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.workdir = v.absolute(path)
		return v, nil
	})
}

// WithUser sets who later execs run as: a name of the container, or numbers such as "1000:1000".
func (r *Container) WithUser(name string) *Container {
	return r.change(func(_ context.Context, v containerValue) (containerValue, error) {
		v.user = name
		return v, nil
	})
}

func (v containerValue) absolute(p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(v.workdir, p)
}

// notNil panics for a nil argument, as the SDK does.
func notNil[T any](name string, value *T) {
	if value == nil {
		panic(fmt.Sprintf("unexpected nil pointer for argument %q", name))
	}
}

// Sync evaluates the container: its execs have run when it returns.
func (r *Container) Sync(ctx context.Context) (*Container, error) {
	v, err := r.v.get(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := r.c.solve(ctx, v.root.state()); err != nil {
		return nil, err
	}
	return &Container{r.c, now(v)}, nil
}

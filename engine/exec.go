// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"
)

// exec is the last process of a container.
type exec struct {
	state llb.State // the root after it
	again llb.State // the same, not taken from the cache
}

// ContainerWithExecOpts are the options of Container.WithExec. None is supported.
type ContainerWithExecOpts struct{}

// WithExec runs a process. If it fails, so does every evaluation of the container, with an ExecError.
func (r *Container) WithExec(args []string, opts ...ContainerWithExecOpts) *Container {
	args = slices.Clone(args)
	return r.change(func(ctx context.Context, v containerValue) (containerValue, error) {
		if len(args) == 0 {
			return v, errors.New("WithExec: no arguments")
		}
		how, err := v.runOptions(ctx, r.c, args)
		if err != nil {
			return v, err
		}
		before := v.root.state()
		v.exec = &exec{
			state: before.Run(how...).Root(),
			again: before.Run(append(how, llb.IgnoreCache)...).Root(),
		}
		v.root = tree{base: v.exec.state}
		return v, nil
	})
}

// runOptions describes an exec. Whatever differs from host to host must not be part of what it is cached by.
func (v containerValue) runOptions(ctx context.Context, c *Client, args []string) ([]llb.RunOption, error) {
	how := []llb.RunOption{
		llb.Args(args),
		llb.Dir(v.workdir),
		llb.User(v.user),
		llb.WithProxy(hostProxy()),
		llb.WithCustomName(execName(args)),
	}
	for _, e := range v.env {
		how = append(how, llb.AddEnv(e.name, e.value))
	}
	for _, s := range v.secrets {
		how = append(how, llb.AddSecret(s.name, llb.SecretID(s.secret.id), llb.SecretAsEnv(true)))
	}
	for _, m := range v.mounts {
		o, err := m.run(ctx, c)
		if err != nil {
			return nil, err
		}
		how = append(how, o)
	}
	return append(how, v.authorities()...), nil
}

// hostProxy returns the host's proxy settings. BuildKit puts them into the environment and leaves them out of keys.
func hostProxy() llb.ProxyEnv {
	get := func(name string) string { return cmp.Or(os.Getenv(name), os.Getenv(strings.ToLower(name))) }
	return llb.ProxyEnv{
		HTTPProxy:  get("HTTP_PROXY"),
		HTTPSProxy: get("HTTPS_PROXY"),
		NoProxy:    get("NO_PROXY"),
		AllProxy:   get("ALL_PROXY"),
	}
}

// maxName is about the width of a terminal.
const maxName = 100

// execName is what the progress display calls an exec: its arguments on one line, without a leading "env A=B".
func execName(args []string) string {
	if args[0] == "env" {
		rest := slices.IndexFunc(args[1:], func(a string) bool { return !strings.Contains(a, "=") })
		if rest >= 0 && !strings.HasPrefix(args[1+rest], "-") {
			args = args[1+rest:]
		}
	}
	name := strings.Join(strings.Fields(strings.Join(args, " ")), " ")
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName-1]) + "…"
	}
	return name
}

// Stdout returns what the last exec wrote to its standard output.
func (r *Container) Stdout(ctx context.Context) (string, error) {
	o, err := r.output(ctx)
	return string(o.Stdout), err
}

// Stderr returns what the last exec wrote to its standard error.
func (r *Container) Stderr(ctx context.Context) (string, error) {
	o, err := r.output(ctx)
	return string(o.Stderr), err
}

// output evaluates the container and finds what its last exec wrote. If that ran long ago, and nobody kept it, it runs
// once more.
func (r *Container) output(ctx context.Context) (execOutput, error) {
	v, err := r.v.get(ctx)
	if err != nil {
		return execOutput{}, err
	}
	if v.exec == nil {
		return execOutput{}, errors.New("no command has been executed")
	}
	for _, state := range []llb.State{v.exec.state, v.exec.again} {
		if _, err := r.c.solve(ctx, state); err != nil {
			return execOutput{}, err
		}
		o, ok, err := r.c.outputOf(ctx, state)
		if ok || err != nil {
			return o, err
		}
	}
	return execOutput{}, errors.New("the daemon did not say what the command wrote")
}

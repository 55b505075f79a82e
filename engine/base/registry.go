// SPDX-License-Identifier: Apache-2.0

package base

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/containerd/containerd/v2/core/remotes/docker"
)

// probeTimeout bounds the wait for a registry that is not there.
const probeTimeout = 3 * time.Second

// answers is nil if a registry for the domain answers, whether or not it wants a login, and otherwise says why not.
func answers(ctx context.Context, domain string) error {
	host, err := docker.DefaultHost(domain)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	schemes := []string{"https"}
	if local, err := docker.MatchLocalhost(host); err == nil && local {
		schemes = append(schemes, "http") // as BuildKit does
	}
	for _, scheme := range schemes {
		if err = probe(ctx, scheme+"://"+host+"/v2/"); err == nil {
			return nil
		}
	}
	return err
}

func probe(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		if inner, ok := errors.AsType[*url.Error](err); ok {
			err = inner.Err // without the address, which names a host that nobody has asked for
		}
		return err
	}
	response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK, http.StatusUnauthorized:
		return nil
	}
	return fmt.Errorf("%s", response.Status)
}

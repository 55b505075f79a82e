// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
)

// Execs trust the host's certificate authorities: each finds the host's bundle in a file of its own, and variables that
// make programs read it. All of that is optional secrets, so that it is in no layer and in no key, and a host with
// another bundle, or none, runs no step again.
//
// The bundle does not take the place of /etc/ssl/certs/ca-certificates.crt, since nothing can be renamed to a file that
// is mounted: installing Debian's ca-certificates would fail.
const (
	bundlePath = "/run/crosswheel/ca-certificates.crt"
	aptPath    = "/run/crosswheel/apt.conf"

	bundleSecret     = "crosswheel:bundle"
	bundlePathSecret = "crosswheel:bundle-path"
	aptSecret        = "crosswheel:apt"
	aptPathSecret    = "crosswheel:apt-path"
)

// bundleVariables name the bundle to OpenSSL, Go and uv; curl; Python's requests; pip; git; cargo; node.
var bundleVariables = []string{
	"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO", "NODE_EXTRA_CA_CERTS",
}

// bundlePlaces are where systems keep their authorities, as crypto/x509 looks for them.
var bundlePlaces = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/cert.pem",
}

// addAuthorities makes the host's bundle known to execs, if there is one.
func (s *secretStore) addAuthorities() error {
	bundle, err := hostBundle()
	if err != nil || bundle == nil {
		return err
	}
	s.add(bundleSecret, bundle)
	s.add(bundlePathSecret, []byte(bundlePath))
	s.add(aptSecret, fmt.Appendf(nil, "Acquire::https::CAInfo %q;\n", bundlePath))
	s.add(aptPathSecret, []byte(aptPath))
	return nil
}

// authorities are the options that give an exec the bundle. Variables that the container sets itself stay.
func (v containerValue) authorities() []llb.RunOption {
	file := func(path, id string) llb.RunOption {
		return llb.AddSecret(path, llb.SecretID(id), llb.SecretOptional, llb.SecretFileOpt(0, 0, 0o444))
	}
	how := []llb.RunOption{file(bundlePath, bundleSecret), file(aptPath, aptSecret)}
	name := func(variableName, id string) {
		set := slices.ContainsFunc(v.env, func(e variable) bool { return e.name == variableName }) ||
			slices.ContainsFunc(v.secrets, func(e secretVariable) bool { return e.name == variableName })
		if !set {
			how = append(how, llb.AddSecret(variableName, llb.SecretID(id), llb.SecretOptional, llb.SecretAsEnv(true)))
		}
	}
	for _, v := range bundleVariables {
		name(v, bundlePathSecret)
	}
	name("APT_CONFIG", aptPathSecret)
	return how
}

// hostBundle returns the host's bundle, or nil if it has none.
func hostBundle() ([]byte, error) {
	places := bundlePlaces
	set := os.Getenv("SSL_CERT_FILE")
	if set != "" {
		places = []string{set}
	}
	for _, place := range places {
		data, err := os.ReadFile(place)
		switch {
		case errors.Is(err, fs.ErrNotExist) && set == "":
			continue
		case err != nil:
			return nil, fmt.Errorf("reading the certificate authorities: %w: SSL_CERT_FILE names another file", err)
		case len(data) > secretsprovider.MaxSecretSize:
			return nil, fmt.Errorf("certificate authorities: %s has %d bytes, more than BuildKit carries (%d): set SSL_CERT_FILE to a smaller bundle",
				place, len(data), secretsprovider.MaxSecretSize)
		}
		return data, nil
	}
	return nil, nil
}

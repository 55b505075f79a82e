// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/moby/buildkit/session/secrets"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
)

// Secret is a value that execs can see and that no layer and no cache key ever holds: only its name is part of what an
// exec is cached by. What an exec prints of it is not hidden.
type Secret struct {
	name, id string
	err      error
}

// SetSecret returns a secret of that name and value.
func (c *Client) SetSecret(name string, plaintext string) *Secret {
	if len(plaintext) > secretsprovider.MaxSecretSize {
		return &Secret{name: name, err: fmt.Errorf("secret %q: %d bytes are more than BuildKit carries (%d)",
			name, len(plaintext), secretsprovider.MaxSecretSize)}
	}
	return &Secret{name: name, id: c.secrets.add("secret:"+name, []byte(plaintext))}
}

// Name returns the secret's name.
func (s *Secret) Name(ctx context.Context) (string, error) { return s.name, s.err }

// secretStore hands secrets to the daemon when it asks for them.
type secretStore struct {
	mu     sync.Mutex
	values map[string][]byte
}

// add returns the identity under which the store answers with the value: id, or id with a number if another value has it.
func (s *secretStore) add(id string, value []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = make(map[string][]byte)
	}
	for n, base := 2, id; ; n++ {
		held, taken := s.values[id]
		if !taken || string(held) == string(value) {
			s.values[id] = value
			return id
		}
		id = fmt.Sprintf("%s#%d", base, n)
	}
}

// GetSecret implements secrets.SecretStore.
func (s *secretStore) GetSecret(_ context.Context, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[id]
	if !ok {
		return nil, fmt.Errorf("%s: %w", id, secrets.ErrNotFound)
	}
	return value, nil
}

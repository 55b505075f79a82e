// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/containerd/containerd/v2/core/content"
	contentlocal "github.com/containerd/containerd/v2/plugins/content/local"
	"github.com/containerd/errdefs"
	bksession "github.com/moby/buildkit/session"
	sessioncontent "github.com/moby/buildkit/session/content"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// layoutStore is the name under which the daemon finds all image layouts.
const layoutStore = "base"

// layouts is what lies in some OCI image layouts, as one content store that can be read.
type layouts struct {
	mu     sync.Mutex
	dirs   []string
	stores []content.Store
}

// attachable serves the layouts to the daemon, those that are added later too.
func (l *layouts) attachable() bksession.Attachable {
	return sessioncontent.NewAttachable(map[string]content.Store{"oci:" + layoutStore: l})
}

func (l *layouts) add(dir string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.Contains(l.dirs, dir) {
		return nil
	}
	store, err := contentlocal.NewStore(dir)
	if err != nil {
		return fmt.Errorf("opening the image layout %s: %w", dir, err)
	}
	l.dirs, l.stores = append(l.dirs, dir), append(l.stores, store)
	return nil
}

// holder returns the store that holds a blob.
func (l *layouts) holder(ctx context.Context, blob digest.Digest) (content.Store, content.Info, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, store := range l.stores {
		if info, err := store.Info(ctx, blob); err == nil {
			return store, info, nil
		}
	}
	return nil, content.Info{}, fmt.Errorf("blob %s: %w", blob, errdefs.ErrNotFound)
}

// Info implements content.Store.
func (l *layouts) Info(ctx context.Context, blob digest.Digest) (content.Info, error) {
	_, info, err := l.holder(ctx, blob)
	return info, err
}

// ReaderAt implements content.Store.
func (l *layouts) ReaderAt(ctx context.Context, desc ocispecs.Descriptor) (content.ReaderAt, error) {
	store, _, err := l.holder(ctx, desc.Digest)
	if err != nil {
		return nil, err
	}
	return store.ReaderAt(ctx, desc)
}

// What changes or lists a store is not offered to the daemon.

// Update implements content.Store.
func (l *layouts) Update(context.Context, content.Info, ...string) (content.Info, error) {
	return content.Info{}, errdefs.ErrNotImplemented
}

// Walk implements content.Store.
func (l *layouts) Walk(context.Context, content.WalkFunc, ...string) error {
	return errdefs.ErrNotImplemented
}

// Delete implements content.Store.
func (l *layouts) Delete(context.Context, digest.Digest) error { return errdefs.ErrNotImplemented }

// ListStatuses implements content.Store.
func (l *layouts) ListStatuses(context.Context, ...string) ([]content.Status, error) {
	return nil, errdefs.ErrNotImplemented
}

// Status implements content.Store.
func (l *layouts) Status(context.Context, string) (content.Status, error) {
	return content.Status{}, errdefs.ErrNotImplemented
}

// Abort implements content.Store.
func (l *layouts) Abort(context.Context, string) error { return errdefs.ErrNotImplemented }

// Writer implements content.Store.
func (l *layouts) Writer(context.Context, ...content.WriterOpt) (content.Writer, error) {
	return nil, errdefs.ErrNotImplemented
}

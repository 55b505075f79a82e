// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"

	"crosswheel/internal/buildroot"
	sdkimage "crosswheel/sdk-image"
)

// SDKOptions are the options of the step "sdk", which opens an SDK's tarball at sdkimage.SDKDir and writes Out/sdk.json,
// a buildroot.SDK.
type SDKOptions struct {
	Archive string
	Name    string // what people call it
	SHA256  string `json:",omitempty"`
}

func openSDK(ctx context.Context, o SDKOptions) error {
	opened, err := buildroot.Open(ctx, buildroot.Options{Archive: o.Archive, Name: o.Name, SHA256: o.SHA256, To: sdkimage.SDKDir})
	if err != nil {
		return err
	}
	return writeJSON("sdk.json", opened)
}

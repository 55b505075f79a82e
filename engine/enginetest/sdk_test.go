// SPDX-License-Identifier: Apache-2.0

package enginetest

// This file alone names the SDK. To run the cases on a Dagger engine, put a file in its place, with go test -overlay,
// that imports dagger.io/dagger.

import (
	"context"

	sdk "crosswheel/engine"
)

type (
	ctx = context.Context

	client    = sdk.Client
	container = sdk.Container
	directory = sdk.Directory
	execError = sdk.ExecError

	containerWithDirectoryOpts        = sdk.ContainerWithDirectoryOpts
	containerWithFileOpts             = sdk.ContainerWithFileOpts
	containerWithMountedCacheOpts     = sdk.ContainerWithMountedCacheOpts
	containerWithMountedDirectoryOpts = sdk.ContainerWithMountedDirectoryOpts
	containerWithMountedSecretOpts    = sdk.ContainerWithMountedSecretOpts
	containerWithNewFileOpts          = sdk.ContainerWithNewFileOpts
	directoryEntriesOpts              = sdk.DirectoryEntriesOpts
	directoryExportOpts               = sdk.DirectoryExportOpts
	directoryFilterOpts               = sdk.DirectoryFilterOpts
	directoryWithDirectoryOpts        = sdk.DirectoryWithDirectoryOpts
	directoryWithFileOpts             = sdk.DirectoryWithFileOpts
	directoryWithNewFileOpts          = sdk.DirectoryWithNewFileOpts
	fileContentsOpts                  = sdk.FileContentsOpts
	fileExportOpts                    = sdk.FileExportOpts
	hostDirectoryOpts                 = sdk.HostDirectoryOpts
)

const (
	cacheSharingModePrivate = sdk.CacheSharingModePrivate
	cacheSharingModeLocked  = sdk.CacheSharingModeLocked
)

var (
	connect       = sdk.Connect
	withLogOutput = sdk.WithLogOutput
	withWorkdir   = sdk.WithWorkdir
)

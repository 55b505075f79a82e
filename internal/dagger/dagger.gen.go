// SPDX-License-Identifier: Apache-2.0

// crosswheel:stand-in

// Package dagger is the client that the module is written against. On Dagger it is generated, in Dagger's own copy of
// the tree; this file, which stands in for it, takes every name from the embedded engine. Nothing else belongs here.
//
// Should generated code ever stand here in your tree (`dagger develop` writes it), take the stand-ins back:
//
//	git checkout dagger.gen.go internal/dagger/dagger.gen.go
package dagger

import (
	"context"

	"crosswheel/engine"
)

// Connect returns the client of the module. As on Dagger it takes no arguments; it starts nothing.
func Connect() *Client {
	client, err := engine.Connect(context.Background())
	if err != nil {
		panic(err) // the working directory is gone: nothing can be done in it
	}
	return client
}

// The objects of the client, and its other types.
type (
	CacheSharingMode  = engine.CacheSharingMode
	CacheVolume       = engine.CacheVolume
	Client            = engine.Client
	Container         = engine.Container
	CurrentModule     = engine.CurrentModule
	Directory         = engine.Directory
	ExecError         = engine.ExecError
	File              = engine.File
	Secret            = engine.Secret
	WithContainerFunc = engine.WithContainerFunc
	WithDirectoryFunc = engine.WithDirectoryFunc
)

// The options of their methods.
type (
	ContainerDirectoryOpts            = engine.ContainerDirectoryOpts
	ContainerFileOpts                 = engine.ContainerFileOpts
	ContainerOpts                     = engine.ContainerOpts
	ContainerWithDirectoryOpts        = engine.ContainerWithDirectoryOpts
	ContainerWithEnvVariableOpts      = engine.ContainerWithEnvVariableOpts
	ContainerWithExecOpts             = engine.ContainerWithExecOpts
	ContainerWithFileOpts             = engine.ContainerWithFileOpts
	ContainerWithMountedCacheOpts     = engine.ContainerWithMountedCacheOpts
	ContainerWithMountedDirectoryOpts = engine.ContainerWithMountedDirectoryOpts
	ContainerWithMountedFileOpts      = engine.ContainerWithMountedFileOpts
	ContainerWithMountedSecretOpts    = engine.ContainerWithMountedSecretOpts
	ContainerWithMountedTempOpts      = engine.ContainerWithMountedTempOpts
	ContainerWithNewFileOpts          = engine.ContainerWithNewFileOpts
	ContainerWithWorkdirOpts          = engine.ContainerWithWorkdirOpts
	ContainerWithoutMountOpts         = engine.ContainerWithoutMountOpts
	CurrentModuleWorkdirOpts          = engine.CurrentModuleWorkdirOpts
	DirectoryEntriesOpts              = engine.DirectoryEntriesOpts
	DirectoryExportOpts               = engine.DirectoryExportOpts
	DirectoryFilterOpts               = engine.DirectoryFilterOpts
	DirectoryWithDirectoryOpts        = engine.DirectoryWithDirectoryOpts
	DirectoryWithFileOpts             = engine.DirectoryWithFileOpts
	DirectoryWithNewDirectoryOpts     = engine.DirectoryWithNewDirectoryOpts
	DirectoryWithNewFileOpts          = engine.DirectoryWithNewFileOpts
	FileContentsOpts                  = engine.FileContentsOpts
	FileExportOpts                    = engine.FileExportOpts
	FileOpts                          = engine.FileOpts
)

// The values of its enumerations.
const (
	CacheSharingModeShared  = engine.CacheSharingModeShared
	CacheSharingModePrivate = engine.CacheSharingModePrivate
	CacheSharingModeLocked  = engine.CacheSharingModeLocked
)

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Rust toolchain for a target: install.sh VERSION TARGET COMPONENTS OUT. COMPONENTS is components.txt.
set -eu
version=$1 target=$2 components=$3 out=$4
apt-get -q -o Acquire::Retries=5 update
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=5 --no-install-recommends install ca-certificates rustup

export RUSTUP_HOME=/tmp/rustup CARGO_HOME=/tmp/cargo
rustup toolchain install "$version" --profile minimal --target "$target"
toolchain=$(echo "$RUSTUP_HOME"/toolchains/*)

# rustup holds each archive against the checksum in the manifest that it has downloaded, and keeps that. So what it has
# installed is what is pinned if the manifest says what is pinned.
manifest=$toolchain/lib/rustlib/multirust-channel-manifest.toml
pinned() { # COMPONENT TARGET
	want=$(sed -n "s/^$1 $2 //p" "$components")
	actual=$(sed -n "/^\[pkg\.$1\.target\.$2\]/,/^\$/s/^xz_hash = \"\(.*\)\"/\1/p" "$manifest")
	if [ -z "$want" ] || [ "$want" != "$actual" ]; then
		echo "$1 of Rust $version for $2 has sha256 \"$actual\", and \"$want\" is pinned." >&2
		exit 1
	fi
}
pinned cargo x86_64-unknown-linux-gnu
pinned rustc x86_64-unknown-linux-gnu
pinned rust-std x86_64-unknown-linux-gnu
pinned rust-std "$target"

rm -rf "$toolchain/share"
mkdir -p "${out%/*}"
mv "$toolchain" "$out"
rm -rf "$RUSTUP_HOME" "$CARGO_HOME"

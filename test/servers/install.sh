#!/bin/sh
# Installs what the tests start, as Go modules: an S3 gateway, a Google Cloud Storage emulator, and Git LFS.
# Nothing happens where they are there already. CUTWATER_TEST_SERVERS names the folder (default: ~/.cache/cutwater/test-servers).
set -eu

folder=${CUTWATER_TEST_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/cutwater/test-servers}

if ! command -v go >/dev/null; then
  echo "go is not installed: the tests against S3, Google Cloud Storage and Git LFS will be skipped" >&2
  exit 0
fi
mkdir -p "$folder"

install() {
  name=$1
  module=$2
  [ -x "$folder/$name" ] && return
  echo "installing $module into $folder"
  GOBIN=$folder go install "$module"
}

install versitygw github.com/versity/versitygw/cmd/versitygw@v1.8.0
install fake-gcs-server github.com/fsouza/fake-gcs-server@v1.56.1
install git-lfs github.com/git-lfs/git-lfs/v3@v3.8.1

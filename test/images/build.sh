#!/bin/sh
# Builds the images of deploy/Dockerfile as PREFIX:TAG, PREFIX-clonerefs:TAG, … and PREFIX-alone:TAG for a test where there is no registry, and writes them to one archive:
#   test/images/build.sh [PREFIX:TAG [ARCHIVE]]        (docker.io/library/cutwater:test, ~/.cache/cutwater/images.tar)
# The Dockerfile's base is made here of Debian's packages and npm's `node`. Needs root, buildah, podman and mmdebstrap; nothing outside of package registries.
set -eu
cd "$(dirname "$0")/../.."
name=${1:-docker.io/library/cutwater:test}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cutwater
archive=${2:-$cache/images.tar}
node=$PWD/node_modules/node/bin/node

# A storage of our own, which nothing else shares.
mkdir -p "$cache/images"
export STORAGE_DRIVER="${STORAGE_DRIVER:-overlay}"
in_storage() {
  tool=$1
  shift
  "$tool" --root "$cache/images/storage" --runroot "$cache/images/run" "$@"
}
build() { in_storage buildah "$@"; }

# Debian's packages and npm's `node` under the names that the Dockerfile begins from.
make_bases() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$work/base.tar"
  container=$(build from scratch)
  build add --quiet "$container" "$work/base.tar" /
  build commit --quiet --rm "$container" docker.io/library/debian:bookworm-slim
  container=$(build from docker.io/library/debian:bookworm-slim)
  build copy --quiet "$container" "$(readlink -f "$node")" /usr/local/bin/node
  build copy --quiet "$container" "$(npm root -g)/npm" /usr/local/lib/node_modules/npm
  build run --isolation chroot "$container" ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
  echo "cafile=/run/ca.crt" | build run --isolation chroot "$container" tee /root/.npmrc >/dev/null
  build commit --quiet --rm "$container" docker.io/library/node:24-bookworm-slim
}

build inspect --type image docker.io/library/node:24-bookworm-slim >/dev/null 2>&1 || make_bases

images=
for target in cutwater clonerefs initupload sidecar entrypoint; do
  image=${name%:*}$([ $target = cutwater ] || echo "-$target"):${name##*:}
  build bud --quiet --pull-never --layers --isolation chroot --file deploy/Dockerfile --target $target --tag "$image" \
    --volume "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}:/run/ca.crt:ro" --volume "$(npm config get cache):/root/.npm" . >/dev/null
  images="$images $image"
done
# An image from scratch, for a job that has nothing but its own program.
image=${name%:*}-alone:${name##*:}
container=$(build from scratch)
program=$(mktemp)
cc -static -o "$program" test/images/alone.c
build copy --quiet "$container" "$program" /alone >/dev/null
build commit --quiet --rm "$container" "$image" >/dev/null
rm "$program"
images="$images $image"

rm -f "$archive"
# shellcheck disable=SC2086
in_storage podman save --quiet --multi-image-archive --output "$archive" $images
echo "$archive"

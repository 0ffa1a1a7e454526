#!/bin/sh
# Builds the static entrypoint: build.sh OUTPUT. CC names the compiler (musl-gcc makes the smallest program).
set -eu
here=$(dirname "$0")
exec "${CC:-cc}" -std=c11 -Os -static -s -Wall -Wextra -Werror -o "$1" "$here/entrypoint.c" "$here/json.c"

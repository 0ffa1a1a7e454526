#!/bin/sh
# Uploads real files with the real program, slowly enough to be watched.
# E2E_FILES says how many, 24 unless told.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
BUCKET=$work/bucket
export BUCKET
files=${E2E_FILES:-24}
echo "Uploading $files files to $BUCKET"
number=1
while [ "$number" -le "$files" ]; do
  file=$work/file-$number.bin
  head -c $((number * 40000)) /dev/urandom > "$file"
  if ! sh bin/upload "$file"; then
    echo "error: file-$number.bin did not arrive"
    exit 1
  fi
  if ! cmp -s "$file" "$BUCKET/file-$number.bin"; then
    echo "error: file-$number.bin arrived broken"
    exit 1
  fi
  echo "[$number/$files] file-$number.bin, $((number * 40000)) bytes, arrived whole"
  number=$((number + 1))
  sleep 0.5
done
echo "Everything arrived."

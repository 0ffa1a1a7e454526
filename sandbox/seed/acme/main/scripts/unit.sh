#!/bin/sh
# Runs every function test_* of test/*_test.sh, each in a process and a bucket of its own.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0
failed=0

same() {
  [ "$1" = "$2" ] && return 0
  echo "    expected: $1"
  echo "    got:      $2"
  touch "$WORK/failed"
}

for file in test/*_test.sh; do
  for name in $(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file"); do
    WORK=$(mktemp -d)
    (
      BUCKET=$WORK/bucket
      . lib/bucket.sh
      . lib/upload.sh
      . "./$file"
      "$name"
      exit 0
    ) || touch "$WORK/failed"
    if [ -e "$WORK/failed" ]; then
      echo "FAIL $file: $name"
      failed=$((failed + 1))
    else
      echo "ok   $file: $name"
      passed=$((passed + 1))
    fi
    rm -rf "$WORK"
  done
done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

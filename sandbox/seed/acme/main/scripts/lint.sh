#!/bin/sh
# Checks the scripts: they parse, no line is longer than 100 characters, none ends with a space.
set -u
cd "$(dirname "$0")/.." || exit 1
findings=0

finding() {
  echo "$1"
  findings=$((findings + 1))
}

for file in bin/* lib/*.sh test/*.sh scripts/*.sh; do
  echo "checking $file"
  sh -n "$file" || finding "$file: does not parse"
  long=$(awk 'length($0) > 100 { printf "%s%d", sep, NR; sep = ", " }' "$file")
  [ -z "$long" ] || finding "error: $file:$long: line is longer than 100 characters"
  loose=$(awk '/[ \t]$/ { printf "%s%d", sep, NR; sep = ", " }' "$file")
  [ -z "$loose" ] || finding "error: $file:$loose: space at the end of the line"
done
echo
echo "$findings findings"
[ "$findings" -eq 0 ]

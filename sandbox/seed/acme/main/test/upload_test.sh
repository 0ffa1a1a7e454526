test_uploads_a_file() {
  echo hello > "$WORK/hello.txt"
  upload "$WORK/hello.txt"
  same hello "$(cat "$BUCKET/hello.txt")"
}

test_says_which_file_is_missing() {
  said=$(upload "$WORK/nowhere.txt" 2>&1)
  same 1 "$?"
  same "upload: no such file: $WORK/nowhere.txt" "$said"
}

test_counts_chunks() {
  head -c 10 /dev/zero > "$WORK/small"
  same 1 "$(chunks "$WORK/small")"
}

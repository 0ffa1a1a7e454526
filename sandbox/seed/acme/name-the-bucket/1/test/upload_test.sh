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

test_names_the_bucket_that_did_not_take_a_file() {
  echo hello > "$WORK/hello.txt"
  mkdir -p "$BUCKET"
  echo 1 > "$BUCKET/.busy"
  said=$(upload "$WORK/hello.txt" 2>&1)
  same "upload: the bucket $BUCKET did not take hello.txt" "$said"
}

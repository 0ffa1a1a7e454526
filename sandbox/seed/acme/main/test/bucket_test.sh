test_a_busy_bucket_answers_three() {
  echo hello > "$WORK/hello.txt"
  mkdir -p "$BUCKET"
  echo 1 > "$BUCKET/.busy"
  bucket_put "$WORK/hello.txt" hello.txt
  same 3 "$?"
  bucket_put "$WORK/hello.txt" hello.txt
  same 0 "$?"
}

test_knows_the_size() {
  printf 12345 > "$WORK/five"
  bucket_put "$WORK/five" five
  same 5 "$(bucket_size five)"
}

busy() {
  mkdir -p "$BUCKET"
  echo "$1" > "$BUCKET/.busy"
  echo hello > "$WORK/hello.txt"
}

test_asks_a_busy_bucket_again() {
  busy 2
  PAUSE=0
  upload "$WORK/hello.txt" 2>/dev/null
  same hello "$(cat "$BUCKET/hello.txt")"
}

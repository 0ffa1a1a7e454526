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

test_gives_up_after_five_attempts() {
  busy 9
  PAUSE=0
  upload "$WORK/hello.txt" 2>/dev/null
  same 1 "$?"
  same 4 "$(cat "$BUCKET/.busy")"
}

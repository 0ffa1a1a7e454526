# Uploads one file after the other.
CHUNK=8388608
ATTEMPTS=5
PAUSE=${PAUSE:-1}
LONGEST_PAUSE=30

# upload FILE: uploads a file under its own name. A busy bucket is asked again, up to five times.
upload() {
  if [ ! -f "$1" ]; then
    echo "upload: no such file: $1" >&2
    return 1
  fi
  attempt=1
  pause=$PAUSE
  trap 'return 1' INT TERM
  while ! bucket_put "$1" "$(basename "$1")"; do
    if [ "$attempt" -ge "$ATTEMPTS" ]; then
      echo "upload: the bucket did not take $(basename "$1")" >&2
      return 1
    fi
    echo "upload: the bucket answered 503 to $(basename "$1"), attempt $attempt of $ATTEMPTS, next one in $pause s" >&2
    sleep "$pause"
    pause=$((pause * 2))
    [ "$pause" -le "$LONGEST_PAUSE" ] || pause=$LONGEST_PAUSE
    attempt=$((attempt + 1))
  done
}

# chunks FILE: how many chunks a file has.
chunks() {
  size=$(wc -c < "$1" | tr -d ' ')
  echo $(((size + CHUNK - 1) / CHUNK))
}

# The bucket: a folder that is busy now and then.
# BUCKET names the folder. The file .busy in it holds how many more times it answers 503.

# bucket_put FILE NAME: puts a file into the bucket. Answers 3 while the bucket is busy.
bucket_put() {
  mkdir -p "$BUCKET"
  left=$(cat "$BUCKET/.busy" 2>/dev/null || echo 0)
  if [ "$left" -gt 0 ]; then
    echo $((left - 1)) > "$BUCKET/.busy"
    return 3
  fi
  cp "$1" "$BUCKET/$2"
}

# bucket_size NAME: the size in bytes of what the bucket holds.
bucket_size() {
  wc -c < "$BUCKET/$1" | tr -d ' '
}

# bucket_sum NAME: the checksum of what the bucket holds.
bucket_sum() {
  cksum < "$BUCKET/$1" | cut -d ' ' -f 1
}

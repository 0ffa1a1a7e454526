# Uploads one file after the other.
CHUNK=8388608

# upload FILE: uploads a file under its own name.
upload() {
  if [ ! -f "$1" ]; then
    echo "upload: no such file: $1" >&2
    return 1
  fi
  if ! bucket_put "$1" "$(basename "$1")"; then
    echo "upload: the bucket did not take $(basename "$1")" >&2
    return 1
  fi
}

# chunks FILE: how many chunks a file has.
chunks() {
  size=$(wc -c < "$1" | tr -d ' ')
  echo $(((size + CHUNK - 1) / CHUNK))
}

#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is left to read, and whether it still makes sense. */
struct reader {
  const char *at;
  int broken;
  int depth;
};

static void value(struct reader *in, struct json_value *out);

static void skip_space(struct reader *in) {
  while (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r') in->at++;
}

static int take(struct reader *in, char c) {
  skip_space(in);
  if (*in->at != c) return 0;
  in->at++;
  return 1;
}

static void expect(struct reader *in, char c) {
  if (!take(in, c)) in->broken = 1;
}

static unsigned hex4(struct reader *in) {
  unsigned code = 0;
  for (int i = 0; i < 4; i++, in->at++) {
    char c = *in->at;
    if (c >= '0' && c <= '9') code = code * 16 + (unsigned)(c - '0');
    else if (c >= 'a' && c <= 'f') code = code * 16 + (unsigned)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F') code = code * 16 + (unsigned)(c - 'A' + 10);
    else {
      in->broken = 1;
      return 0;
    }
  }
  return code;
}

static char *utf8(char *to, unsigned code) {
  if (code < 0x80) {
    *to++ = (char)code;
  } else if (code < 0x800) {
    *to++ = (char)(0xc0 | code >> 6);
    *to++ = (char)(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *to++ = (char)(0xe0 | code >> 12);
    *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    *to++ = (char)(0x80 | (code & 0x3f));
  } else {
    *to++ = (char)(0xf0 | code >> 18);
    *to++ = (char)(0x80 | (code >> 12 & 0x3f));
    *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    *to++ = (char)(0x80 | (code & 0x3f));
  }
  return to;
}

static char *escape(struct reader *in, char *to) {
  static const char names[] = "\"\\/bfnrt";
  static const char meant[] = "\"\\/\b\f\n\r\t";
  char c = *in->at;
  const char *known = c ? strchr(names, c) : NULL;
  if (known) {
    in->at++;
    *to++ = meant[known - names];
    return to;
  }
  if (c != 'u') {
    in->broken = 1;
    return to;
  }
  in->at++;
  unsigned code = hex4(in);
  if (code >= 0xd800 && code < 0xdc00 && in->at[0] == '\\' && in->at[1] == 'u') {
    in->at += 2;
    unsigned low = hex4(in);
    code = 0x10000 + ((code - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
  }
  return utf8(to, code);
}

static char *string(struct reader *in) {
  expect(in, '"');
  /* Nothing gets longer by being read: \uXXXX gives at most three bytes, a pair of them four. */
  char *text = malloc(strlen(in->at) + 1);
  char *to = text;
  if (!text) in->broken = 1;
  while (!in->broken && *in->at && *in->at != '"') {
    if (*in->at == '\\') {
      in->at++;
      to = escape(in, to);
    } else {
      *to++ = *in->at++;
    }
  }
  if (text) *to = 0;
  if (*in->at == '"') in->at++;
  else in->broken = 1;
  return text;
}

/* A list; of its items only the strings are kept. */
static void list(struct reader *in, struct json_value *out) {
  size_t count = 0;
  out->kind = JSON_STRINGS;
  out->strings = calloc(1, sizeof(char *));
  expect(in, '[');
  if (take(in, ']')) return;
  do {
    struct json_value item = {0};
    value(in, &item);
    if (item.kind != JSON_STRING) continue;
    out->strings = realloc(out->strings, (count + 2) * sizeof(char *));
    if (!out->strings) {
      in->broken = 1;
      return;
    }
    out->strings[count++] = item.string;
    out->strings[count] = NULL;
  } while (!in->broken && take(in, ','));
  expect(in, ']');
}

static void object(struct reader *in, void (*member)(const char *, const struct json_value *, void *), void *context) {
  expect(in, '{');
  if (take(in, '}')) return;
  do {
    skip_space(in);
    char *name = string(in);
    struct json_value found = {0};
    expect(in, ':');
    if (!in->broken) value(in, &found);
    if (!in->broken && member) member(name, &found, context);
  } while (!in->broken && take(in, ','));
  expect(in, '}');
}

static int word(struct reader *in, const char *text) {
  size_t length = strlen(text);
  if (strncmp(in->at, text, length) != 0) return 0;
  in->at += length;
  return 1;
}

static void value(struct reader *in, struct json_value *out) {
  skip_space(in);
  if (++in->depth > 100) in->broken = 1;
  if (in->broken) return;
  char c = *in->at;
  if (c == '"') {
    out->kind = JSON_STRING;
    out->string = string(in);
  } else if (c == '[') {
    list(in, out);
  } else if (c == '{') {
    object(in, NULL, NULL);
  } else if (word(in, "true")) {
    out->kind = JSON_BOOL;
    out->number = 1;
  } else if (word(in, "false")) {
    out->kind = JSON_BOOL;
  } else if (!word(in, "null")) {
    char *end;
    out->kind = JSON_NUMBER;
    out->number = strtoll(in->at, &end, 10);
    if (end == in->at) in->broken = 1;
    in->at = end;
  }
  in->depth--;
}

int json_members(const char *text, void (*member)(const char *, const struct json_value *, void *), void *context) {
  struct reader in = {text, 0, 0};
  object(&in, member, context);
  skip_space(&in);
  return in.broken || *in.at ? -1 : 0;
}

void json_quote(const char *text, char *out, unsigned long size) {
  unsigned long used = 0;
  char piece[8];
  if (size < 3) return;
  out[used++] = '"';
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\') snprintf(piece, sizeof piece, "\\%c", c);
    else if (c < 0x20) snprintf(piece, sizeof piece, "\\u%04x", c);
    else snprintf(piece, sizeof piece, "%c", c);
    if (used + strlen(piece) + 2 > size) break;
    memcpy(out + used, piece, strlen(piece));
    used += strlen(piece);
  }
  out[used++] = '"';
  out[used] = 0;
}

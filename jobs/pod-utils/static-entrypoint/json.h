/* The little of JSON that entrypoint's options need: one object of strings, numbers, booleans and lists of strings. */
#ifndef JSON_H
#define JSON_H

enum json_kind { JSON_OTHER, JSON_STRING, JSON_NUMBER, JSON_BOOL, JSON_STRINGS };

struct json_value {
  enum json_kind kind;
  char *string;       /* JSON_STRING */
  long long number;   /* JSON_NUMBER, and 0 or 1 for JSON_BOOL */
  char **strings;     /* JSON_STRINGS, ended by NULL */
};

/* Calls `member` for each member of the object in `text`. Returns 0, or -1 where `text` is no JSON object. What is handed over stays allocated. */
int json_members(const char *text, void (*member)(const char *name, const struct json_value *value, void *context), void *context);

/* Writes `text` between quotes, escaped, into `out`, at most `size` bytes with the ending zero. */
void json_quote(const char *text, char *out, unsigned long size);

#endif

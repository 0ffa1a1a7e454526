/* A job's own program in an image that holds nothing else: shows the first line of the cloned README.md, and leaves an artifact. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char line[256], path[512];
  const char *artifacts = getenv("ARTIFACTS");
  FILE *readme = fopen("README.md", "r");
  if (!artifacts || !readme || !fgets(line, sizeof line, readme)) return 1;
  printf("alone with %s", line);
  snprintf(path, sizeof path, "%s/alone.txt", artifacts);
  FILE *artifact = fopen(path, "w");
  return artifact && fputs("left by a program that was alone\n", artifact) >= 0 && fclose(artifact) == 0 ? 0 : 1;
}

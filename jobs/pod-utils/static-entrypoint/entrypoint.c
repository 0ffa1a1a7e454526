/*
 * The entrypoint that goes into test containers. It does what ../entrypoint does, for images that hold no Node, or nothing at all:
 * one static program, driven by the same JSON in ENTRYPOINT_OPTIONS. As the first process of a container it also buries orphans.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "json.h"

enum { INTERNAL_ERROR = 127, ABORTED = 130, PREVIOUS_FAILED = 1130, USAGE = 1 };
enum { TICK_MS = 50, CHUNK = PIPE_BUF };

static const long long SECOND = 1000000000LL;

struct options {
  char **args;
  const char *container_name, *process_log, *marker_file, *artifact_dir, *previous_marker, *copy_dst;
  long long timeout, grace_period;
  int always_zero, propagate_error_code, copy_mode_only;
};

/* What goes on: the log, how much of it stands on our own output, the signals, and how the process ended. */
static int log_fd = -1, tail_fd = -1, signals_fd = -1;
static off_t copied = 0;
static pid_t child = 0;
static int child_ended = 0, child_code = -1, interrupted = 0;
static char error_text[PIPE_BUF / 2];

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void write_all(int fd, const char *text, size_t length) {
  while (length > 0) {
    ssize_t n = write(fd, text, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text += n;
    length -= (size_t)n;
  }
}

static void remember_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(error_text, sizeof error_text, format, args);
  va_end(args);
}

/* A line in the form that Prow's entrypoint writes and its log viewers know. */
static void say(int fd, const char *level, const char *message, const char *error) {
  char line[PIPE_BUF * 2], quoted[PIPE_BUF], cause[PIPE_BUF + 16] = "", stamp[32];
  time_t seconds = time(NULL);
  struct tm utc;
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
  if (error) {
    json_quote(error, quoted, sizeof quoted);
    snprintf(cause, sizeof cause, "\"error\":%s,", quoted);
  }
  json_quote(message, quoted, sizeof quoted);
  int length = snprintf(line, sizeof line, "{\"component\":\"entrypoint\",%s\"level\":\"%s\",\"msg\":%s,\"severity\":\"%s\",\"time\":\"%s\"}\n",
                        cause, level, quoted, level, stamp);
  if (length > 0) write_all(fd, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

/* A duration as Go prints it, for whole seconds and more precise ones alike. */
static const char *duration(long long ns) {
  static char text[64];
  long long minutes = ns / (60 * SECOND);
  double seconds = (double)(ns % (60 * SECOND)) / (double)SECOND;
  if (ns < SECOND) snprintf(text, sizeof text, "%gms", (double)ns / 1e6);
  else if (minutes == 0) snprintf(text, sizeof text, "%gs", seconds);
  else if (minutes < 60) snprintf(text, sizeof text, "%lldm%gs", minutes, seconds);
  else snprintf(text, sizeof text, "%lldh%lldm%gs", minutes / 60, minutes % 60, seconds);
  return text;
}

static int make_folders(const char *path) {
  char partial[PATH_MAX];
  if (strlen(path) >= sizeof partial) return errno = ENAMETOOLONG, -1;
  strcpy(partial, path);
  for (char *slash = strchr(partial + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    if (mkdir(partial, 0777) != 0 && errno != EEXIST) return -1;
    *slash = '/';
  }
  return mkdir(partial, 0777) != 0 && errno != EEXIST ? -1 : 0;
}

/* Copies a piece of the log to our own output, where that can take it. Returns 1 while there may be more. */
static int copy_some(void) {
  char piece[CHUNK];
  ssize_t n = pread(tail_fd, piece, sizeof piece, copied);
  if (n <= 0) return 0;
  write_all(STDOUT_FILENO, piece, (size_t)n);
  copied += n;
  return 1;
}

static void reap(void) {
  int status;
  pid_t ended;
  while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended != child) continue;
    child_ended = 1;
    child_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
}

/* Waits a moment for a signal or for room on our output. A pipe that poll calls writable takes PIPE_BUF bytes without waiting, so the clock is never held up. */
static void step(void) {
  struct stat info;
  int behind = tail_fd >= 0 && fstat(tail_fd, &info) == 0 && info.st_size > copied;
  struct pollfd wanted[2] = {{signals_fd, POLLIN, 0}, {behind ? STDOUT_FILENO : -1, POLLOUT, 0}};
  if (poll(wanted, 2, TICK_MS) > 0) {
    struct signalfd_siginfo signal;
    if (wanted[0].revents && read(signals_fd, &signal, sizeof signal) == sizeof signal && signal.ssi_signo != SIGCHLD) {
      if (!interrupted) interrupted = (int)signal.ssi_signo;
    }
    if (wanted[1].revents & POLLOUT) copy_some();
    else if (wanted[1].revents) tail_fd = -1; /* Nobody reads our output any more. */
  }
  reap();
}

/* 0 where the process may run; otherwise the code to end with. */
static int wait_for_previous(const struct options *o) {
  for (;;) {
    char text[32] = "";
    int fd = open(o->previous_marker, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      ssize_t n = read(fd, text, sizeof text - 1);
      char *end;
      close(fd);
      long code = strtol(text, &end, 10);
      if (n <= 0 || end == text) {
        remember_error("wait for previous marker %s: invalid return code", o->previous_marker);
        return INTERNAL_ERROR;
      }
      if (code == 0) return 0;
      char message[64];
      snprintf(message, sizeof message, "Skipping as previous step exited %ld", code);
      say(log_fd, "info", message, NULL);
      return PREVIOUS_FAILED;
    }
    if (interrupted) {
      remember_error("wait for previous marker %s: cancelled: context canceled", o->previous_marker);
      return INTERNAL_ERROR;
    }
    step();
  }
}

/* Starts the process with both outputs in the log. Returns -1, with the reason remembered, where it can not be started. */
static int start(const struct options *o) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return remember_error("could not start the process: %s", strerror(errno)), -1;
  child = fork();
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    execvp(o->args[0], o->args);
    int problem = errno;
    write_all(report[1], (const char *)&problem, sizeof problem);
    _exit(INTERNAL_ERROR);
  }
  int problem = child < 0 ? errno : 0;
  close(report[1]);
  if (child > 0 && read(report[0], &problem, sizeof problem) != sizeof problem) problem = 0;
  close(report[0]);
  if (problem == 0) return 0;
  remember_error("could not start the process: exec: \"%s\": %s", o->args[0],
                 problem == ENOENT ? "executable file not found in $PATH" : problem == EACCES ? "permission denied" : strerror(problem));
  write_all(log_fd, error_text, strlen(error_text));
  write_all(log_fd, "\n", 1);
  return -1;
}

/* Tells the process to end, and kills it after the grace period. Its own code, or -1. */
static int terminate(const struct options *o) {
  char message[128];
  kill(child, SIGINT);
  if (interrupted) kill(child, interrupted);
  long long until = now() + o->grace_period;
  while (!child_ended && now() < until) step();
  snprintf(message, sizeof message, "Process %s before %s grace period", child_ended ? "gracefully exited" : "did not exit", duration(o->grace_period));
  say(log_fd, "error", message, NULL);
  if (!child_ended) kill(child, SIGKILL);
  while (!child_ended) step();
  return child_code;
}

static int run_process(const struct options *o) {
  char message[128];
  if (start(o) != 0) return INTERNAL_ERROR;
  long long until = now() + o->timeout;
  while (!child_ended && !interrupted && now() < until) step();
  if (child_ended) {
    if (child_code != 0) remember_error("wrapped process failed: exit status %d", child_code);
    return child_code;
  }
  int aborted = interrupted != 0;
  if (aborted) snprintf(message, sizeof message, "Entrypoint received interrupt: %s", interrupted == SIGINT ? "interrupt" : "terminated");
  else snprintf(message, sizeof message, "Process did not finish before %s timeout", duration(o->timeout));
  say(log_fd, "error", message, NULL);
  int own = terminate(o);
  remember_error(aborted ? "process aborted" : "process timed out");
  if (o->propagate_error_code) return own;
  return aborted ? ABORTED : INTERNAL_ERROR;
}

static int execute(const struct options *o) {
  if (*o->artifact_dir && make_folders(o->artifact_dir) != 0) {
    remember_error("could not create artifact directory(%s): %s", o->artifact_dir, strerror(errno));
    return INTERNAL_ERROR;
  }
  log_fd = open(o->process_log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
  tail_fd = open(o->process_log, O_RDONLY | O_CLOEXEC);
  if (log_fd < 0 || tail_fd < 0) {
    remember_error("could not create process logfile(%s): %s", o->process_log, strerror(errno));
    return INTERNAL_ERROR;
  }
  int code = *o->previous_marker ? wait_for_previous(o) : 0;
  if (code == 0) code = run_process(o);
  /* What is there by now, and no more: what the process left behind may write for ever. */
  struct stat info;
  off_t end = tail_fd >= 0 && fstat(tail_fd, &info) == 0 ? info.st_size : 0;
  while (copied < end && copy_some()) {}
  return code;
}

/* Beside its place first, then renamed: who sees the marker sees it whole. */
static int mark(const struct options *o, int code) {
  char temporary[PATH_MAX], text[16];
  if (snprintf(temporary, sizeof temporary, "%s.%s.new", o->marker_file, o->container_name) >= (int)sizeof temporary) return -1;
  int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
  if (fd < 0) return -1;
  int length = snprintf(text, sizeof text, "%d", code);
  int failed = write(fd, text, (size_t)length) != length || fsync(fd) != 0 || fchmod(fd, 0777) != 0;
  close(fd);
  return failed || rename(temporary, o->marker_file) != 0 ? -1 : 0;
}

/* Puts this very program where the test containers find it. */
static int place(const char *destination) {
  char folder[PATH_MAX], buffer[65536];
  ssize_t n = 0;
  if (strlen(destination) >= sizeof folder) return USAGE;
  strcpy(folder, destination);
  char *slash = strrchr(folder, '/');
  if (slash && slash != folder) {
    *slash = 0;
    if (make_folders(folder) != 0) return perror(folder), USAGE;
  }
  int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  int to = open(destination, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
  if (from < 0 || to < 0) return perror(destination), USAGE;
  while ((n = read(from, buffer, sizeof buffer)) > 0) {
    if (write(to, buffer, (size_t)n) != n) return perror(destination), USAGE;
  }
  if (n < 0 || fchmod(to, 0755) != 0 || close(to) != 0) return perror(destination), USAGE;
  return 0;
}

static void set_option(const char *name, const struct json_value *v, void *context) {
  struct options *o = context;
  const struct { const char *name; const char **to; } strings[] = {
    {"container_name", &o->container_name}, {"process_log", &o->process_log}, {"marker_file", &o->marker_file},
    {"artifact_dir", &o->artifact_dir}, {"previous_marker", &o->previous_marker}, {"copy_dst", &o->copy_dst}};
  const struct { const char *name; int *to; } bools[] = {
    {"always_zero", &o->always_zero}, {"propagate_error_code", &o->propagate_error_code}, {"copy_mode_only", &o->copy_mode_only}};
  const struct { const char *name; long long *to; } durations[] = {{"timeout", &o->timeout}, {"grace_period", &o->grace_period}};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
    if (v->kind == JSON_STRING && strcmp(name, strings[i].name) == 0) *strings[i].to = v->string;
  for (size_t i = 0; i < sizeof bools / sizeof *bools; i++)
    if (v->kind == JSON_BOOL && strcmp(name, bools[i].name) == 0) *bools[i].to = (int)v->number;
  for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
    if (v->kind == JSON_NUMBER && v->number != 0 && strcmp(name, durations[i].name) == 0) *durations[i].to = v->number;
  if (v->kind == JSON_STRINGS && strcmp(name, "args") == 0) o->args = v->strings;
}

static const char *problem_with(const struct options *o) {
  if (!o->args || !o->args[0]) return "no process to wrap specified";
  if (o->propagate_error_code && o->always_zero) return "cannot propagate error code and always exit zero";
  if (!*o->process_log) return "no log file specified with --process-log";
  if (!*o->marker_file) return "no marker file specified with --marker-file";
  return NULL;
}

static void block_signals(void) {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGTERM);
  sigaddset(&ours, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ours, NULL);
  signals_fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
  signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv) {
  struct options o = {NULL, "", "", "", "", "", "/tools/entrypoint", 7200 * SECOND, 15 * SECOND, 0, 0, 0};
  const char *json = getenv("ENTRYPOINT_OPTIONS");
  if (json && json_members(json, set_option, &o) != 0) {
    say(STDERR_FILENO, "fatal", "Could not resolve options: could not load config from JSON var ENTRYPOINT_OPTIONS", NULL);
    return USAGE;
  }
  for (int i = 1; i < argc && !json; i++) {
    const char *flag = argv[i] + strspn(argv[i], "-");
    if (strcmp(flag, "copy-mode-only") == 0 || strcmp(flag, "copy-mode-only=true") == 0) o.copy_mode_only = 1;
    else if (strncmp(flag, "copy-destination=", 17) == 0) o.copy_dst = flag + 17;
    else return say(STDERR_FILENO, "fatal", "flag provided but not defined", argv[i]), 2;
  }
  if (o.copy_mode_only) return place(o.copy_dst);
  const char *problem = problem_with(&o);
  if (problem) return say(STDERR_FILENO, "fatal", "Invalid options", problem), USAGE;
  block_signals();
  int code = execute(&o);
  if (*error_text) say(STDOUT_FILENO, "error", "Error executing test process", error_text);
  if (mark(&o, code) != 0) {
    say(STDOUT_FILENO, "error", "Error writing exit code to marker file", strerror(errno));
    return INTERNAL_ERROR;
  }
  return o.always_zero ? 0 : code;
}

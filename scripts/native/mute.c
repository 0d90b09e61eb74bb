/* {mute, unmute}: file descriptor 2 goes to a file in memory and back. TensorFlow's static initialisers print two lines
   before any log level of ours can reach them; src/backend/native.ts mutes them around the require. Where the process
   dies meanwhile, what it said before it died is said after all. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static int saved = -1;
static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
enum { FATAL = sizeof fatal / sizeof *fatal };
static struct sigaction before[FATAL];

/* Of functions that a signal's handler may call alone. */
static void speak(int signal) {
  char part[4096];
  ssize_t size;
  for (off_t at = 0; (size = pread(2, part, sizeof part, at)) > 0; at += size)
    if (write(saved, part, size) < 0) break;
  for (int i = 0; i < FATAL; i++)
    if (fatal[i] == signal) sigaction(signal, &before[i], NULL);
  raise(signal);
}

static napi_value mute(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  int heard = saved < 0 ? memfd_create("muted", MFD_CLOEXEC) : -1;
  if (heard < 0) return NULL;
  saved = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (saved >= 0) {
    dup2(heard, 2);
    struct sigaction action = {.sa_handler = speak};
    for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &action, &before[i]);
  }
  close(heard);
  return NULL;
}

static napi_value unmute(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  if (saved < 0) return NULL;
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &before[i], NULL);
  dup2(saved, 2);
  close(saved);
  saved = -1;
  return NULL;
}

static void export_function(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export_function(env, exports, "mute", mute);
  export_function(env, exports, "unmute", unmute);
  return exports;
}

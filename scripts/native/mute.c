/* {mute, unmute}: file descriptor 2 goes to /dev/null and back. TensorFlow's static initialisers print two lines
   before any log level of ours can reach them; src/backend/native.ts mutes them around the require. */
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

static int saved = -1;

static napi_value mute(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  int null = saved < 0 ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
  if (null < 0) return NULL;
  saved = dup(2);
  if (saved >= 0) dup2(null, 2);
  close(null);
  return NULL;
}

static napi_value unmute(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  if (saved < 0) return NULL;
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

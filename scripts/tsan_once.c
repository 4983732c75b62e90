/*
 * Tells ThreadSanitizer what swift_once promises; linked into the library that is built with it, and only there.
 *
 * Swift initialises globals and static properties through swift_once. It lives in the static runtime, which is not
 * instrumented, and orders its callers with an atomic flag and a futex: the sanitizer sees neither, so every first
 * use of a static property that another thread initialised would be a race to it. Here the order is made visible,
 * which is why no report has to be suppressed and none can be hidden.
 */
#include <sanitizer/tsan_interface.h>

struct once {
  void *token;
  void (*initialise)(void *);
  void *context;
};

void __real_swift_once(void *token, void (*initialise)(void *), void *context);
void __wrap_swift_once(void *token, void (*initialise)(void *), void *context);

static void initialise_and_release(void *argument) {
  struct once *once = argument;
  once->initialise(once->context);
  __tsan_release(once->token);
}

void __wrap_swift_once(void *token, void (*initialise)(void *), void *context) {
  struct once once = {token, initialise, context};
  __real_swift_once(token, initialise_and_release, &once);
  __tsan_acquire(token);
}

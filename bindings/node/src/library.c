#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct library library;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_loaded;

static const char refusal[] =
    "a sanitizer is in this process, and refuses RTLD_DEEPBIND, without which libcurl would call node's own OpenSSL. "
    "For tests with the simulator set AKOOL_NO_DEEPBIND=1; for anything else run without the sanitizer";

static bool has_sanitizer(void) {
  return dlsym(RTLD_DEFAULT, "__asan_init") || dlsym(RTLD_DEFAULT, "__tsan_init") || dlsym(RTLD_DEFAULT, "__msan_init");
}

/* What an executable only takes the address of (SHN_UNDEF) seems to be in it and tells nothing. */
static bool is_elsewhere(const char *name, const void *libc, bool *is_known) {
  Dl_info place;
  ElfW(Sym) *symbol = NULL;
  void *found = dlsym(RTLD_DEFAULT, name);
  if (!found || !dladdr1(found, &place, (void **)&symbol, RTLD_DL_SYMENT)) return false;
  if (!symbol || symbol->st_shndx == SHN_UNDEF) return false;
  *is_known = true;
  return place.dli_fbase != libc;
}

/* A preloaded allocator, or one inside the executable. In doubt there is one: the bridge does no harm. */
static bool has_own_allocator(void) {
  static const char *const names[] = {"malloc", "free", "calloc", "malloc_usable_size", "posix_memalign", "memalign"};
  Dl_info libc;
  bool is_known = false;
  if (!dladdr((void *)gnu_get_libc_version, &libc)) return true;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (is_elsewhere(names[i], libc.dli_fbase, &is_known)) return true;
  return !is_known;
}

/* The bridge needs "libakool.so.1" and looks for it beside itself: for a library elsewhere, both get a link in a
   folder of their own, which is needed only while they are being loaded. */
static void *load_through_bridge(const char *path, const char *bridge) {
  const char *temporary = getenv("TMPDIR");
  char folder[PATH_MAX], links[2][PATH_MAX + 32];
  if (!strchr(path, '/')) return dlopen(bridge, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  snprintf(folder, sizeof folder, "%s/akool-XXXXXX", temporary && *temporary ? temporary : "/tmp");
  if (!mkdtemp(folder)) return NULL;
  snprintf(links[0], sizeof links[0], "%s/bridge.so", folder);
  snprintf(links[1], sizeof links[1], "%s/libakool.so.1", folder);
  void *handle = NULL;
  if (symlink(bridge, links[0]) == 0 && symlink(path, links[1]) == 0)
    handle = dlopen(links[0], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  unlink(links[0]);
  unlink(links[1]);
  rmdir(folder);
  return handle;
}

static void *load(const char *path, const char *bridge) {
  const char *plainly = getenv("AKOOL_NO_DEEPBIND");
  if (plainly && strcmp(plainly, "1") == 0) return dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (has_own_allocator()) return load_through_bridge(path, bridge);
  return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
}

/*
 * Node's executable has a copy of libc's variable `environ`, the only one that is kept up to date. What is bound with
 * RTLD_DEEPBIND sees libc's original instead, which is NULL; the Swift runtime reads it when it is loaded, and only
 * then. Afterwards it is an empty list: the array of the process may be reallocated at any time.
 */
static void *load_with_environment(const char *path, const char *bridge) {
  static char *empty[] = {NULL};
  void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  char ***original = libc ? dlsym(libc, "environ") : NULL;
  bool is_copied = original && original != &environ;
  if (is_copied) *original = environ;
  void *handle = load(path, bridge);
  if (is_copied) *original = empty;
  return handle;
}

static bool is_refused(void) {
  const char *plainly = getenv("AKOOL_NO_DEEPBIND");
  return has_sanitizer() && !(plainly && strcmp(plainly, "1") == 0);
}

static const char *look_up(void *handle) {
  const struct {
    const char *name;
    void *target;
  } symbols[] = {
      {"akool_version", &library.version},
      {"akool_describe", &library.describe},
      {"akool_string_free", &library.string_free},
      {"akool_client_create", &library.client_create},
      {"akool_client_destroy", &library.client_destroy},
      {"akool_submit", &library.submit},
      {"akool_cancel", &library.cancel},
      {"akool_client_next_event", &library.next_event},
      {"akool_client_event_fd", &library.event_fd},
  };
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(handle, symbols[i].name);
    if (!address) return symbols[i].name;
    memcpy(symbols[i].target, &address, sizeof address);
  }
  return NULL;
}

static bool load_once(const char *path, const char *bridge, char *error, size_t size) {
  if (is_refused()) {
    snprintf(error, size, "%s", refusal);
    return false;
  }
  dlerror();
  void *handle = load_with_environment(path, bridge);
  if (!handle) {
    const char *trouble = dlerror();
    snprintf(error, size, "%s", trouble ? trouble : "no folder for temporary files can be made: see TMPDIR");
    return false;
  }
  const char *missing = look_up(handle);
  if (missing) snprintf(error, size, "%s: undefined symbol: %s", path, missing);
  return !missing;
}

bool library_load(const char *path, const char *bridge, char *error, size_t size) {
  pthread_mutex_lock(&lock);
  if (!is_loaded) is_loaded = load_once(path, bridge, error, size);
  bool good = is_loaded;
  pthread_mutex_unlock(&lock);
  return good;
}

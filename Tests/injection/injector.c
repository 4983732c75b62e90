/*
 * Shim to preload: fails one call of a C function that libakool or one of its libraries makes.
 *
 * A point is a function and the call stack inside the libraries. Without AKOOL_INJECT_POINT the shim counts how often
 * each point is reached and writes the counts to AKOOL_INJECT_REPORT when the process ends. With it, one occurrence of
 * the point fails.
 *
 *   AKOOL_INJECT_REPORT      file to write: the points, or "fired" as soon as the call has failed
 *   AKOOL_INJECT_POINT       hash of the point that fails
 *   AKOOL_INJECT_OCCURRENCE  number of the occurrence that fails, from 1
 *   AKOOL_INJECT_ERROR       error of the failing call: errno, or a code of libcurl, SQLite or getaddrinfo
 *   AKOOL_INJECT_AFTER       if set, the call takes effect before it reports the error
 *   AKOOL_INJECT_CLOCK       seconds subtracted from the monotonic clock, for the whole life of the process
 *
 * Left out: allocations of the Swift runtime through C++ (the runtime ends the process when one fails), allocations of
 * libraries that libcurl uses, and calls that cannot fail with valid arguments.
 */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <link.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

/* ---------------------------------------------------------------- modules */

enum { OTHER, C_LIBRARY, AKOOL, CURL, JANSSON, SQLITE };

static const struct {
  const char *part;
  int module;
} names[] = {
    {"/libakool.so", AKOOL},  {"/libcurl.so", CURL},       {"/libjansson.so", JANSSON}, {"/libsqlite3.so", SQLITE},
    {"/libc.so", C_LIBRARY},  {"/ld-linux", C_LIBRARY},    {"/libnss_", C_LIBRARY},     {"/libresolv.so", C_LIBRARY},
    {"/libgcc_s", C_LIBRARY}, {"/injector.so", C_LIBRARY},
};

static struct range {
  uintptr_t start, end, base;
  int module;
} ranges[64];
static int range_count;
static __thread bool is_busy __attribute__((tls_model("initial-exec")));

static int note_module(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size;
  (void)unused;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!strstr(info->dlpi_name, names[i].part)) continue;
    for (int j = 0; j < info->dlpi_phnum && range_count < 64; j++) {
      const ElfW(Phdr) *header = &info->dlpi_phdr[j];
      if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
      uintptr_t start = info->dlpi_addr + header->p_vaddr;
      ranges[range_count++] = (struct range){start, start + header->p_memsz, info->dlpi_addr, names[i].module};
    }
  }
  return 0;
}

static const struct range *range_of(uintptr_t address) {
  for (int i = 0; i < range_count; i++)
    if (address >= ranges[i].start && address < ranges[i].end) return &ranges[i];
  return NULL;
}

static int module_of(uintptr_t address) {
  const struct range *range = range_of(address);
  return range ? range->module : OTHER;
}

/* ----------------------------------------------------------------- stacks */

/* Frames that distinguish points. Memory has fewer: SQLite's parser alone would make a thousand points. */
enum { DEEPEST = 48, KEPT = 12, KEPT_FOR_MEMORY = 4 };

struct stack {
  uintptr_t frames[DEEPEST];
  int count;
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument) {
  struct stack *stack = argument;
  uintptr_t address = _Unwind_GetIP(context);
  if (!address || stack->count == DEEPEST) return _URC_END_OF_STACK;
  stack->frames[stack->count++] = address - 1;
  return _URC_NO_REASON;
}

static uint64_t mix(uint64_t hash, uint64_t value) { return (hash ^ value) * 0x100000001b3u; }

/* Index of the first frame outside the C library, and so of the caller. */
static int caller_index(const struct stack *stack) {
  int index = 0;
  while (index < stack->count && module_of(stack->frames[index]) == C_LIBRARY) index++;
  return index;
}

static uint64_t hash_of(const char *function, const struct stack *stack, int first, int depth) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char *letter = function; *letter; letter++) hash = mix(hash, (unsigned char)*letter);
  for (int i = first; i < stack->count && depth > 0; i++) {
    const struct range *range = range_of(stack->frames[i]);
    if (!range || range->module < AKOOL) continue;
    hash = mix(mix(hash, (uint64_t)range->module), stack->frames[i] - range->base);
    depth--;
  }
  return hash ? hash : 1;
}

/* ----------------------------------------------------------------- points */

enum { POINTS = 1 << 15 };

static struct point {
  uint64_t hash;
  const char *function;
  atomic_uint count;
  int caller;
  struct stack stack;
} *points;
static atomic_flag points_lock = ATOMIC_FLAG_INIT;
static atomic_uint fired_count;

static const char *report_path;
static uint64_t failing_point;
static unsigned failing_occurrence;
static int failing_error;
static bool is_after, is_ready;
static int64_t clock_offset;

static int64_t number(const char *name, int base) {
  const char *text = getenv(name);
  return text ? (int64_t)strtoull(text, NULL, base) : 0;
}

__attribute__((constructor)) static void prepare(void) {
  is_busy = true;
  report_path = getenv("AKOOL_INJECT_REPORT");
  failing_point = (uint64_t)number("AKOOL_INJECT_POINT", 16);
  failing_occurrence = (unsigned)number("AKOOL_INJECT_OCCURRENCE", 10);
  failing_error = (int)number("AKOOL_INJECT_ERROR", 10);
  is_after = getenv("AKOOL_INJECT_AFTER") != NULL;
  clock_offset = number("AKOOL_INJECT_CLOCK", 10);
  dl_iterate_phdr(note_module, NULL);
  if (!failing_point)
    points = mmap(NULL, POINTS * sizeof *points, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  is_ready = report_path != NULL;
  is_busy = false;
}

static void count_point(uint64_t hash, const char *function, const struct stack *stack, int caller) {
  while (atomic_flag_test_and_set(&points_lock)) continue;
  for (uint64_t i = 0; i < POINTS; i++) {
    struct point *point = &points[(hash + i) % POINTS];
    if (point->hash && point->hash != hash) continue;
    if (!point->hash) {
      point->hash = hash;
      point->function = function;
      point->caller = caller;
      point->stack = *stack;
    }
    point->count++;
    break;
  }
  atomic_flag_clear(&points_lock);
}

static bool is_due(void) {
  if (atomic_fetch_add(&fired_count, 1) + 1 != failing_occurrence) return false;
  long file = syscall(SYS_openat, -100, report_path, 02001 | 0100, 0600); /* O_WRONLY | O_APPEND | O_CREAT */
  if (file >= 0) {
    syscall(SYS_write, file, "fired\n", 6);
    syscall(SYS_close, file);
  }
  return true;
}

/* Whether the call that is under way has to fail. `called_by` has a bit for each module whose calls count. */
static bool fails(const char *function, unsigned called_by, bool is_memory) {
  if (!is_ready || is_busy) return false;
  int error = errno;
  is_busy = true;
  bool result = false;
  struct stack stack = {.count = 0};
  _Unwind_Backtrace(note_frame, &stack);
  int caller = caller_index(&stack);
  int module = caller < stack.count ? module_of(stack.frames[caller]) : OTHER;
  if (called_by >> module & 1) {
    int depth = !is_memory ? KEPT : module == AKOOL ? 1 : KEPT_FOR_MEMORY;
    uint64_t hash = hash_of(function, &stack, caller, depth);
    if (points)
      count_point(hash, function, &stack, caller);
    else
      result = hash == failing_point && is_due();
  }
  is_busy = false;
  errno = error;
  return result;
}

static const char *module_name(int module) {
  static const char *const module_names[] = {"other", "libc", "libakool", "libcurl", "libjansson", "libsqlite3"};
  return module_names[module];
}

/* The function of a library that libakool called: the outermost frame of the caller's module. */
static const char *entry_of(const struct point *point) {
  int module = module_of(point->stack.frames[point->caller]), last = point->caller;
  Dl_info info;
  for (int i = point->caller; i < point->stack.count; i++) {
    int found = module_of(point->stack.frames[i]);
    if (found == AKOOL) break;
    if (found == module) last = i;
  }
  if (module == AKOOL) return "libakool";
  if (!dladdr((void *)point->stack.frames[last], &info) || !info.dli_sname) return "thread";
  return info.dli_sname;
}

static void write_stack(FILE *file, const struct point *point) {
  const char *comma = "";
  for (int i = point->caller; i < point->stack.count; i++) {
    const struct range *range = range_of(point->stack.frames[i]);
    Dl_info info = {0};
    if (!range) continue;
    dladdr((void *)point->stack.frames[i], &info);
    fprintf(file, "%s\"%s+%" PRIxPTR "%s%s\"", comma, module_name(range->module), point->stack.frames[i] - range->base,
            info.dli_sname ? " " : "", info.dli_sname ? info.dli_sname : "");
    comma = ",";
  }
}

__attribute__((destructor)) static void write_points(void) {
  is_busy = true;
  FILE *file = points && report_path ? fopen(report_path, "w") : NULL;
  if (!file) return;
  for (int i = 0; i < POINTS; i++) {
    const struct point *point = &points[i];
    if (!point->hash) continue;
    fprintf(file, "{\"hash\":\"%016" PRIx64 "\",\"function\":\"%s\",\"count\":%u,\"caller\":\"%s\",\"entry\":\"%s\",",
            point->hash, point->function, point->count, module_name(module_of(point->stack.frames[point->caller])),
            entry_of(point));
    fprintf(file, "\"stack\":[");
    write_stack(file, point);
    fprintf(file, "]}\n");
  }
  fclose(file);
}

/* ------------------------------------------------------- wrapped functions */

#define BIT(module) (1u << (module))
#define ALL (BIT(AKOOL) | BIT(CURL) | BIT(JANSSON) | BIT(SQLITE))

#define WRAP_IF(condition, type, name, parameters, arguments, called_by, failure) \
  __attribute__((visibility("default"))) type name parameters {                   \
    static type(*real) parameters;                                                \
    if (!real) {                                                                  \
      bool was_busy = is_busy;                                                    \
      is_busy = true;                                                             \
      *(void **)&real = dlsym(RTLD_NEXT, #name);                                  \
      is_busy = was_busy;                                                         \
    }                                                                             \
    if ((condition) && fails(#name, called_by, false)) {                          \
      if (is_after) (void)real arguments;                                         \
      errno = failing_error;                                                      \
      return failure;                                                             \
    }                                                                             \
    return real arguments;                                                        \
  }
#define WRAP(type, name, parameters, arguments, failure) WRAP_IF(true, type, name, parameters, arguments, ALL, failure)
#define WRAP_API(type, name, parameters, arguments, failure) \
  WRAP_IF(true, type, name, parameters, arguments, BIT(AKOOL), failure)

/* Descriptors, threads, sockets. */
WRAP(int, socket, (int domain, int kind, int protocol), (domain, kind, protocol), -1)
WRAP(int, socketpair, (int domain, int kind, int protocol, int pair[2]), (domain, kind, protocol, pair), -1)

/* Reading and writing the counter of an eventfd does not fail. */
static atomic_bool is_counter[4096];
static bool is_file(int fd) { return fd < 0 || fd >= 4096 || !is_counter[fd]; }
static int note_counter(int fd) {
  if (fd >= 0 && fd < 4096) is_counter[fd] = true;
  return fd;
}

__attribute__((visibility("default"))) int eventfd(unsigned count, int flags) {
  static int (*real)(unsigned, int);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "eventfd");
  if (!fails("eventfd", ALL, false)) return note_counter(real(count, flags));
  errno = failing_error;
  return -1;
}

__attribute__((visibility("default"))) int close(int fd) {
  if (fd >= 0 && fd < 4096) is_counter[fd] = false;
  return (int)syscall(SYS_close, fd);
}
WRAP(int, pipe2, (int pair[2], int flags), (pair, flags), -1)
WRAP(int, pipe, (int pair[2]), (pair), -1)
WRAP(int, epoll_create1, (int flags), (flags), -1)
WRAP(int, epoll_ctl, (int set, int operation, int fd, struct epoll_event *event), (set, operation, fd, event), -1)
WRAP(int, epoll_wait, (int set, struct epoll_event *events, int most, int timeout), (set, events, most, timeout), -1)
WRAP(int, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout), -1)
WRAP(int, connect, (int fd, const struct sockaddr *address, socklen_t size), (fd, address, size), -1)
WRAP(ssize_t, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags), -1)
WRAP(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags), -1)
WRAP(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *size), (fd, level, name, value, size), -1)
WRAP(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t size), (fd, level, name, value, size),
     -1)
WRAP(int, getsockname, (int fd, struct sockaddr *address, socklen_t *size), (fd, address, size), -1)
WRAP(int, getpeername, (int fd, struct sockaddr *address, socklen_t *size), (fd, address, size), -1)
WRAP(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument),
     (thread, attributes, body, argument), failing_error)
WRAP(ssize_t, getrandom, (void *data, size_t size, unsigned flags), (data, size, flags), -1)

/* "simulator.test" is the loopback address, so that a name can be resolved without a server. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **found) {
  static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
  if (fails("getaddrinfo", ALL, false)) return failing_error;
  return real(node && !strcmp(node, "simulator.test") ? "127.0.0.1" : node, service, hints, found);
}

/* Files. */
WRAP(int, open, (const char *path, int flags, unsigned mode), (path, flags, mode), -1)
WRAP(int, open64, (const char *path, int flags, unsigned mode), (path, flags, mode), -1)
WRAP(int, openat, (int folder, const char *path, int flags, unsigned mode), (folder, path, flags, mode), -1)
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL)
WRAP_IF(is_file(fd), ssize_t, read, (int fd, void *data, size_t size), (fd, data, size), ALL, -1)
WRAP_IF(is_file(fd), ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), ALL, -1)
WRAP(ssize_t, pread, (int fd, void *data, size_t size, off_t offset), (fd, data, size, offset), -1)
WRAP(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t offset), (fd, data, size, offset), -1)
WRAP(ssize_t, pread64, (int fd, void *data, size_t size, off64_t offset), (fd, data, size, offset), -1)
WRAP(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t offset), (fd, data, size, offset), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, fdatasync, (int fd), (fd), -1)
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), -1)
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size), -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), -1)
WRAP(int, renameat, (int old_folder, const char *from, int folder, const char *to), (old_folder, from, folder, to), -1)
WRAP(int, unlink, (const char *path), (path), -1)
WRAP(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags), -1)
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode), -1)
WRAP(int, stat, (const char *path, struct stat *result), (path, result), -1)
WRAP(int, lstat, (const char *path, struct stat *result), (path, result), -1)
WRAP(int, fstat, (int fd, struct stat *result), (fd, result), -1)
WRAP(int, fstatat, (int folder, const char *path, struct stat *result, int flags), (folder, path, result, flags), -1)
WRAP(int, stat64, (const char *path, struct stat64 *result), (path, result), -1)
WRAP(int, lstat64, (const char *path, struct stat64 *result), (path, result), -1)
WRAP(int, fstat64, (int fd, struct stat64 *result), (fd, result), -1)
WRAP(int, access, (const char *path, int mode), (path, mode), -1)
WRAP(off_t, lseek, (int fd, off_t offset, int whence), (fd, offset, whence), -1)
WRAP(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     (at, size, protection, flags, fd, offset), MAP_FAILED)
WRAP(void *, mmap64, (void *at, size_t size, int protection, int flags, int fd, off64_t offset),
     (at, size, protection, flags, fd, offset), MAP_FAILED)

/* Only taking locks: commands 6 and 7 are for POSIX locks, 37 and 38 for locks of open files; type 2 releases. */
#define IS_LOCK(command) \
  (((command) == 6 || (command) == 7 || (command) == 37 || (command) == 38) && *(const short *)argument != 2)
WRAP_IF(IS_LOCK(command), int, fcntl, (int fd, int command, void *argument), (fd, command, argument), ALL, -1)
WRAP_IF(IS_LOCK(command), int, fcntl64, (int fd, int command, void *argument), (fd, command, argument), ALL, -1)

/* libcurl. Arguments after "..." are passed like others on the machines that Linux runs on. */
WRAP_API(int, curl_global_init, (long flags), (flags), failing_error)
WRAP_API(void *, curl_easy_init, (void), (), NULL)
/* Only options whose text libcurl copies: URL, PROXY, USERAGENT, CUSTOMREQUEST, INTERFACE, CAINFO, CAPATH,
 * ACCEPT_ENCODING, COPYPOSTFIELDS, NOPROXY, PROTOCOLS_STR, REDIR_PROTOCOLS_STR, CAINFO_BLOB. Others cannot fail. */
static bool is_copied(int option) {
  static const int copied[] = {10002, 10004, 10018, 10036, 10062, 10065, 10097,
                               10102, 10165, 10177, 10318, 10319, 40309};
  for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
    if (copied[i] == option) return true;
  return false;
}
WRAP_IF(is_copied(option), int, curl_easy_setopt, (void *handle, int option, void *value), (handle, option, value),
        BIT(AKOOL), failing_error)
WRAP_API(int, curl_easy_getinfo, (void *handle, int info, void *value), (handle, info, value), failing_error)
WRAP_API(void *, curl_multi_init, (void), (), NULL)
WRAP_API(int, curl_multi_setopt, (void *multi, int option, void *value), (multi, option, value), failing_error)
WRAP_API(int, curl_multi_add_handle, (void *multi, void *handle), (multi, handle), failing_error)
WRAP_API(int, curl_multi_perform, (void *multi, int *running), (multi, running), failing_error)
WRAP_API(int, curl_multi_poll, (void *multi, void *fds, unsigned count, int timeout, int *ready),
         (multi, fds, count, timeout, ready), failing_error)
WRAP_API(int, curl_multi_wakeup, (void *multi), (multi), failing_error)
WRAP_API(void *, curl_slist_append, (void *list, const char *text), (list, text), NULL)
WRAP_API(void *, curl_url, (void), (), NULL)
WRAP_API(int, curl_url_set, (void *url, int part, const char *text, unsigned flags), (url, part, text, flags),
         failing_error)
WRAP_API(int, curl_url_get, (void *url, int part, char **text, unsigned flags), (url, part, text, flags), failing_error)

/* jansson, OpenSSL. jansson's error text is the caller's memory, so it is made empty. */
struct jansson_error {
  int line, column, position;
  char source[80], text[160];
};
__attribute__((visibility("default"))) void *json_loadb(const char *text, size_t size, size_t flags,
                                                        struct jansson_error *error) {
  static void *(*real)(const char *, size_t, size_t, struct jansson_error *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "json_loadb");
  if (!fails("json_loadb", BIT(AKOOL), false)) return real(text, size, flags, error);
  if (error) memset(error, 0, sizeof *error);
  return NULL;
}
WRAP_API(void *, EVP_MD_CTX_new, (void), (), NULL)
WRAP_API(int, EVP_Digest,
         (const void *data, size_t count, unsigned char *digest, unsigned *size, const void *kind, void *engine),
         (data, count, digest, size, kind, engine), 0)
WRAP_API(int, EVP_DigestInit_ex, (void *context, const void *kind, void *engine), (context, kind, engine), 0)
WRAP_API(int, EVP_DigestUpdate, (void *context, const void *data, size_t count), (context, data, count), 0)
WRAP_API(int, EVP_DigestFinal_ex, (void *context, unsigned char *digest, unsigned *size), (context, digest, size), 0)

/* SQLite. */
WRAP_API(int, sqlite3_open_v2, (const char *path, void **database, int flags, const char *vfs),
         (path, database, flags, vfs), (*database = NULL, failing_error))
WRAP_API(int, sqlite3_exec, (void *database, const char *text, void *row, void *argument, char **error),
         (database, text, row, argument, error), failing_error)
WRAP_API(int, sqlite3_prepare_v3,
         (void *database, const char *text, int size, unsigned flags, void **statement, const char **tail),
         (database, text, size, flags, statement, tail), (*statement = NULL, failing_error))
WRAP_API(int, sqlite3_bind_text, (void *statement, int index, const char *text, int size, void *destroy),
         (statement, index, text, size, destroy), failing_error)
WRAP_API(int, sqlite3_bind_int64, (void *statement, int index, int64_t value), (statement, index, value), failing_error)
WRAP_API(int, sqlite3_step, (void *statement), (statement), failing_error)

/* Memory of C: libcurl's, jansson's and SQLite's own, and what libakool takes from malloc itself. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

#define WRAP_MEMORY(name, parameters, arguments)                 \
  __attribute__((visibility("default"))) void *name parameters { \
    if (fails(#name, ALL, true)) {                               \
      errno = ENOMEM;                                            \
      return NULL;                                               \
    }                                                            \
    return __libc_##name arguments;                              \
  }
WRAP_MEMORY(malloc, (size_t size), (size))
WRAP_MEMORY(calloc, (size_t count, size_t size), (count, size))
WRAP_MEMORY(realloc, (void *memory, size_t size), (memory, size))

/* ------------------------------------------------------------------ clock */

static bool is_monotonic(clockid_t clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_MONOTONIC_COARSE ||
         clock == CLOCK_BOOTTIME;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  if (result == 0 && clock_offset && is_monotonic(clock)) now->tv_sec -= clock_offset;
  return result;
}

__attribute__((visibility("default"))) int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                                                  const struct timespec *until) {
  static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  if (!real) *(void **)&real = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  struct timespec moved = *until;
  /* A negative time can only come from the clock above; the kernel waits by its own. */
  if (clock_offset && until->tv_sec < 0) moved.tv_sec += clock_offset;
  return real(condition, mutex, &moved);
}

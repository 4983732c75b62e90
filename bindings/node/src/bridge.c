/*
 * Lets libakool and what it needs (libcurl, OpenSSL ...) allocate where the rest of the process does.
 *
 * With RTLD_DEEPBIND they find libc's malloc before one that is preloaded, while libc itself uses the preloaded one:
 * what libc hands out, as strdup does, would be freed by the wrong allocator. This library is loaded in libakool's
 * place and needs it, so that its functions are found before libc's; they call those of the process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* dlsym with RTLD_DEFAULT would find the functions here. */
static void *find(const char *name) {
  void *program = dlopen(NULL, RTLD_LAZY);
  void *found = program ? dlsym(program, name) : NULL;
  if (!found) abort();
  return found;
}

/* The process's function, looked up once; threads that do so at once find the same. */
#define PROCESS(name, type)                                                       \
  static void *known;                                                             \
  void *address = __atomic_load_n(&known, __ATOMIC_RELAXED);                      \
  if (!address) __atomic_store_n(&known, address = find(name), __ATOMIC_RELAXED); \
  __typeof__(type) call;                                                          \
  memcpy(&call, &address, sizeof call)

void *malloc(size_t size) {
  PROCESS("malloc", void *(*)(size_t));
  return call(size);
}

void free(void *memory) {
  PROCESS("free", void (*)(void *));
  call(memory);
}

void *calloc(size_t count, size_t size) {
  PROCESS("calloc", void *(*)(size_t, size_t));
  return call(count, size);
}

void *realloc(void *memory, size_t size) {
  PROCESS("realloc", void *(*)(void *, size_t));
  return call(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  PROCESS("aligned_alloc", void *(*)(size_t, size_t));
  return call(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  PROCESS("posix_memalign", int (*)(void **, size_t, size_t));
  return call(memory, alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  void *memory = NULL;
  int trouble = posix_memalign(&memory, alignment < sizeof(void *) ? sizeof(void *) : alignment, size);
  if (trouble) errno = trouble;
  return trouble ? NULL : memory;
}

size_t malloc_usable_size(void *memory) {
  PROCESS("malloc_usable_size", size_t(*)(void *));
  return call(memory);
}

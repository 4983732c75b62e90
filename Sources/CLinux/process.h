/* Ordered atomics, figures that the whole process shares, and connections that another thread breaks. */
#ifndef AKOOL_CLINUX_PROCESS_H
#define AKOOL_CLINUX_PROCESS_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* Initialised statically: fork never finds a slot half made, as it may find a Swift global. Call it from one function
 * that is not inlined: each object file has separate slots. */
static inline unsigned long *akool_process_slot(int number) {
  static unsigned long slots[4];
  return &slots[number];
}
static inline unsigned long akool_load_ordered(const unsigned long *number) {
  return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}
static inline void akool_store_ordered(unsigned long *number, unsigned long value) {
  __atomic_store_n(number, value, __ATOMIC_SEQ_CST);
}
/* Replaces a number if it has the expected value. Returns the number as it was. */
static inline unsigned long akool_replace(unsigned long *number, unsigned long expected, unsigned long value) {
  __atomic_compare_exchange_n(number, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}

/* Ends a connection while another thread reads it. Unlike shutdown, dissolving the association also discards what has
 * arrived already: reading that could take libcurl seconds. */
static inline void akool_break_connection(int descriptor) {
  struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
  connect(descriptor, &nowhere, sizeof nowhere);
  shutdown(descriptor, SHUT_RDWR);
}

#endif

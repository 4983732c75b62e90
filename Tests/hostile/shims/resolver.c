/* A resolver that misbehaves for names below .example. HOSTILE_DNS is silent, slow:MILLISECONDS, fail:EAI_NUMBER,
 * many:ADDRESSES or wrong. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "hostile.h"

typedef int (*resolve_function)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

/* glibc's freeaddrinfo frees each record in one piece, with its address. */
static struct addrinfo *record(uint32_t address, const char *service) {
  struct addrinfo *made = calloc(1, sizeof *made + sizeof(struct sockaddr_in));
  if (!made) return NULL;
  struct sockaddr_in *socket_address = (struct sockaddr_in *)(made + 1);
  socket_address->sin_family = AF_INET;
  socket_address->sin_addr.s_addr = htonl(address);
  socket_address->sin_port = htons((uint16_t)(service ? atoi(service) : 0));
  made->ai_family = AF_INET;
  made->ai_socktype = SOCK_STREAM;
  made->ai_protocol = IPPROTO_TCP;
  made->ai_addrlen = sizeof *socket_address;
  made->ai_addr = (struct sockaddr *)socket_address;
  return made;
}

static int answer(uint32_t address, long count, const char *service, struct addrinfo **found) {
  struct addrinfo **end = found;
  *found = NULL;
  for (long index = 0; index < count; index++) {
    *end = record(address, service);
    if (!*end) break;
    end = &(*end)->ai_next;
  }
  return *found ? 0 : EAI_MEMORY;
}

static int misbehave(const char *way, const char *service, struct addrinfo **found) {
  if (strncmp(way, "fail", 4) == 0) return (int)hostile_number(way);
  /* Class E, to which Linux refuses to connect. */
  if (strcmp(way, "wrong") == 0) return answer(0xf0000001, 1, service, found);
  if (strncmp(way, "many", 4) == 0) return answer(0x7f000002, hostile_number(way), service, found);
  hostile_sleep_ms(strncmp(way, "slow", 4) == 0 ? hostile_number(way) : 60000);
  return answer(INADDR_LOOPBACK, 1, service, found);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  static resolve_function real;
  if (!real) *(void **)&real = hostile_real(NULL, "getaddrinfo");
  const char *way = getenv("HOSTILE_DNS");
  const char *end = name && strlen(name) > 8 ? name + strlen(name) - 8 : "";
  if (!way || strcmp(end, ".example") != 0) return real(name, service, hints, found);
  uint64_t now = __sync_add_and_fetch(&hostile_meter->resolving, 1);
  if (now > hostile_meter->most_resolving) hostile_meter->most_resolving = now;
  int result = misbehave(way, service, found);
  __sync_sub_and_fetch(&hostile_meter->resolving, 1);
  __sync_add_and_fetch(&hostile_meter->resolved, 1);
  return result;
}

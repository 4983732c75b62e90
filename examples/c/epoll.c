/*
 * An avatar server with one thread: libakool in an epoll loop, beside sockets, a timer and signals.
 *
 *   cc -std=c99 epoll.c common.c $(pkg-config --cflags --libs akool) -o epoll
 *
 *   ./epoll              listens on 127.0.0.1:7777
 *   ./epoll PORT         0 lets the system choose
 *
 * Visitors type lines (nc 127.0.0.1 7777) and get lines back:
 *
 *   credit               the balance of the account
 *   open AVATAR_ID       opens a session: what a browser joins with
 *   close                closes it; so does hanging up
 *
 * Nothing in the loop waits: requests are submitted, and their replies are events that the client's descriptor tells
 * of. The timer prints what goes on, and how long the longest turn of the loop has taken.
 */
#define _GNU_SOURCE

#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define VISITORS 64
#define LINE 512
#define AT_ONCE 16 /* How much of one kind is done in one turn. */

/* A visitor asks one thing at a time. A place is taken while there is a visitor or a request. */
struct visitor {
  int fd;           /* -1: gone */
  uint64_t request; /* what is under way, or 0 */
  char session[64]; /* what was opened for it, or "" */
  char line[LINE];  /* what came and was not obeyed yet: `length` bytes */
  size_t length;
};

struct server {
  akool_client *client;
  int epoll, listener, timer, signals, events;
  struct visitor visitors[VISITORS];
  uint64_t closing; /* the client.close that comes last, or 0 */
  double longest_turn_ms;
  bool is_over;
};

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ------------------------------------------------------------------ requests */

/* Submits a request. Without options its reply comes as an event, which has its number. */
static bool ask(struct server *server, struct visitor *visitor, const char *operation, const char *params) {
  akool_result result = akool_submit(server->client, operation, params, NULL, NULL, NULL, &visitor->request);
  if (result != AKOOL_OK) explain(operation, result, NULL);
  return result == AKOOL_OK;
}

static bool open_session(struct server *server, struct visitor *visitor, const char *avatar) {
  char *name = quoted(avatar); /* What strangers type is no JSON before this. */
  char *params = name ? format("{\"avatar_id\": %s, \"duration\": 600}", name) : NULL;
  bool is_asked = params && ask(server, visitor, AKOOL_OP_SESSION_CREATE, params);
  akool_string_free(name);
  free(params);
  return is_asked;
}

static bool close_session(struct server *server, struct visitor *visitor) {
  char params[128];
  snprintf(params, sizeof params, "{\"id\": \"%s\"}", visitor->session);
  return ask(server, visitor, AKOOL_OP_SESSION_CLOSE, params);
}

/* Has session.ended tell when AKOOL ends it early. Nobody waits for the reply to this. */
static void watch_session(struct server *server, const char *session) {
  char params[128];
  snprintf(params, sizeof params, "{\"ids\": [\"%s\"]}", session);
  akool_result result = akool_submit(server->client, AKOOL_OP_SESSION_WATCH, params, NULL, NULL, NULL, NULL);
  if (result != AKOOL_OK) explain(AKOOL_OP_SESSION_WATCH, result, NULL);
}

/* ------------------------------------------------------------------ visitors */

static bool watch(struct server *server, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
  return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void welcome(struct server *server) {
  int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
  for (int i = 0; fd >= 0 && i < VISITORS; i++) {
    struct visitor *visitor = &server->visitors[i];
    if (visitor->fd >= 0 || visitor->request || !watch(server, fd)) continue;
    memset(visitor, 0, sizeof *visitor);
    visitor->fd = fd;
    return;
  }
  if (fd >= 0) close(fd); /* There is no place. */
}

/* Who goes may leave a session, which costs money. If something is under way, on_reply() closes it. */
static void hang_up(struct server *server, struct visitor *visitor) {
  close(visitor->fd); /* epoll forgets it by itself. */
  visitor->fd = -1;
  visitor->length = 0;
  if (*visitor->session && !visitor->request) close_session(server, visitor);
}

/* Who does not read is hung up on: to wait for him would hold up the others. */
static void answer(struct server *server, struct visitor *visitor, const char *head, const char *text) {
  char *line = visitor->fd >= 0 ? format("%s%s\n", head, text ? text : "") : NULL;
  if (line && send(visitor->fd, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)strlen(line))
    hang_up(server, visitor);
  free(line);
}

static void obey(struct server *server, struct visitor *visitor, const char *line) {
  bool is_asked;
  if (strcmp(line, "credit") == 0) {
    is_asked = ask(server, visitor, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  } else if (strncmp(line, "open ", 5) == 0 && !*visitor->session) {
    is_asked = open_session(server, visitor, line + 5);
  } else if (strcmp(line, "close") == 0 && *visitor->session) {
    is_asked = close_session(server, visitor);
  } else {
    answer(server, visitor, "error: say credit, open AVATAR_ID (once) or close (afterwards)", NULL);
    return;
  }
  if (!is_asked) answer(server, visitor, "error: not now", NULL);
}

/* Obeys the lines that came, each when the one before it is answered. */
static void next_line(struct server *server, struct visitor *visitor) {
  char *end, line[LINE];
  while (visitor->fd >= 0 && !visitor->request && (end = memchr(visitor->line, '\n', visitor->length))) {
    size_t length = (size_t)(end - visitor->line);
    memcpy(line, visitor->line, length);
    line[length > 0 && line[length - 1] == '\r' ? length - 1 : length] = '\0';
    visitor->length -= length + 1;
    memmove(visitor->line, end + 1, visitor->length);
    obey(server, visitor, line);
  }
}

/* When talk without an end has filled the buffer there is no room, and recv returns 0 as for one who is gone. */
static void hear(struct server *server, struct visitor *visitor) {
  ssize_t count = recv(visitor->fd, visitor->line + visitor->length, LINE - visitor->length, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (count <= 0) {
    hang_up(server, visitor);
  } else {
    visitor->length += (size_t)count;
    next_line(server, visitor);
  }
}

/* -------------------------------------------------------------------- events */

static void tell_reply(struct server *server, struct visitor *visitor, const char *reply) {
  char *operation = text_at(reply, "/meta/operation"), *code = text_at(reply, "/error/code");
  char *message = text_at(reply, "/error/message"), *credit = text_at(reply, "/data/credit");
  char *session = text_at(reply, "/data/_id"), *join = text_at(reply, "/data/join");
  bool is_close = operation && strcmp(operation, AKOOL_OP_SESSION_CLOSE) == 0;
  if (join && session) {
    snprintf(visitor->session, sizeof visitor->session, "%s", session);
    watch_session(server, session);
  }
  if (is_close) *visitor->session = '\0'; /* Also when it failed: the library goes on until the session is over. */
  if (code)
    answer(server, visitor, "error: ", message ? message : code);
  else if (is_close)
    answer(server, visitor, "closed", NULL);
  else
    answer(server, visitor, join ? "join: " : "credit: ", join ? join : credit);
  char *const all[] = {operation, code, message, credit, session, join};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) akool_string_free(all[i]);
}

static void on_reply(struct server *server, const char *event) {
  char *number = text_at(event, "/request_id"), *reply = text_at(event, "/reply");
  uint64_t request = number ? strtoull(number, NULL, 10) : 0;
  if (request && request == server->closing) server->is_over = true;
  for (int i = 0; request && i < VISITORS; i++) {
    struct visitor *visitor = &server->visitors[i];
    if (visitor->request != request) continue;
    visitor->request = 0;
    tell_reply(server, visitor, reply);
    if (visitor->fd >= 0)
      next_line(server, visitor);
    else if (*visitor->session && !visitor->request)
      close_session(server, visitor);
  }
  akool_string_free(number);
  akool_string_free(reply);
}

/* A session that ended without being closed here: its time was over, or somebody else ended it. */
static void on_session_ended(struct server *server, const char *event) {
  char *id = text_at(event, "/id"), *reason = text_at(event, "/reason");
  for (int i = 0; id && reason && strcmp(reason, "closed") != 0 && i < VISITORS; i++) {
    struct visitor *visitor = &server->visitors[i];
    if (strcmp(visitor->session, id) != 0) continue;
    *visitor->session = '\0';
    answer(server, visitor, "ended: ", reason);
  }
  akool_string_free(id);
  akool_string_free(reason);
}

/* What is not taken in this turn keeps the descriptor readable. */
static void take_events(struct server *server) {
  char *event;
  for (int i = 0; i < AT_ONCE && akool_client_next_event(server->client, 0, &event) == AKOOL_OK && event; i++) {
    if (text_is(event, "/type", AKOOL_EVENT_REPLY)) on_reply(server, event);
    if (text_is(event, "/type", AKOOL_EVENT_SESSION_ENDED)) on_session_ended(server, event);
    akool_string_free(event);
  }
}

/* ---------------------------------------------------------- timer and signals */

static void on_timer(struct server *server) {
  uint64_t expirations;
  int visitors = 0, requests = 0, sessions = 0;
  if (read(server->timer, &expirations, sizeof expirations) < 0) return;
  for (int i = 0; i < VISITORS; i++) {
    visitors += server->visitors[i].fd >= 0;
    requests += server->visitors[i].request != 0;
    sessions += *server->visitors[i].session != '\0';
  }
  printf("visitors: %d, under way: %d, sessions: %d, longest turn: %.1f ms\n", visitors, requests, sessions,
         server->longest_turn_ms);
}

/*
 * The end does not wait either: client.close closes every session, and its reply ends the loop. A second Ctrl-C ends it
 * at once, and leaves the sessions to akool_client_destroy.
 */
static void on_signal(struct server *server) {
  struct signalfd_siginfo signal;
  if (read(server->signals, &signal, sizeof signal) != sizeof signal) return;
  puts("closing the sessions");
  akool_result result = AKOOL_ERR_CANCELLED;
  if (!server->closing)
    result = akool_submit(server->client, AKOOL_OP_CLIENT_CLOSE, NULL, NULL, NULL, NULL, &server->closing);
  server->is_over = result != AKOOL_OK;
}

/* ------------------------------------------------------------------ the loop */

static void dispatch(struct server *server, int fd) {
  if (fd == server->events)
    take_events(server);
  else if (fd == server->listener)
    welcome(server);
  else if (fd == server->timer)
    on_timer(server);
  else if (fd == server->signals)
    on_signal(server);
  else
    for (int i = 0; i < VISITORS; i++)
      if (server->visitors[i].fd == fd) hear(server, &server->visitors[i]);
}

static bool serve(struct server *server) {
  struct epoll_event ready[AT_ONCE];
  while (!server->is_over) {
    int count = epoll_wait(server->epoll, ready, AT_ONCE, -1);
    if (count < 0 && errno != EINTR) return false;
    double begun = now_ms();
    for (int i = 0; i < count; i++) dispatch(server, ready[i].data.fd);
    double turn = now_ms() - begun;
    if (turn > server->longest_turn_ms) server->longest_turn_ms = turn;
  }
  return true;
}

static int listen_on(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  socklen_t size = sizeof address;
  int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, VISITORS) == 0 &&
      getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    return fd;
  }
  close(fd);
  return -1;
}

/* The signals are blocked first of all, so that they come to the descriptor alone. */
static bool prepare(struct server *server, uint16_t port) {
  const struct itimerspec every_second = {{1, 0}, {1, 0}};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0) return false;
  server->client = connect_to_akool("\"ledger\": {\"file\": \"epoll.ledger\"}, \"limits\": {\"open_sessions\": 3}");
  if (!server->client) return false;
  server->events = akool_client_event_fd(server->client);
  server->epoll = epoll_create1(EPOLL_CLOEXEC);
  server->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  server->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  server->listener = listen_on(port);
  return server->events >= 0 && server->epoll >= 0 && server->signals >= 0 && server->timer >= 0 &&
         server->listener >= 0 && timerfd_settime(server->timer, 0, &every_second, NULL) == 0 &&
         watch(server, server->events) && watch(server, server->signals) && watch(server, server->timer) &&
         watch(server, server->listener);
}

/* The client's descriptor is closed by akool_client_destroy, and must be out of the loop before. */
static void end(struct server *server) {
  const int own[] = {server->epoll, server->listener, server->timer, server->signals};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (own[i] >= 0) close(own[i]);
  for (int i = 0; i < VISITORS; i++)
    if (server->visitors[i].fd >= 0) close(server->visitors[i].fd);
  akool_client_destroy(server->client);
}

static bool is_port(const char *text, uint16_t *port) {
  char *end;
  unsigned long number = strtoul(text, &end, 10);
  *port = (uint16_t)number;
  return *text >= '0' && *text <= '9' && !*end && number <= 65535;
}

int main(int argc, char **argv) {
  static struct server server = {.epoll = -1, .listener = -1, .timer = -1, .signals = -1, .events = -1};
  uint16_t port;
  if (argc > 2 || !is_port(argc > 1 ? argv[1] : "7777", &port)) {
    fprintf(stderr, "usage: %s [PORT]\n", argv[0]);
    return 2;
  }
  for (int i = 0; i < VISITORS; i++) server.visitors[i].fd = -1;
  bool is_done = prepare(&server, port) && serve(&server);
  if (!is_done && server.client) perror(argv[0]);
  end(&server);
  puts("closed");
  return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

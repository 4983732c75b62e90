/*
 * A kiosk that shows an avatar all day, and survives being killed.
 *
 *   cc -std=c99 kiosk.c common.c $(pkg-config --cflags --libs akool) -o kiosk
 *
 *   ./kiosk                     the ledger is kiosk.ledger, sessions are paid for 600 seconds at a time
 *   ./kiosk LEDGER
 *   ./kiosk LEDGER SECONDS
 *
 * Every session is written down in the ledger file before it is opened. When the machine loses power or the program is
 * killed, the next start closes what is still open and gets the rest of its credit back. Stop it with Ctrl-C. When it
 * has no session any more it ends, for the service manager to start it again.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the last run left is closed by close_leftovers(), which waits for it. A mistake can cost no more than limits. */
static char *settings(const char *ledger) {
  char *file = quoted(ledger);
  char *members = file ? format(
                             "\"ledger\": {\"file\": %s, \"sweep_on_start\": false}, "
                             "\"limits\": {\"open_sessions\": 2, \"seconds_per_hour\": 3600}",
                             file)
                       : NULL;
  akool_string_free(file);
  return members;
}

static bool close_leftovers(akool_client *client) {
  char *reply = call(client, AKOOL_OP_SESSION_SWEEP, NULL), *swept = text_at(reply, "/data/swept");
  bool is_done = swept != NULL;
  if (is_done) printf("closed after the last run: %s\n", swept);
  akool_string_free(reply);
  akool_string_free(swept);
  return is_done;
}

static bool ask(akool_client *client, const char *operation, char *params) {
  char *reply = params ? call(client, operation, params) : NULL;
  bool is_done = reply != NULL;
  akool_string_free(reply);
  free(params);
  return is_done;
}

/*
 * Before the paid time ends another session is opened, and session.handover_ready brings its room. Should AKOOL end
 * this one earlier, that is noticed because it is watched.
 */
static bool look_after(akool_client *client, const char *session) {
  return ask(client, AKOOL_OP_SESSION_WATCH, format("{\"ids\": [\"%s\"]}", session)) &&
         ask(client, AKOOL_OP_SESSION_HANDOVER, format("{\"id\": \"%s\"}", session));
}

static char *open_session(akool_client *client, unsigned seconds) {
  char *avatar = free_avatar(client), *name = avatar ? quoted(avatar) : NULL;
  char *params = name ? format("{\"avatar_id\": %s, \"duration\": %u}", name, seconds) : NULL;
  char *reply = params ? call(client, AKOOL_OP_SESSION_CREATE, params) : NULL;
  char *session = text_at(reply, "/data/_id");
  akool_string_free(avatar);
  akool_string_free(name);
  akool_string_free(reply);
  free(params);
  return session;
}

/* The screen joins the next room, for which the event has the `join`; from then on its session is the one to show. */
static bool move(akool_client *client, const char *event, char **session) {
  char *next = text_at(event, "/id"), *room = text_at(event, "/join/room");
  if (!next || !look_after(client, next)) {
    akool_string_free(next);
    akool_string_free(room);
    return false;
  }
  printf("the screen moves to room %s of session %s\n", room ? room : "?", next);
  akool_string_free(room);
  akool_string_free(*session);
  *session = next;
  return true;
}

/*
 * Whether there still is something to show after this. A session is only closed for another to follow: before that is
 * open, where the avatar serves one at a time, else afterwards.
 */
static bool handle(akool_client *client, const char *event, char **session) {
  char *type = text_at(event, "/type"), *id = text_at(event, "/id"), *reason = text_at(event, "/reason");
  bool goes_on = true;
  if (!type || !id) {
    /* Not about a session. */
  } else if (strcmp(type, AKOOL_EVENT_SESSION_HANDOVER_READY) == 0) {
    goes_on = move(client, event, session);
  } else if (strcmp(type, AKOOL_EVENT_SESSION_HANDOVER_FAILED) == 0) {
    fprintf(stderr, "no session to follow: %s\n", event);
    goes_on = false;
  } else if (strcmp(type, AKOOL_EVENT_SESSION_ENDED) == 0) {
    printf("ended: %s (%s)\n", id, reason ? reason : "?");
    goes_on = strcmp(id, *session) != 0 || (reason && strcmp(reason, "closed") == 0);
  }
  akool_string_free(type);
  akool_string_free(id);
  akool_string_free(reason);
  return goes_on;
}

/* Waits for events in slices, so that Ctrl-C is noticed. */
static bool show_all_day(akool_client *client, char **session) {
  bool goes_on = true;
  while (goes_on && !interrupted) {
    char *event = NULL;
    akool_result result = akool_client_next_event(client, 100, &event);
    if (result != AKOOL_OK) explain("akool_client_next_event", result, NULL);
    goes_on = result == AKOOL_OK && (!event || handle(client, event, session));
    akool_string_free(event);
  }
  return goes_on;
}

static bool run(akool_client *client, unsigned seconds) {
  char *session = close_leftovers(client) ? open_session(client, seconds) : NULL;
  bool is_well = session && look_after(client, session);
  if (is_well) printf("open: %s\n", session);
  is_well = is_well && show_all_day(client, &session);
  akool_string_free(session);
  return is_well;
}

/* Destroying the client would close its sessions as well; this tells how many. */
static void close_sessions(akool_client *client) {
  char *reply = NULL, *closed = NULL;
  akool_result result = akool_call(client, AKOOL_OP_CLIENT_CLOSE, NULL, NULL, &reply);
  if (result == AKOOL_OK)
    closed = text_at(reply, "/data/closed");
  else
    explain(AKOOL_OP_CLIENT_CLOSE, result, reply);
  if (closed) printf("closed: %s\n", closed);
  akool_string_free(closed);
  akool_string_free(reply);
}

int main(int argc, char **argv) {
  char *end = "";
  unsigned long seconds = argc > 2 ? strtoul(argv[2], &end, 10) : 600;
  if (argc > 3 || *end || seconds < 1 || seconds > 3600) {
    fprintf(stderr, "usage: %s [LEDGER [SECONDS]]\n", argv[0]);
    return 2;
  }
  listen_for_interrupts();
  char *configuration = settings(argc > 1 ? argv[1] : "kiosk.ledger");
  akool_client *client = configuration ? connect_to_akool(configuration) : NULL;
  free(configuration);
  bool is_well = client && run(client, (unsigned)seconds);
  if (client) close_sessions(client);
  akool_client_destroy(client);
  return is_well || interrupted ? EXIT_SUCCESS : EXIT_FAILURE;
}

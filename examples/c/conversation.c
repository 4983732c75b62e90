/*
 * A conversation: message.encode makes the frames to send in the room, message.decode reads those that come.
 *
 *   cc -std=c99 conversation.c common.c $(pkg-config --cflags --libs akool) -o conversation
 *
 *   ./conversation                               says something that takes several frames
 *   ./conversation "What shall the avatar say?"
 *
 * The frames travel through your RTC SDK (Agora, LiveKit, TRTC). Here the simulated avatar stands in for the room.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRANSPORT "agora"
#define SENTENCE "Hello! This text is long enough for several frames. "
#define FIVE(text) text text text text text
#define LONG_TEXT FIVE(FIVE(SENTENCE))

/* Text comes in pieces, each to be appended to those before. Of everything else there is one item. */
static void show(const char *item) {
  static bool is_in_a_sentence;
  char *kind = text_at(item, "/kind"), *from = text_at(item, "/from"), *text = text_at(item, "/text");
  char *command = text_at(item, "/cmd"), *words = text_at(item, "/msg"), *event = text_at(item, "/event");
  if (kind && from && text && strcmp(kind, "chat") == 0) {
    printf("%s%s%s", is_in_a_sentence ? "" : from, is_in_a_sentence ? "" : ": ", text);
    is_in_a_sentence = !text_is(item, "/complete", "true");
    if (!is_in_a_sentence) putchar('\n');
  } else if (kind && command && words && strcmp(kind, "ack") == 0) {
    printf("%s: %s\n", command, text_is(item, "/ok", "true") ? "acknowledged" : words);
  } else if (kind && event && strcmp(kind, "event") == 0) {
    printf("event: %s\n", event);
  } else {
    printf("%s\n", item);
  }
  char *const all[] = {kind, from, text, command, words, event};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) akool_string_free(all[i]);
}

/* Reads a frame that came. The stream is the conversation: what belongs together is remembered under its name. */
static bool hear(akool_client *client, const char *session, const char *frame) {
  char *payload = quoted(frame), *item;
  char *params = payload ? format("{\"stream\": \"%s\", \"payload\": %s}", session, payload) : NULL;
  char *reply = params ? call(client, AKOOL_OP_MESSAGE_DECODE, params) : NULL;
  for (int i = 0; reply && (item = text_at(reply, "/data/items/%d", i)); i++) {
    show(item);
    akool_string_free(item);
  }
  bool is_done = reply != NULL;
  akool_string_free(reply);
  akool_string_free(payload);
  free(params);
  return is_done;
}

/* Where your RTC SDK sends a frame (Agora: sendStreamMessage), and at some time calls you with those that come. */
static bool send_to_room(akool_client *client, const char *session, const char *frame) {
  char *payload = quoted(frame), *answer;
  char *params = payload ? format(
                               "{\"method\": \"POST\", \"path\": \"/_simulator/room\", "
                               "\"body\": {\"id\": \"%s\", \"frames\": [%s]}}",
                               session, payload)
                         : NULL;
  char *reply = params ? call(client, AKOOL_OP_REQUEST, params) : NULL;
  bool is_done = reply != NULL;
  for (int i = 0; is_done && (answer = text_at(reply, "/data/frames/%d", i)); i++) {
    is_done = hear(client, session, answer);
    akool_string_free(answer);
  }
  akool_string_free(reply);
  akool_string_free(payload);
  free(params);
  return is_done;
}

/* Sends a message: `members` of message.encode, as "\"type\": \"interrupt\"". Each frame goes when it is due. */
static bool say(akool_client *client, const char *session, const char *members) {
  char *frame, *params = format("{\"transport\": \"" TRANSPORT "\", \"stream\": \"%s\", %s}", session, members);
  char *reply = params ? call(client, AKOOL_OP_MESSAGE_ENCODE, params) : NULL;
  bool is_done = reply != NULL;
  long now = 0;
  int count = 0;
  for (; is_done && (frame = text_at(reply, "/data/chunks/%d/payload", count)); count++) {
    char *due = text_at(reply, "/data/chunks/%d/send_after_ms", count);
    long wait = due ? strtol(due, NULL, 10) - now : 0;
    now += wait;
    is_done = pause_ms(wait) && send_to_room(client, session, frame);
    akool_string_free(due);
    akool_string_free(frame);
  }
  if (is_done) printf("(sent in %d frame%s)\n", count, count == 1 ? "" : "s");
  akool_string_free(reply);
  free(params);
  return is_done;
}

static char *open_session(akool_client *client) {
  char *avatar = free_avatar(client), *name = avatar ? quoted(avatar) : NULL;
  char *params = name ? format("{\"avatar_id\": %s, \"duration\": 60, \"stream_type\": \"" TRANSPORT
                               "\", "
                               "\"mode_type\": 1}",
                               name)
                      : NULL;
  char *reply = params ? call(client, AKOOL_OP_SESSION_CREATE, params) : NULL;
  char *session = text_at(reply, "/data/_id");
  akool_string_free(avatar);
  akool_string_free(name);
  akool_string_free(reply);
  free(params);
  return session;
}

static bool converse(akool_client *client, const char *text) {
  char *session = open_session(client), *words = session ? quoted(text) : NULL;
  char *chat = words ? format("\"type\": \"chat\", \"text\": %s", words) : NULL;
  bool is_done = chat && say(client, session, "\"type\": \"set-params\", \"data\": {\"mode\": 1, \"lang\": \"en\"}") &&
                 say(client, session, chat) && say(client, session, "\"type\": \"interrupt\"");
  akool_string_free(session);
  akool_string_free(words);
  free(chat);
  return is_done;
}

int main(int argc, char **argv) {
  if (argc > 2) {
    fprintf(stderr, "usage: %s [TEXT]\n", argv[0]);
    return 2;
  }
  if (!is_simulated()) {
    fprintf(stderr, "This example needs the simulated room: run it without AKOOL_API_KEY.\n");
    return 2;
  }
  listen_for_interrupts();
  akool_client *client = connect_to_akool(NULL);
  bool is_done = client && converse(client, argc > 1 ? argv[1] : LONG_TEXT);
  akool_client_destroy(client); /* Closes the session. */
  return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

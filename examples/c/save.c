/*
 * Has a text spoken and saves the recording before it is gone: AKOOL keeps generated files for seven days.
 *
 *   cc -std=c99 save.c common.c $(pkg-config --cflags --libs akool) -o save
 *
 *   ./save FOLDER                      the folder must exist
 *   ./save FOLDER "Some other text"
 *
 * A save that breaks off goes on where it was when it is asked for again.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

/* Has AKOOL speak a text, and returns the id of the recording, which is not there yet. */
static char *record(akool_client *client, const char *text) {
  char *voices = call(client, AKOOL_OP_VOICE_LIST, "{\"type\": \"2\", \"support_stream\": 1}");
  char *found = text_at(voices, "/data/result/0/voice_id"), *voice = found ? quoted(found) : NULL;
  char *words = voice ? quoted(text) : NULL;
  char *params = words ? format("{\"input_text\": %s, \"voice_id\": %s}", words, voice) : NULL;
  if (voices && !found) fprintf(stderr, "AKOOL has no voice that can stream.\n");
  char *reply = params ? call(client, AKOOL_OP_VOICE_TTS, params) : NULL;
  char *id = text_at(reply, "/data/_id");
  akool_string_free(voices);
  akool_string_free(found);
  akool_string_free(voice);
  akool_string_free(words);
  akool_string_free(reply);
  free(params);
  return id;
}

/* Where the recording is, once it is ready. */
static char *wait_until_ready(akool_client *client, const char *id) {
  char *params = format("{\"_id\": \"%s\"}", id), *url = NULL;
  bool goes_on = params != NULL;
  while (goes_on) {
    char *recording = call(client, AKOOL_OP_VOICE_RESOURCE_DETAIL, params);
    if (text_is(recording, "/data/state", "ready")) url = text_at(recording, "/data/preview");
    if (text_is(recording, "/data/state", "failed")) fprintf(stderr, "AKOOL could not make the recording.\n");
    goes_on = text_is(recording, "/data/state", "queueing") || text_is(recording, "/data/state", "processing");
    akool_string_free(recording);
    goes_on = goes_on && pause_ms(500);
  }
  free(params);
  return url;
}

/* Progress comes as events, of which only the latest tells something new. */
static void show_progress(akool_client *client) {
  char *event = NULL;
  while (akool_client_next_event(client, 0, &event) == AKOOL_OK && event) {
    char *bytes = text_at(event, "/bytes"), *total = text_at(event, "/total");
    if (text_is(event, "/type", AKOOL_EVENT_RESOURCE_DOWNLOADING))
      printf("  %s of %s bytes\n", bytes ? bytes : "?", total ? total : "?");
    akool_string_free(bytes);
    akool_string_free(total);
    akool_string_free(event);
  }
}

static bool save(akool_client *client, const char *url, const char *folder) {
  char *address = quoted(url), *directory = quoted(folder);
  char *params = NULL;
  if (address && directory)
    params = format("{\"url\": %s, \"directory\": %s, \"overwrite\": true}", address, directory);
  uint64_t request = params ? submit(client, AKOOL_OP_RESOURCE_SAVE, params, NULL) : 0;
  char *reply = finish(client, request, AKOOL_OP_RESOURCE_SAVE, show_progress);
  char *path = text_at(reply, "/data/path"), *bytes = text_at(reply, "/data/bytes");
  char *sha256 = text_at(reply, "/data/sha256");
  if (path && bytes && sha256) printf("saved: %s, %s bytes, SHA-256 %s\n", path, bytes, sha256);
  bool is_saved = reply != NULL;
  char *const all[] = {address, directory, reply, path, bytes, sha256};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) akool_string_free(all[i]);
  free(params);
  return is_saved;
}

static bool run(akool_client *client, const char *folder, const char *text) {
  char *id = record(client, text), *url = id ? wait_until_ready(client, id) : NULL;
  if (url) printf("ready: %s\n", url);
  bool is_saved = url && save(client, url, folder);
  akool_string_free(id);
  akool_string_free(url);
  return is_saved;
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: %s FOLDER [TEXT]\n", argv[0]);
    return 2;
  }
  listen_for_interrupts();
  akool_client *client = connect_to_akool(is_simulated() ? "\"simulator\": {\"time_scale\": 20}" : NULL);
  bool is_saved = client && run(client, argv[1], argc > 2 ? argv[2] : "Hello from C!");
  akool_client_destroy(client);
  return is_saved ? EXIT_SUCCESS : EXIT_FAILURE;
}

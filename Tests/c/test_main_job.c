/*
 * The main job from end to end: an avatar from a video, a session for each kind of room, the refund.
 *
 * In process, or over HTTP when AKOOL_SIMULATOR_URL (and for TLS AKOOL_SIMULATOR_CA) says where an
 * akool-simulator listens that nobody else uses meanwhile. Simulated time is made to run a hundred times
 * faster while avatars are processed.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define POLLING "\"polling\":{\"initial_ms\":20,\"maximum_ms\":50}"
#define UPLOAD_SECONDS 35
#define DURATION 600
#define USED 100

static akool_client *client;

static char *configuration(void) {
  const char *url = getenv("AKOOL_SIMULATOR_URL"), *ca_file = getenv("AKOOL_SIMULATOR_CA");
  if (!url) return format("{" SIMULATOR "," POLLING "}");
  if (!ca_file) return format("{\"environment\":false,\"api_key\":\"simulator\",\"base_url\":\"%s\"," POLLING "}", url);
  return format("{\"environment\":false,\"api_key\":\"simulator\",\"base_url\":\"%s\",\"ca_file\":\"%s\"," POLLING "}",
                url, ca_file);
}

static void administer(const char *method, const char *path, const char *body) {
  char *parameters = format("{\"method\":\"%s\",\"path\":\"/_simulator/%s\",\"body\":%s}", method, path, body);
  call_and_forget(client, AKOOL_OP_REQUEST, parameters);
  free(parameters);
}

static int make_client(void **state) {
  (void)state;
  char *text = configuration();
  client = client_with(text);
  free(text);
  administer("POST", "reset", "{}");
  return 0;
}

static int drop_client(void **state) {
  (void)state;
  administer("POST", "reset", "{}");
  return akool_client_destroy(client) == AKOOL_OK ? 0 : -1;
}

static double credit(void) {
  char *reply = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  double value = number_at(reply, "/data/credit");
  akool_string_free(reply);
  return value;
}

/* ---------------------------------------------------------------- the avatar */

static void assert_states(struct notes *notes) {
  const char *const expected[] = {"queueing", "processing", "ready"};
  size_t next = 0, count = note_count(notes);
  for (size_t i = 0; i < count; i++) {
    const char *event = note_at(notes, i);
    assert_at(event, "/type", "avatar.state_changed");
    while (next < COUNT(expected) && !is_at(event, "/state", expected[next])) next++;
    assert_true(next < COUNT(expected));
    next++;
  }
  assert_true(count > 0);
  assert_at(note_at(notes, count - 1), "/state", "ready");
}

/* The reply of avatar.wait may be there before its last event has been delivered. */
static void wait_for_ready(struct notes *notes) {
  const char *event = NULL;
  for (size_t i = 0; (event = note_at(notes, i)) && !is_at(event, "/state", "ready"); i++) continue;
}

static char *make_avatar(const char *avatar_id) {
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  administer("POST", "clock", "{\"scale\":100}");
  int64_t start = now_ms();
  char *avatar = ready_avatar(client, avatar_id);
  assert_true(now_ms() - start < patience(UPLOAD_SECONDS * 10 + 3000));
  administer("POST", "clock", "{\"scale\":1}");
  wait_for_ready(notes);
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  assert_states(notes);
  free_notes(notes);
  assert_string_equal(avatar_id, avatar);
  return avatar;
}

/* --------------------------------------------------------------- the session */

struct room {
  const char *stream_type, *credentials;
  const char *required[4]; /* members of join */
};

static const struct room rooms[] = {
    {"agora", NULL, {"/data/join/app_id", "/data/join/room", "/data/join/token", "/data/join/user_id"}},
    {"livekit", NULL, {"/data/join/url", "/data/join/room", "/data/join/token", "/data/join/join_before"}},
    {"trtc", NULL, {"/data/join/app_id", "/data/join/room", "/data/join/token", "/data/join/user_id"}},
};

static const struct room own_rooms[] = {
    {"agora", "{\"agora_app_id\":\"a1\",\"agora_uid\":7,\"agora_channel\":\"c1\",\"agora_token\":\"t1\"}", {NULL}},
    {"livekit",
     "{\"livekit_url\":\"wss://room.example.com\",\"livekit_token\":\"t2\",\"livekit_room_name\":\"r2\","
     "\"livekit_client_identity\":\"me\",\"livekit_server_identity\":\"avatar\"}",
     {NULL}},
    {"trtc",
     "{\"trtc_sdk_app_id\":1400000000,\"trtc_sdk_room_id\":\"r3\",\"trtc_sdk_user_id\":\"u3\","
     "\"trtc_sdk_user_sig\":\"s3\"}",
     {NULL}},
};

static char *open_session(const char *avatar, const struct room *room) {
  char *parameters =
      format("{\"avatar_id\":\"%s\",\"duration\":%d,\"stream_type\":\"%s\"%s%s}", avatar, DURATION, room->stream_type,
             room->credentials ? ",\"credentials\":" : "", room->credentials ? room->credentials : "");
  char *reply = call(client, AKOOL_OP_SESSION_CREATE, parameters);
  free(parameters);
  return reply;
}

static void assert_session(const char *session, const struct room *room) {
  assert_true(has(session, "/data/_id"));
  assert_true(has(session, "/data/expires_at"));
  assert_at(session, "/data/stream_type", room->stream_type);
  assert_true(is_at(session, "/data/state", "queueing") || is_at(session, "/data/state", "processing"));
  if (room->credentials) return;
  assert_at(session, "/data/join/transport", room->stream_type);
  assert_true(has(session, "/data/join/expires_at"));
  for (size_t i = 0; i < COUNT(room->required); i++) assert_true(has(session, room->required[i]));
}

static void assert_listed(const char *id) {
  char *list = call(client, AKOOL_OP_SESSION_LIST, "{\"page\":1,\"size\":10}");
  bool found = false;
  for (int i = 0; i < 10 && !found; i++) {
    char *pointer = format("/data/result/%d/_id", i);
    found = is_at(list, pointer, id);
    free(pointer);
  }
  akool_string_free(list);
  assert_true(found);
}

static void close_session(const char *id) {
  char *parameters = format("{\"id\":\"%s\"}", id);
  call_and_forget(client, AKOOL_OP_SESSION_CLOSE, parameters);
  char *detail = call(client, AKOOL_OP_SESSION_DETAIL, parameters);
  assert_at(detail, "/data/state", "ended");
  akool_string_free(detail);
  call_and_forget(client, AKOOL_OP_SESSION_CLOSE, parameters);
  free(parameters);
}

static bool nearly(double left, double right) { return left - right < 1e-6 && right - left < 1e-6; }

/* The books of the simulator: the whole duration was charged, all that was not used came back. */
static void assert_refunded(double before, double during, double after) {
  char *books = call(client, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/books\"}");
  double charged = number_at(books, "/data/charged"), refunded = number_at(books, "/data/refunded");
  assert_at(books, "/data/open_sessions", "0");
  akool_string_free(books);
  assert_true(charged > 0);
  assert_true(nearly(before - during, charged));
  assert_true(nearly(after - during, refunded));
  double unused = refunded / charged * DURATION;
  assert_true(unused <= DURATION - USED + 1e-6);
  assert_true(unused >= DURATION - USED - 5);
}

static void do_the_job(const char *avatar_id, const struct room *room) {
  char *avatar = make_avatar(avatar_id);
  double before = credit();
  char *session = open_session(avatar, room);
  char *id = text_at(session, "/data/_id");
  assert_session(session, room);
  double during = credit();
  assert_listed(id);
  advance_clock(client, USED);
  close_session(id);
  assert_refunded(before, during, credit());
  akool_string_free(avatar);
  akool_string_free(session);
  akool_string_free(id);
}

TEST(agora) { do_the_job("mainJobAgora", &rooms[0]); }
TEST(livekit) { do_the_job("mainJobLivekit", &rooms[1]); }
TEST(trtc) { do_the_job("mainJobTrtc", &rooms[2]); }
TEST(agora_with_own_credentials) { do_the_job("mainJobOwnAgora", &own_rooms[0]); }
TEST(livekit_with_own_credentials) { do_the_job("mainJobOwnLivekit", &own_rooms[1]); }
TEST(trtc_with_own_credentials) { do_the_job("mainJobOwnTrtc", &own_rooms[2]); }

TEST(an_avatar_that_is_not_ready_is_refused_and_nothing_is_charged) {
  double before = credit();
  call_and_forget(client, AKOOL_OP_AVATAR_CREATE,
                  "{\"avatar_id\":\"tooEarly\",\"url\":\"https://example.com/me.mp4\"}");
  char *reply = NULL;
  assert_true(akool_call(client, AKOOL_OP_SESSION_CREATE, "{\"avatar_id\":\"tooEarly\"}", NULL, &reply) != AKOOL_OK);
  assert_true(has(reply, "/error/akool_code"));
  akool_string_free(reply);
  assert_true(nearly(before, credit()));
}

TEST(an_occupied_avatar_is_busy_and_free_after_the_close) {
  char *avatar = make_avatar("occupied");
  char *session = open_session(avatar, &rooms[0]), *id = text_at(session, "/data/_id");
  char *again = format("{\"avatar_id\":\"%s\",\"duration\":60}", avatar);
  assert_call_fails(client, AKOOL_OP_SESSION_CREATE, again, NULL, AKOOL_ERR_AVATAR_BUSY, NULL);
  close_session(id);
  call_and_forget(client, AKOOL_OP_SESSION_CREATE, again);
  akool_string_free(avatar);
  akool_string_free(session);
  akool_string_free(id);
  free(again);
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(agora),
      WITH_CLIENT(livekit),
      WITH_CLIENT(trtc),
      WITH_CLIENT(agora_with_own_credentials),
      WITH_CLIENT(livekit_with_own_credentials),
      WITH_CLIENT(trtc_with_own_credentials),
      WITH_CLIENT(an_avatar_that_is_not_ready_is_refused_and_nothing_is_charged),
      WITH_CLIENT(an_occupied_avatar_is_busy_and_free_after_the_close),
  };
  return RUN(tests);
}

/* message.encode and message.decode, with and without a stream. */
#include <stdlib.h>

#include "complexity.h"

/* Counts one frame of chat or of anything else. */
static void decode(const char *start, const char *unit, size_t count, const char *tail) {
  struct text frame = {0}, parameters = {0};
  add(&frame, start);
  repeat(&frame, unit, count);
  add(&frame, tail);
  add(&parameters, "{\"payload_base64\":\"");
  append_base64(&parameters, (const uint8_t *)frame.bytes, frame.length);
  add(&parameters, "\"}");
  counted_offline_call(AKOOL_OP_MESSAGE_DECODE, parameters.bytes, AKOOL_OK);
  free(frame.bytes);
  free(parameters.bytes);
}

#define CHAT                                                                  \
  "{\"v\":2,\"type\":\"chat\",\"mid\":\"m\",\"idx\":0,\"fin\":true,\"pld\":{" \
  "\"text\":\""
#define EVENT "{\"v\":2,\"type\":\"event\",\"mid\":\"m\",\"pld\":{\"event\":\"x\""

static void frame_text(size_t size) { decode(CHAT, "abcdefgh", size / 8, "\"}}"); }
static void frame_unicode(size_t size) { decode(CHAT, "e\xCC\x81\xF0\x9F\x98\x80", size / 7, "\"}}"); }
static void frame_surrogates(size_t size) { decode(CHAT, "\\ud83d\\ude00", size / 12, "\"}}"); }
static void frame_halves(size_t size) { decode(CHAT, "\\ud83d", size / 6, "\"}}"); }
static void frame_backslashes(size_t size) { decode(CHAT, "\\\\", size / 2, "\\ud83d\"}}"); }
static void frame_not_json(size_t size) { decode("{", "\"abc\":", size / 6, ""); }
static void frame_event(size_t size) { decode(EVENT ",\"a\":[0", ",1.5", size / 4, "]}}"); }
static void frame_too_large(size_t size) { decode("", "abcdefgh", (65536 + size) / 8, ""); }

static void frame_members(size_t size) {
  struct text members = {0};
  number(&members, "\"m%zu\":1", size);
  decode(EVENT ",", members.bytes, 1, "}}");
  free(members.bytes);
}

static void wrong_base64(size_t size) {
  struct text parameters = {0};
  add(&parameters, "{\"payload_base64\":\"");
  repeat(&parameters, "AA==", size / 4);
  add(&parameters, "\"}");
  counted_offline_call(AKOOL_OP_MESSAGE_DECODE, parameters.bytes, AKOOL_ERR_INVALID_ARGUMENT);
  free(parameters.bytes);
}

static void payload_text(size_t size) {
  struct text parameters = {0};
  add(&parameters, "{\"payload\":\"");
  repeat(&parameters, "abcdefgh", size / 8);
  add(&parameters, "\"}");
  counted_offline_call(AKOOL_OP_MESSAGE_DECODE, parameters.bytes, AKOOL_OK);
  free(parameters.bytes);
}

/* Counts a conversation: one call a frame. `order` gives the index and the
 * message of the frame at a place. */
static void converse(size_t count, size_t (*index)(size_t place, size_t count), int is_one_message, int is_one_stream) {
  static unsigned conversation;
  akool_client *caller = client();
  struct text *calls = calloc(count, sizeof *calls);
  conversation++;
  for (size_t i = 0; i < count; i++) {
    add(&calls[i], "{\"stream\":\"");
    addf(&calls[i], "%u-%zu", conversation, is_one_stream ? (size_t)0 : i);
    add(&calls[i],
        "\",\"gap_timeout_ms\":3600000,\"payload\":\"{\\\"v\\\":2,"
        "\\\"type\\\":\\\"chat\\\",");
    addf(&calls[i], "\\\"mid\\\":\\\"m%zu\\\",\\\"idx\\\":%zu,\\\"fin\\\":false,", is_one_message ? (size_t)0 : i,
         index(i, count));
    add(&calls[i], "\\\"pld\\\":{\\\"text\\\":\\\"some words of a long message\\\"}}\"}");
  }
  begin();
  for (size_t i = 0; i < count; i++) {
    char *reply = NULL;
    expect(AKOOL_OK, akool_call(caller, AKOOL_OP_MESSAGE_DECODE, calls[i].bytes, NULL, &reply), reply);
  }
  end();
  for (size_t i = 0; i < count; i++) free(calls[i].bytes);
  free(calls);
}

static size_t in_order(size_t place, size_t count) { return count ? place : 0; }
static size_t in_reverse(size_t place, size_t count) { return count - 1 - place; }
static size_t with_gaps(size_t place, size_t count) { return count ? 2 * place + 1 : 0; }
static size_t always_second(size_t place, size_t count) { return count ? 1 : place; }

static void pieces_in_order(size_t size) { converse(size, in_order, 1, 1); }
static void pieces_in_reverse(size_t size) { converse(size, in_reverse, 1, 1); }
static void pieces_with_gaps(size_t size) { converse(size, with_gaps, 1, 1); }
static void many_messages(size_t size) { converse(size, always_second, 0, 1); }
static void many_streams(size_t size) { converse(size, always_second, 1, 0); }

static void encode(const char *limits, const char *unit, size_t count) {
  struct text parameters = {0};
  add(&parameters, "{\"transport\":\"agora\",\"type\":\"chat\",");
  add(&parameters, limits);
  add(&parameters, "\"text\":\"");
  repeat(&parameters, unit, count);
  add(&parameters, "\"}");
  counted_offline_call(AKOOL_OP_MESSAGE_ENCODE, parameters.bytes, AKOOL_OK);
  free(parameters.bytes);
}

static void encode_text(size_t size) { encode("", "abcdefgh", size / 8); }
static void encode_escapes(size_t size) { encode("", "\\n\\u0001\\\"", size / 10); }
static void encode_unicode(size_t size) { encode("", "e\xCC\x81\xF0\x9F\x98\x80", size / 7); }
static void encode_small_frames(size_t size) { encode("\"limits\":{\"max_bytes\":110},", "abcdefgh", size / 8); }
static void encode_controls(size_t size) { encode("\"limits\":{\"max_bytes\":100},", "\\u0001", size / 6); }
static void encode_without_rates(size_t size) {
  encode("\"limits\":{\"max_bytes\":100,\"bytes_per_second\":0},", "\\u0001", size / 6);
}
static void encode_at_high_rates(size_t size) {
  encode("\"limits\":{\"max_bytes\":100,\"bytes_per_second\":1000000000,\"calls_per_second\":1000000},", "\\u0001",
         size / 6);
}
static void encode_long_id(size_t size) {
  encode(
      "\"mid\":\"0123456789012345678901234567890123456789\",\"limits\":{"
      "\"max_bytes\":140},",
      "ab", size / 2);
}

static void encode_command(size_t size) {
  struct text parameters = {0};
  add(&parameters,
      "{\"transport\":\"agora\",\"type\":\"set-params\",\"data\":{"
      "\"vparams\":{\"pron_map\":{");
  number(&parameters, "\"word%zu\":\"w%zu\"", 100 + size);
  add(&parameters, "}}}}");
  counted_offline_call(AKOOL_OP_MESSAGE_ENCODE, parameters.bytes, AKOOL_ERR_INVALID_ARGUMENT);
  free(parameters.bytes);
}

/* Commands of one stream whose acknowledgements never come. */
static void encode_unacknowledged(size_t size) {
  static unsigned conversation;
  akool_client *caller = client();
  struct text parameters = {0};
  addf(&parameters,
       "{\"transport\":\"livekit\",\"type\":\"interrupt\",\"stream\":"
       "\"commands-%u\"}",
       ++conversation);
  begin();
  for (size_t i = 0; i < size; i++) {
    char *reply = NULL;
    expect(AKOOL_OK, akool_call(caller, AKOOL_OP_MESSAGE_ENCODE, parameters.bytes, NULL, &reply), reply);
  }
  end();
  free(parameters.bytes);
}

const struct complexity_case message_cases[] = {{"decode text", frame_text},
                                                {"decode unicode", frame_unicode},
                                                {"decode surrogates", frame_surrogates},
                                                {"decode halves of surrogates", frame_halves},
                                                {"decode backslashes", frame_backslashes},
                                                {"decode not json", frame_not_json},
                                                {"decode event", frame_event},
                                                {"decode event members", frame_members},
                                                {"decode too large", frame_too_large},
                                                {"decode wrong base64", wrong_base64},
                                                {"decode payload", payload_text},
                                                {"decode pieces in order", pieces_in_order},
                                                {"decode pieces in reverse", pieces_in_reverse},
                                                {"decode pieces with gaps", pieces_with_gaps},
                                                {"decode many messages", many_messages},
                                                {"decode many streams", many_streams},
                                                {"encode text", encode_text},
                                                {"encode escapes", encode_escapes},
                                                {"encode unicode", encode_unicode},
                                                {"encode small frames", encode_small_frames},
                                                {"encode controls", encode_controls},
                                                {"encode without rates", encode_without_rates},
                                                {"encode at high rates", encode_at_high_rates},
                                                {"encode long id", encode_long_id},
                                                {"encode command", encode_command},
                                                {"encode unacknowledged commands", encode_unacknowledged},
                                                {NULL, NULL}};

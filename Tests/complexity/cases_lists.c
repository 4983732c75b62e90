/* Answers with many records, for each operation that reads a list or a record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complexity.h"

#define RECORD                                                                 \
  "{\"_id\":\"66a1a02d591ad336275e%zu\",\"avatar_id\":\"a%zu\",\"voice_id\":"  \
  "\"v%zu\",\"status\":3,"                                                     \
  "\"url\":\"https://files.example/"                                           \
  "%zu.mp4?X-Amz-Signature=0123456789abcdef\",\"create_time\":1710757981609,"  \
  "\"stream_type\":\"agora\",\"credentials\":{\"agora_app_id\":\"a\",\"agora_" \
  "token\":\"t%zu\"}}"

static void records(size_t size, const char *operation, const char *parameters) {
  struct text body = {0};
  add(&body, "{\"code\":1000,\"msg\":\"OK\",\"data\":{\"count\":1,\"result\":[");
  number(&body, RECORD, size);
  add(&body, "]}}");
  answer_json(body.bytes);
  counted_call(operation, parameters, NULL, AKOOL_OK);
  free(body.bytes);
}

static void avatars(size_t size) { records(size, AKOOL_OP_AVATAR_LIST, "{}"); }
static void avatars_v3(size_t size) { records(size, AKOOL_OP_AVATAR_LIST_V3, "{}"); }
static void sessions(size_t size) { records(size, AKOOL_OP_SESSION_LIST, "{}"); }
static void knowledge(size_t size) { records(size, AKOOL_OP_KNOWLEDGE_LIST, "{}"); }
static void voices(size_t size) { records(size, AKOOL_OP_VOICE_LIST, "{\"type\":\"2\"}"); }
static void voices_v3(size_t size) { records(size, AKOOL_OP_VOICE_LIST_V3, "{}"); }
static void recordings(size_t size) { records(size, AKOOL_OP_VOICE_RESOURCE_LIST, "{\"type\":1}"); }
static void languages(size_t size) { records(size, AKOOL_OP_LANGUAGE_LIST, "{}"); }
static void whole_page(size_t size) { records(size, AKOOL_OP_AVATAR_LIST, "{\"all\":true,\"limit\":1000000}"); }

/* A list in pages of one element. */
static size_t pages_in_all;

static void write_page(const char *request, struct text *body) {
  const char *found = strstr(request, "page=");
  long page = found ? atol(found + 5) : 1;
  addf(body,
       "{\"code\":1000,\"msg\":\"OK\",\"data\":{\"count\":%zu,\"result\":[{\"_"
       "id\":\"a%ld\"}]}}",
       pages_in_all, page);
}

static void pages(size_t size) {
  pages_in_all = size;
  answer_by(write_page);
  counted_call(AKOOL_OP_AVATAR_LIST, "{\"all\":true,\"size\":1}", NULL, AKOOL_OK);
}

/* One record of many members. */
static void record(size_t size, const char *operation, const char *parameters) {
  struct text body = {0};
  add(&body, "{\"code\":1000,\"msg\":\"OK\",\"data\":{");
  number(&body, "\"member%zu\":\"https://files.example/%zu?a=b\"", size);
  add(&body, ",\"_id\":\"66a1a02d591ad336275eda62\",\"status\":3,\"credit\":1}}");
  answer_json(body.bytes);
  counted_call(operation, parameters, NULL, AKOOL_OK);
  free(body.bytes);
}

static void avatar(size_t size) { record(size, AKOOL_OP_AVATAR_DETAIL, "{\"id\":\"a\"}"); }
static void session(size_t size) { record(size, AKOOL_OP_SESSION_DETAIL, "{\"id\":\"a\"}"); }
static void credit(size_t size) { record(size, AKOOL_OP_ACCOUNT_CREDIT, "{}"); }
static void recording(size_t size) { record(size, AKOOL_OP_VOICE_RESOURCE_DETAIL, "{\"_id\":\"a\"}"); }
static void voice(size_t size) { record(size, AKOOL_OP_VOICE_DETAIL, "{\"_id\":\"a\"}"); }
static void base(size_t size) { record(size, AKOOL_OP_KNOWLEDGE_DETAIL, "{\"id\":\"a\"}"); }

const struct complexity_case list_cases[] = {{"list avatar.list", avatars},
                                             {"list avatar.list_v3", avatars_v3},
                                             {"list session.list", sessions},
                                             {"list knowledge.list", knowledge},
                                             {"list voice.list", voices},
                                             {"list voice.list_v3", voices_v3},
                                             {"list voice.resource_list", recordings},
                                             {"list language.list", languages},
                                             {"list of one page with all", whole_page},
                                             {"list of many pages", pages},
                                             {"record avatar.detail", avatar},
                                             {"record session.detail", session},
                                             {"record account.credit", credit},
                                             {"record voice.resource_detail", recording},
                                             {"record voice.detail", voice},
                                             {"record knowledge.detail", base},
                                             {NULL, NULL}};

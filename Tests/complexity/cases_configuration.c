/* akool_client_create. */
#include <stdlib.h>

#include "complexity.h"

/* Makes a client of simulator: with these members. */
static void create(const char *start, const char *unit, size_t count, const char *tail, akool_result wanted) {
  struct text text = {0};
  add(&text, "{\"environment\":false,");
  add(&text, start);
  repeat(&text, unit, count);
  add(&text, tail);
  add(&text, "}");
  counted_create(text.bytes, wanted);
  free(text.bytes);
}

static void create_numbered(const char *start, const char *format, size_t count, const char *tail,
                            akool_result wanted) {
  struct text text = {0};
  number(&text, format, count);
  create(start, text.bytes, 1, tail, wanted);
  free(text.bytes);
}

#define SERVICE             \
  "\"base_url\":\"https://" \
  "a.example\",\"api_key\":\"complexity-key-0123456789\","
#define WRONG AKOOL_ERR_INVALID_ARGUMENT

static void unknown(size_t size) { create_numbered("", "\"member%zu\":1", size, "", WRONG); }
static void unknown_like(size_t size) { create_numbered("", "\"proxy%zu\":1", size, "", WRONG); }
static void unknown_secrets(size_t size) {
  create_numbered("", "\"secret%zu\":\"value-of-a-secret-%zu\"", size, "", WRONG);
}
static void resolve(size_t size) {
  create_numbered(SERVICE "\"resolve\":[", "\"host%zu:1:127.0.0.1\"", 65 + size, "]", WRONG);
}
static void resolve_one(size_t size) {
  create(SERVICE "\"resolve\":[\"a:1:127.0.0.1", ",127.0.0.1", 16 + size / 10, "\"]", WRONG);
}
static void key(size_t size) {
  create("\"base_url\":\"https://a.example\",\"api_key\":\"", "abcdefg+", size / 8, "\"", AKOOL_OK);
}
static void key_wrong(size_t size) {
  create("\"base_url\":\"https://a.example\",\"api_key\":\"", "abcdefg+", size / 8, " \"", WRONG);
}
static void url(size_t size) { create("\"base_url\":\"https://a.example/", "abcdefg/", size / 8, "?\"", WRONG); }
static void url_slashes(size_t size) {
  create("\"api_key\":\"complexity-key\",\"base_url\":\"https://a.example/", "/", size, "\"", AKOOL_OK);
}
static void url_schemes(size_t size) { create("\"base_url\":\"", "://", size / 3, "\"", WRONG); }
static void url_logins(size_t size) { create("\"base_url\":\"https://", "a:b@", size / 4, "host\"", WRONG); }
static void proxy(size_t size) { create(SERVICE "\"proxy\":\"http://", "user", size / 4, "@host:1\"", AKOOL_OK); }
static void proxy_colons(size_t size) {
  create(SERVICE "\"proxy\":\"http://", "secret:", size / 7, "@host:1\"", AKOOL_OK);
}
static void proxy_parts(size_t size) {
  struct text parts = {0};
  for (size_t i = 0; i < size / 12; i++) addf(&parts, "secret%05zu:", i);
  create(SERVICE "\"proxy\":\"http://", parts.bytes, 1, "@host:1\"", AKOOL_OK);
  free(parts.bytes);
}
static void no_proxy(size_t size) { create(SERVICE "\"no_proxy\":\"", "host.example,", size / 13, "\"", AKOOL_OK); }
static void no_file(size_t size) { create(SERVICE "\"ca_file\":\"", "folder/", size / 7, "\"", WRONG); }
static void certificates(size_t size) { create(SERVICE "\"ca_blob\":\"", "abcdefgh", size / 8, "\"", AKOOL_OK); }
static void agent(size_t size) {
  create(SERVICE "\"user_agent_suffix\":\"", "abcdefgh", (100 + size) / 8, "\"", WRONG);
}
static void simulator(size_t size) {
  create_numbered("\"base_url\":\"simulator:\",\"simulator\":{", "\"member%zu\":1", size, "}", WRONG);
}
static void simulator_name(size_t size) { create("\"base_url\":\"simulator:", "abcdefgh", size / 8, "\"", AKOOL_OK); }
static void not_json(size_t size) { create("", "\"a\":[],", size / 7, "", WRONG); }

const struct complexity_case configuration_cases[] = {{"configuration unknown keys", unknown},
                                                      {"configuration unknown keys like known ones", unknown_like},
                                                      {"configuration unknown secrets", unknown_secrets},
                                                      {"configuration resolve list", resolve},
                                                      {"configuration resolve addresses", resolve_one},
                                                      {"configuration long key", key},
                                                      {"configuration wrong long key", key_wrong},
                                                      {"configuration long url", url},
                                                      {"configuration url of slashes", url_slashes},
                                                      {"configuration url of schemes", url_schemes},
                                                      {"configuration url of logins", url_logins},
                                                      {"configuration long proxy", proxy},
                                                      {"configuration proxy of colons", proxy_colons},
                                                      {"configuration proxy of parts", proxy_parts},
                                                      {"configuration no_proxy", no_proxy},
                                                      {"configuration no file", no_file},
                                                      {"configuration certificates", certificates},
                                                      {"configuration user agent", agent},
                                                      {"configuration simulator members", simulator},
                                                      {"configuration simulator name", simulator_name},
                                                      {"configuration not json", not_json},
                                                      {NULL, NULL}};

/* webhook.verify: deliveries that are signed rightly, and forged ones. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complexity.h"

static const char id[] = "0123456789abcdef01234567", secret[] = "dummySecret0123456789abc";

static void verify(struct text *body, akool_result wanted) {
  struct text parameters = {0};
  addf(&parameters, "{\"client_id\":\"%s\",\"client_secret\":\"%s\",\"body\":", id, secret);
  append(&parameters, body->bytes, body->length);
  add(&parameters, "}");
  counted_offline_call(AKOOL_OP_WEBHOOK_VERIFY, parameters.bytes, wanted);
  free(parameters.bytes);
  free(body->bytes);
}

static int compare(const void *first, const void *second) {
  return strcmp(*(const char *const *)first, *(const char *const *)second);
}

/* Verifies a delivery of this content. */
static void verify_content(struct text *content) {
  struct text body = {0}, data = {0}, joined = {0};
  uint8_t *encrypted = malloc(content->length + 32), digest[EVP_MAX_MD_SIZE];
  int length = 0, tail = 0;
  unsigned digest_length = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_192_cbc(), NULL, (const uint8_t *)secret, (const uint8_t *)id);
  EVP_EncryptUpdate(context, encrypted, &length, (const uint8_t *)content->bytes, (int)content->length);
  EVP_EncryptFinal_ex(context, encrypted + length, &tail);
  EVP_CIPHER_CTX_free(context);
  append_base64(&data, encrypted, (size_t)(length + tail));
  const char *parts[4] = {id, "1710757981609", "9", data.bytes};
  qsort(parts, 4, sizeof *parts, compare);
  for (int i = 0; i < 4; i++) add(&joined, parts[i]);
  EVP_Digest(joined.bytes, joined.length, digest, &digest_length, EVP_sha1(), NULL);
  add(&body, "{\"timestamp\":1710757981609,\"nonce\":9,\"dataEncrypt\":\"");
  append(&body, data.bytes, data.length);
  add(&body, "\",\"signature\":\"");
  for (unsigned i = 0; i < digest_length; i++) addf(&body, "%02x", digest[i]);
  add(&body, "\"}");
  verify(&body, AKOOL_OK);
  free(encrypted);
  free(data.bytes);
  free(joined.bytes);
  free(content->bytes);
}

static void content_string(size_t size) {
  struct text content = {0};
  add(&content, "{\"_id\":\"x\",\"status\":3,\"url\":\"https://a.example/");
  repeat(&content, "abcdefgh", size / 8);
  add(&content, "\"}");
  verify_content(&content);
}

static void content_members(size_t size) {
  struct text content = {0};
  add(&content, "{");
  number(&content, "\"m%zu\":1", size);
  add(&content, ",\"status\":3}");
  verify_content(&content);
}

static void forged(const char *start, const char *unit, size_t count, const char *tail) {
  struct text body = {0};
  add(&body, start);
  repeat(&body, unit, count);
  add(&body, tail);
  verify(&body, AKOOL_ERR_FORBIDDEN);
}

static void body_text(size_t size) { forged("\"", "abcdefgh", size / 8, "\""); }
static void body_nested(size_t size) { forged("\"", "{\\\"a\\\":", size / 8, "\""); }
static void long_signature(size_t size) {
  forged(
      "{\"timestamp\":1,\"nonce\":\"1\",\"dataEncrypt\":\"AAAA\","
      "\"signature\":\"",
      "0f", size / 2, "\"}");
}
static void long_nonce(size_t size) {
  forged(
      "{\"timestamp\":1,\"signature\":\"a\",\"dataEncrypt\":\"AAAA\","
      "\"nonce\":\"",
      "0123456789", size / 10, "\"}");
}
static void long_timestamp(size_t size) {
  forged(
      "{\"nonce\":1,\"signature\":\"a\",\"dataEncrypt\":\"AAAA\","
      "\"timestamp\":\"",
      "0123456789", size / 10, "\"}");
}
static void long_data(size_t size) {
  forged("{\"timestamp\":1,\"nonce\":\"1\",\"signature\":\"a\",\"dataEncrypt\":\"", "AAAAAAAAAAAAAAAA", size / 16,
         "\"}");
}
static void body_members(size_t size) {
  struct text members = {0};
  number(&members, "\"m%zu\":1", size);
  forged("{", members.bytes, 1, "}");
  free(members.bytes);
}

const struct complexity_case webhook_cases[] = {
    {"webhook content", content_string},      {"webhook content members", content_members},
    {"webhook forged text", body_text},       {"webhook forged nested", body_nested},
    {"webhook forged members", body_members}, {"webhook long signature", long_signature},
    {"webhook long nonce", long_nonce},       {"webhook long timestamp", long_timestamp},
    {"webhook long data", long_data},         {NULL, NULL}};

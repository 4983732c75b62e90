/*
 * webhook.verify: with an even first byte the input is the body as it comes; with an odd one it is the content, which
 * is encrypted and signed rightly, so that what lies behind the checks is reached.
 */
#include "fuzz.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char id[] = "0123456789abcdef01234567", secret[] = "dummySecret0123456789abc";

static int compare(const void *first, const void *second) {
  return strcmp(*(const char *const *)first, *(const char *const *)second);
}

/* A delivery as AKOOL makes it. */
static void append_delivery(struct text *body, const uint8_t *content, size_t size) {
  uint8_t *encrypted = malloc(size + 32), digest[EVP_MAX_MD_SIZE];
  int length = 0, tail = 0;
  unsigned digest_length = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_192_cbc(), NULL, (const uint8_t *)secret, (const uint8_t *)id);
  EVP_EncryptUpdate(context, encrypted, &length, content, (int)size);
  EVP_EncryptFinal_ex(context, encrypted + length, &tail);
  EVP_CIPHER_CTX_free(context);
  struct text data = {0}, joined = {0};
  append_base64(&data, encrypted, (size_t)(length + tail));
  const char *parts[4] = {id, "1710757981609", "9", data.bytes};
  qsort(parts, 4, sizeof *parts, compare);
  for (int i = 0; i < 4; i++) append_string(&joined, parts[i]);
  EVP_Digest(joined.bytes, joined.length, digest, &digest_length, EVP_sha1(), NULL);
  append_string(body, "{\"timestamp\":1710757981609,\"nonce\":9,\"dataEncrypt\":\"");
  append_string(body, data.bytes);
  append_string(body, "\",\"signature\":\"");
  for (unsigned i = 0; i < digest_length; i++) {
    char pair[3];
    snprintf(pair, sizeof pair, "%02x", digest[i]);
    append_string(body, pair);
  }
  append_string(body, "\"}");
  free(encrypted);
  free(data.bytes);
  free(joined.bytes);
}

/* Bytes as a JSON string; those above 0x7E as code points of their own. */
static void append_quoted(struct text *text, const uint8_t *bytes, size_t size) {
  append_string(text, "\"");
  for (size_t i = 0; i < size; i++) {
    char escape[7];
    snprintf(escape, sizeof escape, "\\u%04x", bytes[i]);
    if (bytes[i] < 0x20 || bytes[i] > 0x7E || bytes[i] == '"' || bytes[i] == '\\')
      append_string(text, escape);
    else
      append(text, (const char *)&bytes[i], 1);
  }
  append_string(text, "\"");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  struct text parameters = {0};
  append_string(&parameters, "{\"client_id\":\"");
  append_string(&parameters, id);
  append_string(&parameters, "\",\"client_secret\":\"");
  append_string(&parameters, secret);
  append_string(&parameters, "\",\"body\":");
  if (data[0] & 1)
    append_delivery(&parameters, data + 1, size - 1);
  else
    append_quoted(&parameters, data + 1, size - 1);
  append_string(&parameters, "}");
  char *reply = NULL;
  akool_result result = akool_call(NULL, AKOOL_OP_WEBHOOK_VERIFY, parameters.bytes, NULL, &reply);
  if (result != AKOOL_OK && result != AKOOL_ERR_FORBIDDEN && result != AKOOL_ERR_INVALID_ARGUMENT) abort();
  if (result != AKOOL_OK && reply && strstr(reply, secret)) abort();
  check(result, reply);
  free(parameters.bytes);
  return 0;
}

/* message.decode: the input is what a hostile peer sends, a frame a line. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static akool_client *client;
  if (!client && akool_client_create("{\"base_url\":\"simulator:\",\"environment\":false}", &client, NULL) != AKOOL_OK)
    abort();
  while (size) {
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end ? (size_t)(end - data) : size;
    struct text parameters = {0};
    char *reply = NULL;
    append_string(&parameters, "{\"stream\":\"room\",\"payload_base64\":\"");
    append_base64(&parameters, data, length);
    append_string(&parameters, "\"}");
    akool_result result = akool_call(client, AKOOL_OP_MESSAGE_DECODE, parameters.bytes, NULL, &reply);
    if (result != AKOOL_OK) abort(); /* nothing that a peer sends is an error */
    check(result, reply);
    free(parameters.bytes);
    data += length + (end ? 1 : 0);
    size -= length + (end ? 1 : 0);
  }
  return 0;
}

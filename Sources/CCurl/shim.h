/* Typed stand-ins for libcurl's variadic functions, which Swift cannot call. */
#ifndef AKOOL_CCURL_SHIM_H
#define AKOOL_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*akool_curl_bytes_callback)(char *, size_t, size_t, void *);
typedef curl_socket_t (*akool_curl_opensocket_callback)(void *, curlsocktype, struct curl_sockaddr *);
typedef int (*akool_curl_closesocket_callback)(void *, curl_socket_t);
typedef int (*akool_curl_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode akool_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_blob(CURL *easy, CURLoption option, void *data, size_t length) {
  struct curl_blob blob;
  blob.data = data;
  blob.len = length;
  blob.flags = CURL_BLOB_COPY;
  return curl_easy_setopt(easy, option, &blob);
}
static inline CURLcode akool_curl_set_bytes_callback(CURL *easy, CURLoption option, akool_curl_bytes_callback value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode akool_curl_set_opensocket_callback(CURL *easy, akool_curl_opensocket_callback value) {
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode akool_curl_set_closesocket_callback(CURL *easy, akool_curl_closesocket_callback value) {
  return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}
static inline CURLcode akool_curl_set_prereq_callback(CURL *easy, akool_curl_prereq_callback value) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode akool_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode akool_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode akool_curl_get_socket(CURL *easy, curl_socket_t *value) {
  return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, value);
}
static inline CURLcode akool_curl_get_string(CURL *easy, CURLINFO info, const char **value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode akool_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLMcode akool_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
static inline const curl_version_info_data *akool_curl_version(void) { return curl_version_info(CURLVERSION_NOW); }
/* The union in CURLMsg is not imported into Swift. */
static inline CURLcode akool_curl_message_result(const CURLMsg *message) { return message->data.result; }

#endif

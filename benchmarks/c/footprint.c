/*
 * What it costs to have the library in a process: time to load it and to make a client, memory, threads, descriptors.
 * Usage: footprint libakool PATH CONFIGURATION     the library, nothing else loaded before
 *        footprint libcurl BASE_URL                what a C program loads anyhow: libcurl and jansson
 * Both do one call before memory is measured. Links neither, so that loading can be timed.
 */
#include "meter.h"

#include <akool.h>
#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct footprint {
  uint64_t began, loaded, created;
  long rss_kb, private_kb;
  int threads_idle, threads_callback, threads_after;
  int descriptors_idle, descriptors_after;
};

static void *load(const char *path) {
  void *library = dlopen(path, RTLD_NOW);
  if (!library) bench_fail(dlerror());
  return library;
}

static void *find(void *library, const char *name) {
  void *symbol = dlsym(library, name);
  if (!symbol) bench_fail(name);
  return symbol;
}

#define FIND(library, function) __typeof__(&function) p_##function = (__typeof__(&function))find(library, #function)

static int entries(const char *path) {
  DIR *directory = opendir(path);
  int count = -2; /* . and .. */
  if (!directory) bench_fail(path);
  while (readdir(directory)) count++;
  closedir(directory);
  return count;
}

static int threads(void) { return entries("/proc/self/task"); }

static int descriptors(void) { return entries("/proc/self/fd") - 1; /* opendir's own */ }

static void measure_memory(struct footprint *footprint) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  long value;
  if (!file) bench_fail("/proc/self/smaps_rollup");
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "Rss: %ld kB", &value) == 1) footprint->rss_kb = value;
    if (sscanf(line, "Private_Dirty: %ld kB", &value) == 1) footprint->private_kb = value;
  }
  fclose(file);
}

static void on_status(akool_client *client, const char *event, void *user_data) {
  (void)client;
  (void)event;
  (void)user_data;
}

static void measure_libakool(struct footprint *footprint, const char *path, const char *configuration) {
  akool_client *client = NULL;
  char *text = NULL;
  footprint->began = bench_now();
  void *library = load(path);
  footprint->loaded = bench_now();
  FIND(library, akool_client_create);
  FIND(library, akool_client_destroy);
  FIND(library, akool_client_set_status_callback);
  FIND(library, akool_call);
  FIND(library, akool_string_free);
  if (p_akool_client_create(configuration, &client, &text) != AKOOL_OK) bench_fail(text ? text : "akool_client_create");
  footprint->created = bench_now();
  if (p_akool_call(client, "session.detail", "{\"id\":\"" BENCH_SESSION "\"}", NULL, &text) != AKOOL_OK)
    bench_fail(text ? text : "akool_call");
  p_akool_string_free(text);
  measure_memory(footprint);
  footprint->threads_idle = threads();
  footprint->descriptors_idle = descriptors();
  p_akool_client_set_status_callback(client, on_status, NULL);
  footprint->threads_callback = threads();
  if (p_akool_client_destroy(client) != AKOOL_OK) bench_fail("akool_client_destroy");
}

static size_t ignore(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes;
  (void)context;
  return size * count;
}

static void measure_libcurl(struct footprint *footprint, const char *base_url) {
  char url[512];
  json_error_t error;
  footprint->began = bench_now();
  void *libcurl = load("libcurl.so.4"), *libjansson = load("libjansson.so.4");
  footprint->loaded = bench_now();
  FIND(libcurl, curl_global_init);
  FIND(libcurl, curl_easy_init);
  FIND(libcurl, curl_easy_setopt);
  FIND(libcurl, curl_easy_perform);
  FIND(libcurl, curl_easy_cleanup);
  FIND(libcurl, curl_global_cleanup);
  FIND(libjansson, json_loads);
  FIND(libjansson, json_delete);
  p_curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *easy = p_curl_easy_init();
  footprint->created = bench_now();
  snprintf(url, sizeof url, "%s/api/open/v4/liveAvatar/session/detail?id=" BENCH_SESSION, base_url);
  p_curl_easy_setopt(easy, CURLOPT_URL, url);
  p_curl_easy_setopt(easy, CURLOPT_PROXY, "");
  p_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
  if (p_curl_easy_perform(easy) != CURLE_OK) bench_fail("curl_easy_perform");
  json_t *json = p_json_loads("{\"code\":1000}", 0, &error);
  p_json_delete(json);
  measure_memory(footprint);
  footprint->threads_idle = footprint->threads_callback = threads();
  footprint->descriptors_idle = descriptors();
  p_curl_easy_cleanup(easy);
  p_curl_global_cleanup();
}

int main(int argc, char **argv) {
  struct footprint footprint = {.began = 0};
  int descriptors_before = descriptors();
  if (argc == 4 && strcmp(argv[1], "libakool") == 0)
    measure_libakool(&footprint, argv[2], argv[3]);
  else if (argc == 3 && strcmp(argv[1], "libcurl") == 0)
    measure_libcurl(&footprint, argv[2]);
  else
    bench_fail("usage: footprint libakool PATH CONFIGURATION | footprint libcurl BASE_URL");
  footprint.threads_after = threads();
  footprint.descriptors_after = descriptors();
  printf("{\"load_us\":%.1f,\"create_us\":%.1f,\"rss_kb\":%ld,\"private_kb\":%ld,",
         (double)(footprint.loaded - footprint.began) / 1e3, (double)(footprint.created - footprint.loaded) / 1e3,
         footprint.rss_kb, footprint.private_kb);
  printf("\"threads\":{\"idle\":%d,\"callback\":%d,\"destroyed\":%d},", footprint.threads_idle,
         footprint.threads_callback, footprint.threads_after);
  printf("\"descriptors\":{\"before\":%d,\"idle\":%d,\"destroyed\":%d}}\n", descriptors_before,
         footprint.descriptors_idle, footprint.descriptors_after);
  return 0;
}

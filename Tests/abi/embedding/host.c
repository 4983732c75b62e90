/* A host with a libcurl of its own. It says so by its exit status, 3. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *load_akool(void);

int curl_global_init(long flags) {
  (void)flags;
  _Exit(3);
}

void *curl_easy_init(void) { _Exit(3); }
void *curl_multi_init(void) { _Exit(3); }

static const char configuration[] =
    "{\"environment\": false, \"api_key\": \"k\", \"base_url\": \"http://127.0.0.1:9\"}";

int main(int count, char **arguments) {
  int deep = count > 1 && strcmp(arguments[1], "deep") == 0;
  void *library = deep ? load_akool() : dlopen("libakool.so.1", RTLD_NOW | RTLD_LOCAL), *client = NULL;
  int (*create)(const char *, void **, char **), (*destroy)(void *);
  if (!library) return puts(dlerror()), 1;
  *(void **)&create = dlsym(library, "akool_client_create");
  *(void **)&destroy = dlsym(library, "akool_client_destroy");
  return create(configuration, &client, NULL) == 0 && destroy(client) == 0 ? 0 : 2;
}

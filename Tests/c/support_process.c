/* The process and its threads, as the tests see them: counts, children, gates, notes. */
#define _GNU_SOURCE
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int entries(const char *path) {
  DIR *directory = opendir(path);
  int count = 0;
  if (!directory) return -1;
  for (struct dirent *entry; (entry = readdir(directory));)
    if (entry->d_name[0] != '.') count++;
  closedir(directory);
  return count;
}

int thread_count(void) { return entries("/proc/self/task"); }

/* Without the descriptor that reads the directory. */
int descriptor_count(void) { return entries("/proc/self/fd") - 1; }

int this_thread(void) { return (int)syscall(SYS_gettid); }

static void breathe(void) {
  const struct timespec moment = {0, 1000000};
  nanosleep(&moment, NULL);
}

bool becomes(int (*count)(void), int expected) {
  int64_t end = now_ms() + patience(5000);
  while (count() != expected && now_ms() < end) breathe();
  return count() == expected;
}

/* ---------------------------------------------------------------- children */

int finish_child(int pid) {
  int64_t end = now_ms() + patience(20000);
  int status = 0, done;
  while ((done = waitpid(pid, &status, WNOHANG)) == 0 && now_ms() < end) breathe();
  if (done == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  return -2;
}

int in_child(int (*child)(void *), void *argument) {
  fflush(NULL);
  int pid = fork();
  if (pid == 0) _exit(child(argument));
  return finish_child(pid);
}

/* ------------------------------------------------------------------- gates */

struct gate {
  pthread_mutex_t lock;
  pthread_cond_t opened;
  bool open;
};

static struct timespec deadline(int64_t milliseconds) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += (time_t)(milliseconds / 1000);
  end.tv_nsec += (long)(milliseconds % 1000) * 1000000;
  if (end.tv_nsec >= 1000000000) {
    end.tv_sec++;
    end.tv_nsec -= 1000000000;
  }
  return end;
}

static void start_lock(pthread_mutex_t *lock, pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(lock, NULL);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

struct gate *new_gate(void) {
  struct gate *gate = calloc(1, sizeof *gate);
  if (!gate) abort();
  start_lock(&gate->lock, &gate->opened);
  return gate;
}

void free_gate(struct gate *gate) {
  pthread_cond_destroy(&gate->opened);
  pthread_mutex_destroy(&gate->lock);
  free(gate);
}

void open_gate(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  gate->open = true;
  pthread_cond_broadcast(&gate->opened);
  pthread_mutex_unlock(&gate->lock);
}

bool pass_gate_within(struct gate *gate, int64_t milliseconds) {
  struct timespec end = deadline(milliseconds);
  int error = 0;
  pthread_mutex_lock(&gate->lock);
  while (!gate->open && error != ETIMEDOUT) error = pthread_cond_timedwait(&gate->opened, &gate->lock, &end);
  bool open = gate->open;
  pthread_mutex_unlock(&gate->lock);
  return open;
}

bool pass_gate(struct gate *gate) { return pass_gate_within(gate, patience(10000)); }

/* ------------------------------------------------------------------- notes */

struct notes {
  pthread_mutex_t lock;
  pthread_cond_t written;
  char **texts;
  size_t count;
};

struct notes *new_notes(void) {
  struct notes *notes = calloc(1, sizeof *notes);
  if (!notes) abort();
  start_lock(&notes->lock, &notes->written);
  return notes;
}

void free_notes(struct notes *notes) {
  for (size_t i = 0; i < notes->count; i++) free(notes->texts[i]);
  free(notes->texts);
  pthread_cond_destroy(&notes->written);
  pthread_mutex_destroy(&notes->lock);
  free(notes);
}

void note(struct notes *notes, const char *text) {
  pthread_mutex_lock(&notes->lock);
  notes->texts = realloc(notes->texts, (notes->count + 1) * sizeof *notes->texts);
  if (!notes->texts) abort();
  notes->texts[notes->count++] = strdup(text);
  pthread_cond_broadcast(&notes->written);
  pthread_mutex_unlock(&notes->lock);
}

const char *note_at(struct notes *notes, size_t index) {
  struct timespec end = deadline(patience(10000));
  int error = 0;
  pthread_mutex_lock(&notes->lock);
  while (notes->count <= index && error != ETIMEDOUT)
    error = pthread_cond_timedwait(&notes->written, &notes->lock, &end);
  const char *text = notes->count > index ? notes->texts[index] : NULL;
  pthread_mutex_unlock(&notes->lock);
  return text;
}

size_t note_count(struct notes *notes) {
  pthread_mutex_lock(&notes->lock);
  size_t count = notes->count;
  pthread_mutex_unlock(&notes->lock);
  return count;
}

void note_event(akool_client *client, const char *event, void *user_data) {
  (void)client;
  note(user_data, event);
}

void note_log(akool_client *client, int32_t level, const char *record, void *user_data) {
  (void)client;
  (void)level;
  note(user_data, record);
}

void note_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data) {
  (void)client;
  char *text = format("%llu %d %s", (unsigned long long)request, (int)result, reply);
  note(user_data, text);
  free(text);
}

#include "work.h"

#include "meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char create_path[] = "/api/open/v4/liveAvatar/session/create";
static const char close_path[] = "/api/open/v4/liveAvatar/session/close";
static const char detail_path[] = "/api/open/v4/liveAvatar/session/detail";
static const char list_path[] = "/api/open/v4/liveAvatar/session/list?page=1&size=100";

enum { STEP_CREATE, STEP_CLOSE, STEP_VERIFY };

enum workload work_named(const char *name) {
  if (strcmp(name, "detail") == 0) return WORK_DETAIL;
  if (strcmp(name, "create-and-close") == 0) return WORK_CREATE_AND_CLOSE;
  if (strcmp(name, "list") == 0) return WORK_LIST;
  bench_fail("WORKLOAD is none of detail, create-and-close, list");
}

struct curl_slist *work_post_headers(void) {
  return curl_slist_append(transfer_headers(), "Content-Type: application/json");
}

void work_open(struct work *work) {
  transfer_open(&work->transfer, work->get_headers);
  curl_easy_setopt(work->transfer.easy, CURLOPT_PRIVATE, work);
}

static void prepare_post(struct work *work, const char *path, char *json) {
  if (!json) bench_fail("out of memory");
  transfer_prepare_path(&work->transfer, work->base_url, path, json, work->post_headers);
  free(json);
}

static void prepare_get(struct work *work, const char *path) {
  transfer_prepare_path(&work->transfer, work->base_url, path, NULL, work->get_headers);
}

void work_begin(struct work *work) {
  work->step = STEP_CREATE;
  if (work->workload == WORK_DETAIL) {
    transfer_prepare(&work->transfer, work->base_url, BENCH_SESSION);
    return;
  }
  work->transfer.began = bench_now();
  if (work->workload == WORK_LIST)
    prepare_get(work, list_path);
  else
    prepare_post(work, create_path, session_create_body());
}

/* Frees a reply as its caller would. */
static int take(char *reply) {
  int succeeded = reply != NULL;
  free(reply);
  return succeeded;
}

static enum work_result after_create(struct work *work) {
  struct transfer *transfer = &work->transfer;
  double elapsed_ms = transfer_elapsed_ms(transfer);
  if (!take(session_create_reply(transfer->body, transfer->length, elapsed_ms, work->id))) return WORK_FAILED;
  work->step = STEP_CLOSE;
  prepare_post(work, close_path, session_close_body(work->id));
  return WORK_CONTINUES;
}

static enum work_result after_close(struct work *work) {
  char path[sizeof detail_path + SESSION_ID_SIZE + 8];
  if (!session_close_accepted(work->transfer.body, work->transfer.length)) return WORK_FAILED;
  work->step = STEP_VERIFY;
  snprintf(path, sizeof path, "%s?id=%s", detail_path, work->id);
  prepare_get(work, path);
  return WORK_CONTINUES;
}

static enum work_result after_last(struct work *work) {
  struct transfer *transfer = &work->transfer;
  double elapsed_ms = transfer_elapsed_ms(transfer);
  char *reply = work->workload == WORK_LIST ? session_list_reply(transfer->body, transfer->length, elapsed_ms)
                                            : session_close_reply(transfer->body, transfer->length, elapsed_ms);
  return take(reply) ? WORK_SUCCEEDED : WORK_FAILED;
}

static enum work_result after_detail(struct work *work, CURLcode result) {
  char *reply = transfer_reply(&work->transfer, result);
  int succeeded = bench_is_session(reply);
  free(reply);
  return succeeded ? WORK_SUCCEEDED : WORK_FAILED;
}

enum work_result work_continue(struct work *work, CURLcode result) {
  if (work->workload == WORK_DETAIL) return after_detail(work, result);
  if (!transfer_succeeded(&work->transfer, result)) return WORK_FAILED;
  if (work->workload == WORK_CREATE_AND_CLOSE && work->step == STEP_CREATE) return after_create(work);
  if (work->workload == WORK_CREATE_AND_CLOSE && work->step == STEP_CLOSE) return after_close(work);
  return after_last(work);
}

void work_close(struct work *work) { transfer_close(&work->transfer); }

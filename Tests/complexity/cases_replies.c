/* Answers of a server: sentences, headers, bodies. */
#include <stdlib.h>
#include <string.h>

#include "complexity.h"

static const char get[] = "{\"method\":\"GET\",\"path\":\"/x\"}";

/* Counts a call whose answer has this body. */
static void read_body(const char *status, const char *headers, struct text *body, const char *options,
                      akool_result wanted) {
  answer(status, headers, body->bytes ? body->bytes : "");
  counted_call(AKOOL_OP_REQUEST, get, options, wanted);
  free(body->bytes);
}

static void read_json(const char *start, const char *unit, size_t count, const char *tail, const char *options,
                      akool_result wanted) {
  struct text body = {0};
  add(&body, start);
  repeat(&body, unit, count);
  add(&body, tail);
  read_body("200 OK", "content-type: application/json\r\n", &body, options, wanted);
}

/* The sentence of a refusal. */
static void sentence(const char *unit, size_t count, const char *tail) {
  read_json("{\"code\":1003,\"msg\":\"", unit, count, tail, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void msg_plain(size_t size) { sentence("some words ", size / 11, "\"}"); }
static void msg_schemes(size_t size) { sentence("://", size / 3, "\"}"); }
static void msg_scheme_words(size_t size) { sentence("a://b ", size / 6, "\"}"); }
static void msg_logins(size_t size) { sentence("://a:b@", size / 7, "\"}"); }
static void msg_queries(size_t size) { sentence("a://b?c ", size / 8, "\"}"); }
static void msg_key_pieces(size_t size) { sentence("complexity-key-012345678", size / 24, "\"}"); }
static void msg_keys(size_t size) { sentence("complexity-key-0123456789 ", size / 26, "\"}"); }
static void msg_percent(size_t size) { sentence("%63omplexity-key-0123456789 %25%2", size / 33, "\"}"); }
static void msg_entities(size_t size) { sentence("&#99;omplexity&#x2d;key-&amp;&lt;&", size / 34, "\"}"); }
static void msg_escapes(size_t size) { sentence("\\\\u0063omplexity\\\\/\\\\x2d\\\\", size / 25, "\"}"); }
static void msg_base64(size_t size) { sentence("Y29tcGxleGl0eS1rZXktMDEyMzQ1Njc4", size / 32, "\"}"); }
static void msg_hex(size_t size) { sentence("636f6d706c65786974792d6b65792d", size / 30, "\"}"); }
static void msg_base64_twice(size_t size) {
  sentence("WTI5dGNHeGxlR2wwZVMxclpYa3RNREV5TXpRMU5qYzRPVEF4TWpNME5UWTNPRGt3", size / 64, "\"}");
}
static void msg_base64_of_one_letter(size_t size) { sentence("UUUUUUUU", size / 8, "\"}"); }
static void msg_base32(size_t size) { sentence("MNXW24DMMV4GS5DZFVVWK6JNGAYTEMZU", size / 32, "\"}"); }
static void msg_decimals(size_t size) { sentence("99, 111, 109, 112, 108, 101, 120, ", size / 34, "\"}"); }
static void msg_hexadecimal_list(size_t size) { sentence("0x63, 0x6f, 0x6d, ", size / 18, "\"}"); }
static void msg_quoted_printable(size_t size) { sentence("=63omplexity=2Dkey=3D41=", size / 24, "\"}"); }
static void msg_escapes_inside(size_t size) { sentence("%25252563&amp;amp;amp;#38;", size / 26, "\"}"); }
static void msg_names(size_t size) { sentence("&abcdefghijklmnop&amp&zzzz", size / 26, "\"}"); }
static void msg_numbers(size_t size) { sentence("&#00000000000000000000000099", size / 28, "\"}"); }
static void msg_octal(size_t size) { sentence("\\\\143\\\\157\\\\155", size / 15, "\"}"); }
static void msg_braces(size_t size) { sentence("\\\\u{63}\\\\x{6f}\\\\u{", size / 18, "\"}"); }
static void msg_full_width(size_t size) { sentence("\xEF\xBD\x83\xEF\xBD\x8F\xEF\xBD\x8D", size / 9, "\"}"); }
static void msg_mathematical(size_t size) { sentence("\xF0\x9D\x90\x9C\xF0\x9D\x90\xA8\xCC\x81", size / 10, "\"}"); }
static void msg_characters(size_t size) { sentence("'c','o',", size / 8, "\"}"); }
static void msg_controls(size_t size) { sentence("\\u0001\\n\\r", size / 10, "\"}"); }
static void msg_combining(size_t size) { sentence("\xCC\x81", size / 2, "\"}"); }
static void msg_surrogates(size_t size) { sentence("\\ud83d\\ude00", size / 12, "\"}"); }
static void msg_halves(size_t size) { sentence("\\ude00", size / 6, "\"}"); }

/* The longer the key, the longer the piece of it that a sentence repeats. */
static void msg_pieces_of_long_key(size_t size) {
  struct text members = {0}, body = {0};
  add(&members, ",\"api_key\":\"");
  repeat(&members, "aaaaaaaa", size / 8);
  add(&members, "b\"");
  configure(members.bytes);
  free(members.bytes);
  add(&body, "{\"code\":1003,\"msg\":\"");
  repeat(&body, "aaaaaaaa", size / 4);
  add(&body, "\"}");
  read_body("200 OK", "", &body, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

/* Values under secret names in the request, and a sentence, of one size. */
static void msg_many_secrets(size_t size) {
  struct text parameters = {0}, body = {0};
  add(&body, "{\"code\":1003,\"msg\":\"");
  number(&body, "secret-%zu", size);
  add(&body, "\"}");
  answer_json(body.bytes);
  add(&parameters, "{\"method\":\"POST\",\"path\":\"/x\",\"body\":{\"tokens\":[");
  number(&parameters, "\"secret-%zu\"", size);
  add(&parameters, "]}}");
  counted_call(AKOOL_OP_REQUEST, parameters.bytes, NULL, AKOOL_ERR_INVALID_ARGUMENT);
  free(parameters.bytes);
  free(body.bytes);
}

static void trace(size_t size) {
  read_json("{\"code\":1003,\"msg\":\"", "some words ", size / 11, "\"}", "{\"trace\":true,\"raw\":true}",
            AKOOL_ERR_INVALID_ARGUMENT);
}

/* Bodies. */
#define DATA "{\"code\":1000,\"msg\":\"OK\",\"data\":"

static void numbered(const char *start, const char *format, size_t count, const char *tail, const char *options) {
  struct text members = {0};
  number(&members, format, count);
  read_json(start, members.bytes, 1, tail, options, AKOOL_OK);
  free(members.bytes);
}

static void data_string(size_t size) { read_json(DATA "\"", "abcdefgh", size / 8, "\"}", NULL, AKOOL_OK); }
static void data_escapes(size_t size) { read_json(DATA "\"", "\\n\\u0001\\/", size / 10, "\"}", NULL, AKOOL_OK); }
static void data_surrogates(size_t size) { read_json(DATA "\"", "\\ud83d\\ude00", size / 12, "\"}", NULL, AKOOL_OK); }
static void data_halves(size_t size) { read_json(DATA "\"", "\\ud83d", size / 6, "\"}", NULL, AKOOL_OK); }
static void data_numbers(size_t size) { read_json(DATA "[0", ",1.5e-3,-12345678", size, "]}", NULL, AKOOL_OK); }
static void data_containers(size_t size) { read_json(DATA "[0", ",{},[]", size, "]}", NULL, AKOOL_OK); }
static void data_nested(size_t size) {
  read_json(DATA "[0",
            ",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]"
            "]]]]]]]]]]]]]]]]",
            size, "]}", NULL, AKOOL_OK);
}
static void data_members(size_t size) { numbered(DATA "{", "\"m%zu\":%zu", size, "}}", NULL); }
static void data_elements(size_t size) { numbered(DATA "[", "{\"a\":\"%zu\"}", size, "]}", NULL); }
static void data_raw(size_t size) { numbered(DATA "[", "{\"a\":\"%zu\"}", size, "]}", "{\"raw\":true}"); }
static void body_members(size_t size) { numbered(DATA "1,", "\"m%zu\":%zu", size, "}", NULL); }
static void duplicate_members(size_t size) { read_json(DATA "{\"a\":0", ",\"a\":1", size, "}}", NULL, AKOOL_OK); }
static void too_deep(size_t size) { read_json(DATA, "[", size, "", NULL, AKOOL_ERR_BAD_RESPONSE); }
static void cut_body(size_t size) { read_json(DATA "[", "\"abc\",", size / 6, "", NULL, AKOOL_ERR_BAD_RESPONSE); }
static void long_number(size_t size) { read_json(DATA "1", "0123456789", size / 10, "}", NULL, ANY_RESULT); }
static void long_fraction(size_t size) { read_json(DATA "0.", "0123456789", size / 10, "}", NULL, AKOOL_OK); }
static void long_code(size_t size) { read_json("{\"code\":\"1", "000", size / 3, "\"}", NULL, ANY_RESULT); }

static void page(size_t size) {
  struct text body = {0};
  add(&body, "<html>");
  repeat(&body, "<p>http://a.example/?b=c</p>", size / 28);
  read_body("502 Bad Gateway", "content-type: text/html\r\n", &body, "{\"trace\":true}", AKOOL_ERR_UNAVAILABLE);
}

static void chunks(size_t size) {
  struct text text = {0};
  add(&text,
      "HTTP/1.1 200 OK\r\ntransfer-encoding: "
      "chunked\r\n\r\n17\r\n{\"code\":1000,\"data\":\"xy\r\n");
  repeat(&text, "1\r\na\r\n", size);
  add(&text, "2\r\n\"}\r\n0\r\n\r\n");
  answer_bytes(text.bytes, text.length);
  counted_call(AKOOL_OP_REQUEST, get, NULL, AKOOL_OK);
  free(text.bytes);
}

/* Header lines, of 64 KB at most together. */
static void header(const char *start, const char *unit, size_t count, const char *tail, const char *status,
                   akool_result wanted) {
  struct text headers = {0}, body = {0};
  add(&headers, start);
  repeat(&headers, unit, count);
  add(&headers, tail);
  add(&headers, "\r\n");
  add(&body, "<html>");
  read_body(status, headers.bytes, &body, "{\"trace\":true}", wanted);
  free(headers.bytes);
}

#define OKAY "200 OK", AKOOL_ERR_BAD_RESPONSE
#define BUSY "429 Too Many Requests", AKOOL_ERR_RATE_LIMITED
#define MOVED "302 Found", AKOOL_ERR_BAD_RESPONSE

static void type_plain(size_t size) { header("content-type: ", "abcdefgh", size / 8, "", OKAY); }
static void type_schemes(size_t size) { header("content-type: ", "://", size / 3, "", OKAY); }
static void type_logins(size_t size) { header("content-type: ", "://a:b@", size / 7, "", OKAY); }
static void type_keys(size_t size) { header("content-type: ", "complexity-key-012345678", size / 24, "", OKAY); }
static void type_blanks(size_t size) { header("content-type: a", " ", size, "b", OKAY); }
static void type_latin(size_t size) { header("content-type: ", "\xE9", size, "", OKAY); }
static void header_unknown(size_t size) { header("x-header: ", "abcdefgh", size / 8, "", OKAY); }
static void header_lines(size_t size) { header("x-first: 1", "\r\nx-header: value", size / 17, "", OKAY); }
static void header_types(size_t size) { header("x-first: 1", "\r\ncontent-type: a", size / 17, "", OKAY); }
static void header_folded(size_t size) { header("content-type: a", "\r\n b", size / 4, "", OKAY); }
static void header_trailing(size_t size) { header("content-type: a", " ", size, "", OKAY); }
static void cookies(size_t size) { header("x-first: 1", "\r\nset-cookie: a=b; path=/", size / 25, "", OKAY); }
static void cookie_long(size_t size) { header("set-cookie: a=", "abcdefgh", size / 8, "", OKAY); }
static void retry_digits(size_t size) { header("retry-after: ", "0", size, "1", BUSY); }
static void retry_words(size_t size) { header("retry-after: ", "Sun, ", size / 5, "", BUSY); }
static void retry_colons(size_t size) { header("retry-after: Sun, 06 Nov 2094 08", ":49", size / 3, " GMT", BUSY); }
static void date_words(size_t size) { header("retry-after: 1\r\ndate: ", "Sun, ", size / 5, "", BUSY); }
static void date_blanks(size_t size) { header("retry-after: 1\r\ndate: a", " ", size, "b", BUSY); }
static void reason(size_t size) {
  struct text status = {0};
  add(&status, "502 ");
  repeat(&status, "reason ", size / 7);
  header("x-first: 1", "", 0, "", status.bytes, AKOOL_ERR_UNAVAILABLE);
  free(status.bytes);
}
static void location_dots(size_t size) { header("location: gopher://a/", "../", size / 3, "", MOVED); }
static void location_query(size_t size) { header("location: gopher://a/?", "b=c&", size / 4, "", MOVED); }
static void location_schemes(size_t size) { header("location: gopher", "://", size / 3, "", MOVED); }

const struct complexity_case reply_cases[] = {{"msg plain", msg_plain},
                                              {"msg schemes", msg_schemes},
                                              {"msg scheme words", msg_scheme_words},
                                              {"msg logins", msg_logins},
                                              {"msg queries", msg_queries},
                                              {"msg pieces of the key", msg_key_pieces},
                                              {"msg keys", msg_keys},
                                              {"msg percent", msg_percent},
                                              {"msg entities", msg_entities},
                                              {"msg escapes", msg_escapes},
                                              {"msg base64", msg_base64},
                                              {"msg hex", msg_hex},
                                              {"msg base64 twice", msg_base64_twice},
                                              {"msg base64 of one letter", msg_base64_of_one_letter},
                                              {"msg base32", msg_base32},
                                              {"msg decimals", msg_decimals},
                                              {"msg hexadecimal list", msg_hexadecimal_list},
                                              {"msg quoted-printable", msg_quoted_printable},
                                              {"msg escapes inside escapes", msg_escapes_inside},
                                              {"msg names of entities", msg_names},
                                              {"msg numbers of entities", msg_numbers},
                                              {"msg octal", msg_octal},
                                              {"msg braces", msg_braces},
                                              {"msg full width", msg_full_width},
                                              {"msg mathematical letters", msg_mathematical},
                                              {"msg characters", msg_characters},
                                              {"msg controls", msg_controls},
                                              {"msg combining marks", msg_combining},
                                              {"msg surrogates", msg_surrogates},
                                              {"msg halves of surrogates", msg_halves},
                                              {"msg pieces of a long key", msg_pieces_of_long_key},
                                              {"msg many secrets", msg_many_secrets},
                                              {"trace and raw", trace},
                                              {"data string", data_string},
                                              {"data escapes", data_escapes},
                                              {"data surrogates", data_surrogates},
                                              {"data halves of surrogates", data_halves},
                                              {"data numbers", data_numbers},
                                              {"data containers", data_containers},
                                              {"data nested", data_nested},
                                              {"data members", data_members},
                                              {"data elements", data_elements},
                                              {"data raw", data_raw},
                                              {"reply members", body_members},
                                              {"reply duplicate members", duplicate_members},
                                              {"reply too deep", too_deep},
                                              {"reply cut", cut_body},
                                              {"reply long number", long_number},
                                              {"reply long fraction", long_fraction},
                                              {"reply long code", long_code},
                                              {"reply page", page},
                                              {"reply chunks", chunks},
                                              {"type plain", type_plain},
                                              {"type schemes", type_schemes},
                                              {"type logins", type_logins},
                                              {"type keys", type_keys},
                                              {"type blanks", type_blanks},
                                              {"type latin", type_latin},
                                              {"header unknown", header_unknown},
                                              {"header lines", header_lines},
                                              {"header types", header_types},
                                              {"header folded", header_folded},
                                              {"header trailing blanks", header_trailing},
                                              {"cookies", cookies},
                                              {"cookie long", cookie_long},
                                              {"retry-after digits", retry_digits},
                                              {"retry-after words", retry_words},
                                              {"retry-after colons", retry_colons},
                                              {"date words", date_words},
                                              {"date blanks", date_blanks},
                                              {"reason phrase", reason},
                                              {"location dots", location_dots},
                                              {"location query", location_query},
                                              {"location schemes", location_schemes},
                                              {NULL, NULL}};

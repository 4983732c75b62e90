// JSON that comes out and JSON that goes in.
#include "support.hpp"

#include <cstdint>
#include <limits>

namespace {

const akool::json sample(
    R"({"s": "a \"b\" \u00e4", "n": -12, "f": 1.5, "t": true, "z": null, "big": 9223372036854775807,
  "text": "6000.25", "a": [1, "x,]", {"k": [2, 3]}, [], "\\"], "o": {"p/q": {"~": 7}}, "none": []})");

template <typename T>
std::string written(const T &value) {
  return akool::object{{"v", value}}.text();
}

}  // namespace

TEST(values_by_pointer) {
  CHECK_EQUAL(sample["/s"], std::optional<std::string>("a \"b\" \xc3\xa4"));
  CHECK_EQUAL(sample["/z"], std::optional<std::string>("null"));
  CHECK_EQUAL(sample["/o/p~1q/~0"], std::optional<std::string>("7"));
  CHECK(!sample["/nothing"]);
  CHECK(sample.contains("/none") && !sample.contains("/none/0"));
}

TEST(values_of_a_type) {
  CHECK_EQUAL(sample.get<int>("/n"), std::optional<int>(-12));
  CHECK_EQUAL(sample.get<double>("/f"), std::optional<double>(1.5));
  CHECK_EQUAL(sample.get<float>("/f"), std::optional<float>(1.5F));
  CHECK_EQUAL(sample.get<double>("/text"), std::optional<double>(6000.25));
  CHECK_EQUAL(sample.get<bool>("/t"), std::optional<bool>(true));
  CHECK_EQUAL(sample.get<std::string>("/n"), std::optional<std::string>("-12"));
  CHECK_EQUAL(sample.get<akool::json>("/o")->get<int>("/p~1q/~0"), std::optional<int>(7));
}

TEST(values_of_another_type_are_not_there) {
  CHECK(!sample.get<int>("/s") && !sample.get<int>("/f") && !sample.get<int>("/z") && !sample.get<int>("/nothing"));
  CHECK(!sample.get<unsigned>("/n") && !sample.get<std::int8_t>("/big") && !sample.get<bool>("/n"));
  CHECK(!sample.get<akool::json>("/s") && !sample.get<double>("/s") && !sample.get<double>("/z"));
}

TEST(texts_that_are_no_numbers_of_json_are_none) {
  const akool::json odd(R"({"i": "inf", "n": "nan", "m": "-infinity", "plus": "+1", "blank": " 1", "e": ""})");
  for (const char *pointer : {"/i", "/n", "/m", "/plus", "/blank", "/e"})
    CHECK(!odd.get<double>(pointer) && !odd.get<float>(pointer) && !odd.get<int>(pointer));
}

TEST(at_tells_why) {
  CHECK_EQUAL(sample.at("/nothing").code(), akool::errc::not_found);
  CHECK_EQUAL(sample.at("no pointer").code(), akool::errc::invalid_argument);
  CHECK_EQUAL(sample.at(std::string_view("/n\0/x", 5)).code(), akool::errc::invalid_argument);
  CHECK_EQUAL(akool::json("{").at("/a").code(), akool::errc::invalid_argument);
  CHECK_EQUAL(akool::json().at("").code(), akool::errc::invalid_argument);
  CHECK_EQUAL(sample.at("/n").value(), "-12");
}

TEST(elements_of_arrays) {
  const auto elements = sample.elements("/a");
  CHECK_EQUAL(elements.size(), 5u);
  CHECK_EQUAL(elements[0].get<int>(""), std::optional<int>(1));
  CHECK_EQUAL(elements[1][""], std::optional<std::string>("x,]"));
  CHECK_EQUAL(elements[2].elements("/k").size(), 2u);
  CHECK_EQUAL(elements[3].text(), "[]");
  CHECK_EQUAL(elements[4][""], std::optional<std::string>("\\"));
  CHECK(sample.elements("/none").empty() && sample.elements("/o").empty() && sample.elements("/nothing").empty());
  CHECK_EQUAL(akool::json("[[1],[2]]").elements().size(), 2u);
}

TEST(elements_split_outside_strings_when_quotes_are_escaped) {
  const auto elements = akool::json(R"(["a\",b", "c\\", {"k": "\"]"}])").elements();
  CHECK_EQUAL(elements.size(), 3u);
  CHECK_EQUAL(elements[0][""], std::optional<std::string>("a\",b"));
  CHECK_EQUAL(elements[1][""], std::optional<std::string>("c\\"));
  CHECK_EQUAL(elements[2]["/k"], std::optional<std::string>("\"]"));
}

TEST(numbers_go_in_exactly) {
  CHECK_EQUAL(written(600), R"({"v":600})");
  CHECK_EQUAL(written(-1L), R"({"v":-1})");
  CHECK_EQUAL(written(std::numeric_limits<std::uint64_t>::max()), R"({"v":18446744073709551615})");
  CHECK_EQUAL(akool::json(written(0.1)).get<double>("/v"), std::optional<double>(0.1));
  CHECK_EQUAL(akool::json(written(1e300)).get<double>("/v"), std::optional<double>(1e300));
  CHECK_EQUAL(written(true), R"({"v":true})");
  CHECK_EQUAL(written(nullptr), R"({"v":null})");
}

TEST(texts_go_in_with_escapes) {
  CHECK_EQUAL(written("a \"b\"\n"), R"({"v":"a \"b\"\n"})");
  CHECK_EQUAL(akool::object({{"a\"b", std::string("c")}}).text(), R"({"a\"b":"c"})");
  CHECK_EQUAL(akool::quote(std::string_view("a\0b", 3)).value(), R"("a\u0000b")");
  CHECK_EQUAL(akool::quote("").value(), "\"\"");
  CHECK_EQUAL(akool::quote("\xff").code(), akool::errc::invalid_argument);
}

TEST(objects_and_arrays_nest) {
  const std::vector<std::string> ids{"a", "b"};
  const akool::object object{
      {"ids", ids}, {"mixed", akool::array{1, "x", akool::array{}}}, {"sub", {{"k", 1}, {"l", {{"m", 2}}}}}};
  CHECK_EQUAL(object.text(), R"({"ids":["a","b"],"mixed":[1,"x",[]],"sub":{"k":1,"l":{"m":2}}})");
  CHECK_EQUAL(akool::object({{"part", sample.get<akool::json>("/o").value()}}).text(), R"({"part":{"p/q":{"~":7}}})");
  CHECK_EQUAL(written(std::vector<int>{}), R"({"v":[]})");
}

TEST(members_are_added) {
  akool::object object;
  CHECK_EQUAL(object.text(), "{}");
  object.set("a", 1).set("b", "x");
  CHECK_EQUAL(object.text(), R"({"a":1,"b":"x"})");
  CHECK_EQUAL(akool::object(" { } ").set("a", 1).text(), R"( { "a":1} )");
  CHECK_EQUAL(akool::object(R"({"z": {}})").set("a", 1).text(), R"({"z": {},"a":1})");
}

TEST(what_is_wrong_shows_in_the_call) {
  const akool::client client(configuration());
  const auto latin = client.session().create({{"avatar_id", "\xe4"}});
  CHECK_EQUAL(latin.code(), akool::errc::invalid_argument);
  CHECK(latin.error().message().find("UTF-8") != std::string::npos);
  const auto cut = client.session().create(std::string("{\"avatar_id\": \"x\"}\0{}", 21));
  CHECK_EQUAL(cut.code(), akool::errc::invalid_argument);
  CHECK(cut.error().message().find("NUL") != std::string::npos);
  CHECK_EQUAL(client.session().create("no JSON").code(), akool::errc::invalid_argument);
  for (const double number : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    const auto endless =
        client.session().create({{"avatar_id", avatar}, {"nested", {{"list", std::vector<double>{number}}}}});
    CHECK_EQUAL(endless.code(), akool::errc::invalid_argument);
    CHECK(endless.error().message().find("not finite") != std::string::npos);
  }
  CHECK_EQUAL(client.account().credit({}, {{"tag", "\xff"}}).code(), akool::errc::invalid_argument);
  CHECK_EQUAL(client.async().session().create({{"avatar_id", "\xe4"}}).get().code(), akool::errc::invalid_argument);
  CHECK_EQUAL(akool::client::create({{"api_key", "\xe4"}}).code(), akool::errc::invalid_argument);
  CHECK_EQUAL(client.call("account.credit", akool::object("}").set("a", 1)).code(), akool::errc::invalid_argument);
}

TEST(json_of_every_form_is_taken) {
  const akool::client client(configuration());
  const std::string text = R"({"id": "6698c9d69cf7b0d61d1b6420"})";
  for (const auto &reply : {client.session().detail(text), client.session().detail(std::string_view(text)),
                            client.session().detail(text.c_str()), client.session().detail(akool::json(text)),
                            client.session().detail({{"id", no_session}})})
    CHECK_EQUAL(reply.code(), akool::errc::not_found);
}

int main(int count, char **names) { return run_tests(count, names); }

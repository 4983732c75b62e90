/* Stands in for Unreal's: what the snippet uses of it, with Unreal's types and the macros that other headers meet. */
#pragma once
#include <cstdio>
#include <functional>
#include <string>

typedef char16_t TCHAR;
typedef int int32;
typedef unsigned long long uint64;

#define TEXT(text) u##text
#define PI (3.1415926535897932f)
#define check(condition)                \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (0)
#define verify(condition) check(condition)
#define ensure(condition) (condition)
#define checkf(condition, ...) check(condition)
#define THIRD_PARTY_INCLUDES_START _Pragma("GCC diagnostic push")
#define THIRD_PARTY_INCLUDES_END _Pragma("GCC diagnostic pop")

/* ASCII is enough for what the test says. */
inline std::string Narrow(const TCHAR *Text) { return std::string(Text, Text + std::char_traits<TCHAR>::length(Text)); }
inline std::u16string Wide(const std::string &Text) { return std::u16string(Text.begin(), Text.end()); }
#define TCHAR_TO_UTF8(text) Narrow(text).c_str()
#define UTF8_TO_TCHAR(text) Wide(text).c_str()

class FString {
 public:
  FString() = default;
  explicit FString(const TCHAR *Text) : Characters(Text) {}
  const TCHAR *operator*() const { return Characters.c_str(); }

 private:
  std::u16string Characters;
};

template <typename Signature>
using TFunction = std::function<Signature>;

#define DEFINE_LOG_CATEGORY_STATIC(name, level, all) static const char name[] = #name
inline void LogStandIn(const char *Category, const TCHAR *, const TCHAR *Text) {
  std::printf("%s: %s\n", Category, Narrow(Text).c_str());
}
#define UE_LOG(category, level, ...) LogStandIn(category, __VA_ARGS__)

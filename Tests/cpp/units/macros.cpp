// Unreal Engine's macros, before and after the header.
#define check(condition) static_assert(false, "check")
#define verify(condition) static_assert(false, "verify")

#include <akool.hpp>

#if !defined(verify) || !defined(check)
#error "The header has taken the macros away."
#endif

int main() {
  // In parentheses a name is no call of a macro.
  const auto reply = (akool::offline().webhook().verify)({{"body", "{}"}}, {});
  return reply.code() == akool::errc::bad_handle ? 1 : 0;
}

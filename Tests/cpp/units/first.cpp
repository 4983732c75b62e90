// Half of a program: the other half includes the header too, perhaps compiled in another way.
#include <akool.hpp>

#include <cstdio>

int errors_of_the_other_half();

int main() {
  const akool::result<akool::client> client =
      akool::client::create({{"base_url", "simulator:"}, {"environment", false}});
  if (!client) return 1;
  const auto reply = client->session().detail({{"id", "6698c9d69cf7b0d61d1b6420"}});
  std::puts(reply.error().what().c_str());
  return reply.code() == akool::errc::not_found ? errors_of_the_other_half() : 1;
}

// Runs both files' operators on the same numbers, which cross between the files as std::vectors.
#include <cstring>

#include "../reference.hpp"
#include "files.hpp"

int main() {
  const reference::Sizes z;
  const auto w1 = reference::numbers(z.k * z.q * z.p, 1);
  const auto w2 = reference::numbers(z.l * z.s * z.r, 2);
  const auto x = reference::numbers(z.k * z.p * z.batch, 3);
  const auto expected = reference::monarch(z, w1, w2, x);

  std::vector<float> y(expected.value.size());
  std::printf("plain: %s\n", plain_monarch(w1, w2, x, y));
  bool right = expected.agrees("plain", y);

  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    std::printf("avx2: skipped, this CPU lacks it\n");
  } else {
    y.assign(y.size(), 0.0f);
    const char* const isa = avx2_monarch(w1, w2, x, y);
    std::printf("header-only: %s\n", isa);
    right = expected.agrees("header-only", y) && std::strcmp(isa, "avx2") == 0 && right;
  }
  return right ? 0 : 1;
}

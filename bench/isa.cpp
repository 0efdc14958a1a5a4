#include "isa.hpp"

#include <string_view>

#include "strum/core/error.hpp"
#include "strum/core/isa.hpp"

namespace bench {

const IsaTable& active_table() {
  const std::string_view isa = strum::active_isa();
#if defined(__x86_64__)
  if (isa == "avx512") return isa_avx512;
  if (isa == "avx2") return isa_avx2;
  if (isa == "sse2") return isa_sse2;
#elif defined(__aarch64__)
  if (isa == "neon64") return isa_neon64;
#endif
  strum::detail::fail<strum::ValueError>("strum_bench: not built for ", isa);
}

template <>
const IsaKernels<float>& active_kernels<float>() {
  return active_table().f32;
}

template <>
const IsaKernels<double>& active_kernels<double>() {
  return active_table().f64;
}

}  // namespace bench

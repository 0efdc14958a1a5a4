// The instruction set whose kernels run.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// "sse2", "avx2", "avx512" or "neon64": chosen once, at first use, from what the machine can do;
/// the environment variable STRUM_ISA overrides it. Throws ValueError if STRUM_ISA names a set that
/// is unknown or not to be had here. Header-only: the set that the including file is compiled for.
STRUM_API const char* active_isa();

#if defined(STRUM_HEADER_ONLY)
inline const char* active_isa() { return STRUM_TO_STRING(STRUM_ISA_NAME); }
#endif

}  // namespace strum::inline STRUM_ABI

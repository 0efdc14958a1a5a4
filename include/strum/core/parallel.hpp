// parallel_for: independent pieces of work on the machine's cores.
#pragma once

#include <functional>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// Calls body(i) for every i in [0, count), in any order and on any thread, and returns when all
/// are done. Uses OpenMP where the library was built with it (header-only: where the including file
/// has it on), else one thread. Called from inside a parallel region it stays on the calling
/// thread. The first exception that a body throws is thrown again here, and the bodies not yet
/// begun are left out.
STRUM_API void parallel_for(Index count, const std::function<void(Index)>& body);

}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/core/parallel-inl.hpp"
#endif

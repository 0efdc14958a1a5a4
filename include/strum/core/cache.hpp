// The caches of this machine.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Bytes of a core's second-level cache, read from the operating system once; 1 MiB where it does
/// not say.
[[nodiscard]] STRUM_API Index second_level_cache_bytes();

}  // namespace strum::inline STRUM_ABI::detail

#if defined(STRUM_HEADER_ONLY)
#include "strum/core/cache-inl.hpp"
#endif

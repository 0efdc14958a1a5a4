// The bodies of core/cache.hpp: compiled once in the library, inline header-only.
#pragma once

#include <cstddef>
#include <cstdio>

#include "strum/core/cache.hpp"

#if defined(__linux__)
#include <unistd.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace strum::inline STRUM_ABI::detail {

/// What the operating system says, 0 if nothing.
STRUM_INLINE Index ask_second_level_cache_bytes() {
#if defined(__linux__)
#if defined(_SC_LEVEL2_CACHE_SIZE)
  if (const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE); bytes > 0) return bytes;
#endif
  // The C library knows it on x86 only; the kernel on most machines.
  long kilobytes = 0;
  if (std::FILE* const file = std::fopen("/sys/devices/system/cpu/cpu0/cache/index2/size", "r")) {
    if (std::fscanf(file, "%ldK", &kilobytes) != 1) kilobytes = 0;
    std::fclose(file);
  }
  return Index{kilobytes} * 1024;
#elif defined(__APPLE__)
  std::int64_t bytes = 0;
  std::size_t size = sizeof(bytes);
  if (sysctlbyname("hw.perflevel0.l2cachesize", &bytes, &size, nullptr, 0) == 0) return bytes;
  if (sysctlbyname("hw.l2cachesize", &bytes, &size, nullptr, 0) == 0) return bytes;
  return 0;
#else
  return 0;
#endif
}

STRUM_INLINE Index second_level_cache_bytes() {
  static const Index bytes = [] {
    const Index told = ask_second_level_cache_bytes();
    return told > 0 ? told : Index{1} << 20;
  }();
  return bytes;
}

}  // namespace strum::inline STRUM_ABI::detail

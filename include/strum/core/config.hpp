// What the compiler and the build tell strum: version, instruction set, compiled or header-only.
#pragma once

#include <cstddef>

#define STRUM_VERSION_MAJOR 0
#define STRUM_VERSION_MINOR 1
#define STRUM_VERSION_PATCH 0

// The instruction set the compiler was told to use in this file. A library object for one
// instruction set is compiled with that set's flags, so the same test serves both.
#if defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && \
    defined(__AVX512BW__) && defined(__AVX512VL__)
#define STRUM_ISA_AVX512 1
#define STRUM_ISA_NAME avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define STRUM_ISA_AVX2 1
#define STRUM_ISA_NAME avx2
#elif defined(__SSE2__) || defined(_M_X64)
#define STRUM_ISA_SSE2 1
#define STRUM_ISA_NAME sse2
#elif defined(__aarch64__) || defined(_M_ARM64)
#define STRUM_ISA_NEON64 1
#define STRUM_ISA_NAME neon64
#else
#error "strum needs SSE2, AVX2+FMA, AVX-512 (F, CD, DQ, BW, VL) or 64-bit NEON"
#endif

#define STRUM_CONCAT_(a, b) a##b
#define STRUM_CONCAT(a, b) STRUM_CONCAT_(a, b)
#define STRUM_TO_STRING_(x) #x
#define STRUM_TO_STRING(x) STRUM_TO_STRING_(x)

// Every name lives in an inline namespace that carries the version and, header-only, the
// instruction set: files built with different -m flags then share no symbol, and a program may mix
// the compiled library with header-only files.
#if defined(STRUM_HEADER_ONLY)
#define STRUM_ABI STRUM_CONCAT(v0_1_headers_, STRUM_ISA_NAME)
#define STRUM_API
#define STRUM_INLINE inline
#else
#define STRUM_ABI v0_1
#if defined(_WIN32)
#define STRUM_API
#else
#define STRUM_API __attribute__((visibility("default")))
#endif
#define STRUM_INLINE
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define STRUM_ALWAYS_INLINE __forceinline
#define STRUM_ALWAYS_INLINE_LAMBDA
#define STRUM_NEVER_INLINE __declspec(noinline)
#define STRUM_FLATTEN
#else
#define STRUM_ALWAYS_INLINE inline __attribute__((always_inline))
#define STRUM_ALWAYS_INLINE_LAMBDA __attribute__((always_inline))
#define STRUM_NEVER_INLINE __attribute__((noinline))
#define STRUM_FLATTEN __attribute__((flatten))
#endif

namespace strum::inline STRUM_ABI {

/// Sizes, indices and strides: signed, 64 bits wide.
using Index = std::ptrdiff_t;
static_assert(sizeof(Index) == 8, "strum needs a 64-bit target");

/// A size that is known only at run time, as a template argument (Eigen's convention).
inline constexpr Index Dynamic = -1;

}  // namespace strum::inline STRUM_ABI

// The border between transforms and their kernels: one table of functions per instruction set and
// real type, as kernels/table.hpp is for products with packed weights.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// A product of spectra in planes, n real parts followed by n imaginary parts each:
///
///     y = f·x     or conj(f)·x where `correlate`,  added to y where `add`.
///
/// y may be f or x.
template <class R>
struct SpectraCall {
  Index n;
  const R* f;
  const R* x;
  R* y;
  bool correlate, add;
};

/// y = scale·x·w, or scale·x·conj(w) where `conjugate`, of n complex numbers each, re and im in
/// turn. y may be x.
template <class R>
struct ComplexProductCall {
  Index n;
  const R* x;
  const R* w;
  R* y;
  bool conjugate;
  R scale;
};

/// y = scale·(H_order ⊗ H_n)·x for n a power of two and order 1, 12 or 20, whose H is given as
/// order x order signs 1 and −1. Complex numbers are re and im in turn. y may be x.
template <class R>
struct HadamardCall {
  Index order, n;
  const R* signs;
  bool is_complex;
  const R* x;
  R* y;
  R scale;
};

/// The kernels of one instruction set that work on signals.
template <class R>
struct SignalTable {
  const char* isa;
  Index lanes;
  void (*multiply_spectra)(const SpectraCall<R>& call);
  void (*multiply_complex)(const ComplexProductCall<R>& call);
  void (*hadamard)(const HadamardCall<R>& call);
};

/// The table of the instruction set in use, chosen as kernels::table() is.
template <class R>
STRUM_API const SignalTable<R>& signals();

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/kernels/signals-inl.hpp"
#endif

// The border between transforms and their kernels: one table of functions per instruction set and
// real type, as kernels/table.hpp is for products with packed weights.
#pragma once

#include "strum/core/config.hpp"
#include "strum/kernels/convolution_calls.hpp"
#include "strum/kernels/stream_calls.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// What one pass of a transform does: takes factor `radix` of n, with `rest` = m and `stride` = s
/// of kernels/fft.hpp; twiddles w^{pk} in the order of kTwiddleStep there, and of a first pass also
/// with the p of a block in the order of pair_of_lane(); roots, of an odd radix, in that of
/// dft_odd().
template <class R>
struct FftPass {
  Index radix, rest, stride;
  const R* twiddles;
  const R* twiddles_in_parts;
  const R* roots;
};

inline constexpr Index kMostPasses = 64;

/// A transform of n complex numbers. For a transform of 2·n real ones in pairs, `split` holds
/// e^{−2πik/(2n)}, 0 <= k <= n/2: the real parts, then the imaginary ones.
template <class R>
struct FftStages {
  Index n, count;
  const FftPass<R>* passes;
  const R* split;
};

/// Transforms of `batch` signals of interleaved complex numbers, unnormalised but for `scale`. With
/// fft_real, of real numbers to half their spectrum (forward) or back (inverse), n + 1 complex
/// numbers and 2·n real ones. Elements of a signal are neighbours (x_step and y_step are 1; signals
/// are a pitch apart), or signals are (element j of signal i: x[j·x_step + i], steps in numbers of
/// what x holds). y may be x where each is of the same layout.
template <class R>
struct FftCall {
  const FftStages<R>* stages;
  const R* x;
  R* y;
  Index batch;
  bool signals_are_neighbours;
  Index x_step, y_step, x_pitch, y_pitch;
  R scale;
  bool inverse;
  R* scratch;
};

/// How a signal becomes n complex numbers and their spectrum, in planes of n each.
enum class SpectrumKind {
  complex,  ///< complex numbers, as they are
  real,    ///< pairs of 2·n real numbers; spectrum 0 ... n − 1, the last (real) one as Im of the
           ///< first
  twisted  ///< of numbers a and those n later b, (a + i·b) times weights: the negacyclic one
};

/// A contiguous signal of `count` numbers, with zeros behind it, to its spectrum; or back, to its
/// numbers [first, first + count), times `scale`. weights: of the numbers, their real parts and
/// then the imaginary ones, or null for ones. `conjugated`: the signal is conjugated where it is
/// read or written.
template <class R>
struct FftSpectrumCall {
  const FftStages<R>* stages;
  SpectrumKind kind;
  const R* weights;
  bool inverse, conjugated;
  const R* x;
  R* y;
  Index first, count;
  R scale;
  R* scratch;
};

/// A product of spectra in planes, n real parts followed by n imaginary parts each:
///
///     y = f·x     or conj(f)·x where `correlate`,  added to y where `add`.
///
/// y may be f or x. `packed`: the first numbers are two real ones each (SpectrumKind::real).
template <class R>
struct SpectraCall {
  Index n;
  bool packed;
  const R* f;
  const R* x;
  R* y;
  bool correlate, add;
};

/// Of n numbers, y = (x_0, x_2, ..., s·x_3, s·x_1), s = odd_sign; not `apart`: back. x and y share
/// nothing.
template <class R>
struct FoldCall {
  Index n;
  bool apart;
  R odd_sign;
  const R* x;
  R* y;
};

/// Complex numbers z_k, interleaved, of two runs of real ones, re[k·re_step] and im[k·im_step],
/// steps 1 or −1:
///
///     join    z_k = scale·w_k·(re + i·im_sign·im)
///     split   re + i·im_sign·im = scale·w_k·z_k
///
/// w conjugated where `conjugate`. z shares nothing with the runs.
template <class R>
struct TwistCall {
  Index n;
  const R* w;
  bool conjugate;
  R scale, im_sign;
  R* z;
  R* re;
  Index re_step;
  R* im;
  Index im_step;
};

/// The orthonormal Haar transform of n = 2^k numbers from x to y, or its inverse. averages: n/2
/// numbers of scratch, for the forward one. x and y share nothing.
template <class R>
struct HaarCall {
  Index n;
  bool inverse;
  const R* x;
  R* y;
  R* averages;
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

/// Powers that an entry of PowersCall's matrix is the product of: x^t, t < kPowerStep, x^{8k} up to
/// kPowerBlock, and multiples of that.
inline constexpr Index kPowerStep = 8, kPowerBlock = 256;
/// Powers of a node in a table before those of multiples of kPowerBlock.
inline constexpr Index kPowerRows = kPowerStep + kPowerBlock / kPowerStep;
/// Nodes whose powers lie together, the most lanes that there are: rows of all nodes, a power of
/// two apart, would share a set in L1 (a quarter of the speed at m = 4096).
inline constexpr Index kPowerNodes = 16;

/// y_i = Σ_j x_i^j·u_j, m x n, or transposed. `table` has, for every kPowerNodes nodes (the last
/// ones extended with zeros), `powers` = kPowerRows + ⌈n/kPowerBlock⌉ rows of their powers. Complex
/// numbers, of each row too, are in planes.
template <class R>
struct PowersCall {
  Index m, n, powers;
  const R* table;
  bool is_complex, transpose;
  const R* x;
  R* y;
};

/// result_i = Σ_j Σ_ρ a[ρ][i]·v[ρ][j]/(x_i − y_j), m x n, or over y_j − x_i where `negative`.
/// Complex numbers are in planes, row by row of a and v.
template <class R>
struct CauchyCall {
  Index m, n, rank;
  bool is_complex, negative;
  const R *x, *y, *a, *v;
  R* result;
};

/// The kernels of one instruction set that work on signals.
template <class R>
struct SignalTable {
  const char* isa;
  Index lanes;
  /// The factors of n in the order of the passes that take them, at most kMostPasses: how many, or
  /// 0 where a prime among them is too large for a pass.
  Index (*fft_radices)(Index n, Index* radices);
  /// The number that lane l holds where pairs were taken apart, if that is not l for all of them;
  /// else null.
  Index (*pair_of_lane)(Index l);
  /// Reals of scratch for a transform of n complex numbers, of one signal or of a tile of `lanes`.
  Index (*fft_scratch)(Index n, bool tile);
  void (*fft_complex)(const FftCall<R>& call);
  void (*fft_real)(const FftCall<R>& call);
  void (*fft_spectrum)(const FftSpectrumCall<R>& call);
  void (*multiply_spectra)(const SpectraCall<R>& call);
  void (*direct_convolution)(const DirectConvolutionCall<R>& call);
  void (*tap_gradients)(const TapGradientCall<R>& call);
  void (*gate_signal)(const GateCall<R>& call);
  void (*end_convolution)(const ConvolutionEndCall<R>& call);
  void (*gather_phases)(const PhasesCall<R>& call);
  void (*spread_phases)(const PhasesCall<R>& call);
  void (*multiply_bins)(const BinProductCall<R>& call);
  /// y[j·y_step + i] = x[i·x_step + j], 0 <= i < rows, 0 <= j < cols.
  void (*transpose)(Index rows, Index cols, const R* x, Index x_step, R* y, Index y_step);
  void (*fold)(const FoldCall<R>& call);
  void (*join_twisted)(const TwistCall<R>& call);
  void (*split_twisted)(const TwistCall<R>& call);
  void (*haar)(const HaarCall<R>& call);
  void (*hadamard)(const HadamardCall<R>& call);
  void (*stream_head)(const StreamHeadCall<R>& call);
  void (*split_signal)(const SplitCall<R>& call);
  void (*powers)(const PowersCall<R>& call);
  void (*cauchy)(const CauchyCall<R>& call);
};

/// The table of the instruction set in use, chosen as kernels::table() is.
template <class R>
STRUM_API const SignalTable<R>& signals();

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/kernels/signals-inl.hpp"
#endif

// SlicedTransform: the transforms of a block convolution, cut into steps of bounded size.
#pragma once

#include <algorithm>
#include <vector>

#include "strum/core/buffer.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/cyclic_convolution.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Nominal real operations of a transform of n complex numbers, 5·n·log₂ n, rounded down; one of
/// 2n real numbers is counted the same.
[[nodiscard]] inline Index transform_flops(Index n) {
  Index log = 0;
  while ((Index{2} << log) <= n) ++log;
  return 5 * n * log;
}

/// Overlap-save with blocks of S samples, S a power of two: y[t] = Σ_τ k[τ]·x[t − τ] for the S
/// samples t of a block, 0 <= τ < S, from the spectrum of that block and the one before.
///
/// One leaf: the transform of 2S real numbers, in one step. More: modulo z^{2S} + 1 (which differs
/// from a linear convolution only in outputs that nobody asks for) a real signal of 2S samples is
/// the complex one of S, older block + i·newer block, modulo z^S − i, and
///
///     z^L − a² = (z^{L/2} − a)·(z^{L/2} + a)
///
/// splits that, in log₂(leaves) stages, into `leaves` of length M = S/leaves, each modulo
/// z^M − e^{iθ}. There z = e^{iθ/M}·w makes the products cyclic. A step is M of a stage's
/// butterflies or one leaf, so the steps are O(M log M) however long the block, and as many
/// operations all together as the one transform takes.
template <class R>
class SlicedTransform {
 public:
  using Complex = std::complex<R>;

  SlicedTransform(Index block, Index leaves) : block_(block), leaves_(leaves) {
    if (leaves == 1) {
      whole_ = CyclicConvolution<R>(2 * block, Wrap::negacyclic);
      return;
    }
    leaf_ = CyclicConvolution<Complex>(block / leaves);
    while ((Index{1} << stages_) < leaves) ++stages_;
    twists_ = Buffer<R>(2 * block);
    for (Index p = 0; p < leaves; ++p)
      for (Index t = 0; t < leaf_size(); ++t) {
        const Index turns = 2 * leaves * leaf_size();
        R* const w = twists_.data() + 2 * p * leaf_size();
        w[t] = static_cast<R>(cos_pi(angle(stages_, p) * t, turns));
        w[leaf_size() + t] = static_cast<R>(sin_pi(angle(stages_, p) * t, turns));
      }
  }

  [[nodiscard]] Index block() const { return block_; }
  [[nodiscard]] Index leaves() const { return leaves_; }
  /// Reals; a leaf's part of it is as many for each.
  [[nodiscard]] Index spectrum_size() const { return leaves_ * leaf_spectrum_size(); }
  /// Reals of the scratch that forward() and inverse() work in from step to step.
  [[nodiscard]] Index work_size() const { return 2 * block_; }
  [[nodiscard]] std::size_t workspace_bytes() const {
    if (leaves_ == 1) return whole_.workspace_bytes();
    return leaf_.workspace_bytes() +
           Workspace::rounded(static_cast<std::size_t>(leaf_size()) * sizeof(Complex));
  }

  /// Of forward() and of inverse().
  [[nodiscard]] Index steps() const { return stages_ * (leaves_ / 2) + leaves_; }
  /// Nominal operations of forward()'s step, and of inverse()'s step steps() − 1 − step.
  [[nodiscard]] Index flops(Index step) const {
    if (leaves_ == 1) return transform_flops(block_);
    if (step < stages_ * (leaves_ / 2)) return 10 * leaf_size();
    return transform_flops(leaf_size()) + 6 * leaf_size();
  }
  /// Of one leaf of multiply_add().
  [[nodiscard]] Index product_flops() const { return 8 * leaf_size(); }

  /// The steps in turn make the spectrum of two blocks of a signal.
  void forward(Index step, const R* older, const R* newer, R* work, R* spectrum,
               Workspace& workspace) const {
    const Index butterflies = stages_ * (leaves_ / 2);
    if (leaves_ == 1) {
      std::copy_n(older, block_, work);
      std::copy_n(newer, block_, work + block_);
      whole_.transform(work, 2 * block_, spectrum, workspace);
    } else if (step < butterflies) {
      if (step < leaves_ / 2) {  // the first stage takes the signal along
        for (const Index at : {step * leaf_size(), block_ / 2 + step * leaf_size()}) {
          std::copy_n(older + at, leaf_size(), work + at);
          std::copy_n(newer + at, leaf_size(), work + block_ + at);
        }
      }
      split(step, work, false);
    } else {
      const Index p = step - butterflies;
      Workspace::Frame frame(workspace);
      auto* const z = frame.template take<Complex>(leaf_size());
      twist(p, work, z, false);
      leaf_.transform(z, leaf_size(), spectrum + p * leaf_spectrum_size(), workspace);
    }
  }

  /// y += f·x, leaf p of all three.
  void multiply_add(Index p, const R* f, const R* x, R* y) const {
    const Index at = p * leaf_spectrum_size();
    leaves_ == 1 ? whole_.multiply_add(f, x, y) : leaf_.multiply_add(f + at, x + at, y + at);
  }

  /// The steps in turn make the signal's newer block, which then is work[block() ... 2·block() −
  /// 1], `leaves` times as large as it should be: filters are prepared smaller by that.
  void inverse(Index step, const R* spectrum, R* work, Workspace& workspace) const {
    if (leaves_ == 1) {
      whole_.inverse(spectrum, work + block_, block_, block_, workspace);
    } else if (step < leaves_) {
      Workspace::Frame frame(workspace);
      auto* const z = frame.template take<Complex>(leaf_size());
      leaf_.inverse(spectrum + step * leaf_spectrum_size(), z, 0, leaf_size(), workspace);
      twist(step, work, z, true);
    } else {
      split(steps() - 1 - step, work, true);
    }
  }

  /// The spectrum of a filter part of up to block() taps, made small for inverse().
  void prepare(const R* taps, Index count, R* spectrum, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    R* const k = frame.template take<R>(2 * block_);
    R* const work = frame.template take<R>(work_size());
    std::fill_n(k, 2 * block_, R(0));
    for (Index t = 0; t < count; ++t) k[t] = taps[t] / static_cast<R>(leaves_);
    for (Index step = 0; step < steps(); ++step)
      forward(step, k, k + block_, work, spectrum, workspace);
  }

 private:
  [[nodiscard]] Index leaf_size() const { return block_ / leaves_; }
  [[nodiscard]] Index leaf_spectrum_size() const {
    return leaves_ == 1 ? whole_.spectrum_size() : leaf_.spectrum_size();
  }

  /// θ = π·angle/2^{stage+1} of the q-th polynomial z^L − e^{iθ} of a stage: i at first, then ±√.
  [[nodiscard]] static Index angle(Index stage, Index q) {
    Index a = 1;
    for (Index s = 1; s <= stage; ++s)
      if ((q >> (stage - s) & 1) != 0) a += Index{2} << s;
    return a;
  }

  /// M butterflies of a stage, those of `step`.
  void split(Index step, R* work, bool inverse) const {
    const Index stage = step / (leaves_ / 2), chunk = step % (leaves_ / 2);
    const Index half = block_ >> (stage + 1), per_node = half / leaf_size();
    const Index q = chunk / per_node;
    R* const low = work + q * 2 * half + chunk % per_node * leaf_size();
    // a = e^{iθ/2}
    const Index a = angle(stage, q), turns = Index{4} << stage;
    kernels::signals<R>().split_signal({.n = leaf_size(),
                                        .low_re = low,
                                        .low_im = low + block_,
                                        .high_re = low + half,
                                        .high_im = low + block_ + half,
                                        .a_re = static_cast<R>(cos_pi(a, turns)),
                                        .a_im = static_cast<R>(sin_pi(a, turns)),
                                        .inverse = inverse});
  }

  void twist(Index p, R* work, Complex* z, bool inverse) const {
    R* const re = work + p * leaf_size();
    kernels::signals<R>().twist_signal({.n = leaf_size(),
                                        .w = twists_.data() + 2 * p * leaf_size(),
                                        .re = re,
                                        .im = re + block_,
                                        .z = reinterpret_cast<R*>(z),
                                        .inverse = inverse});
  }

  Index block_, leaves_, stages_ = 0;
  CyclicConvolution<R> whole_;       // of the only leaf
  CyclicConvolution<Complex> leaf_;  // of each of several
  Buffer<R> twists_;                 // leaves x (M real parts, M imaginary parts)
};

}  // namespace strum::inline STRUM_ABI::detail

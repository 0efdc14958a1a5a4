// FourierHead (Gillman et al. 2024): a layer that ends in a distribution over bins of [−1, 1].
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "strum/nn/fourier_matrix.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI {

/// A linear layer v = W·x + b gives a_k = v_k + i·v_{N+1+k} (k = 0 ... N) and with them the density
/// p(z) = |A(z)|² / (2·Σ|a_k|²), A(z) = Σ_k a_k·e^{iπkz}, evaluated at the centres
/// z_j = −1 + (2j + 1)/m of m bins:
///
///     pmf_j = |A(z_j)|² / Σ_j' |A(z_j')|²,   logits_j = log(pmf_j + 1e-5)
///
/// This is the published cosine sum over the autocorrelation of a, which the factored form keeps
/// from dipping below zero; and the true sum over the bins normalises it, which differs from
/// (m/2)·2·Σ|a_k|² for N >= m. Where A is zero in every bin (a = 0), the pmf is uniform.
///
/// Parameters: `weight (2(N + 1), d)` = W, `bias (2(N + 1))` = b. Per sample 2(N + 1)·d
/// multiply-adds for the layer and 4·m·(N + 1) for the bins.
template <class ScalarType>
class FourierHead {
 public:
  using Scalar = ScalarType;

  /// Throws ShapeError unless weight is (2(N + 1), d) with N >= 0, bias (2(N + 1)), bins >= 1.
  FourierHead(const Tensor<Scalar>& weight, const Tensor<Scalar>& bias, Index bins)
      : count_(count_of(weight)),
        bins_(bins),
        weight_(weight.matrix()),
        bias_(bias),
        waves_(waves(count_, bins).matrix()) {
    detail::check_shape(bias, {2 * count_}, name(), "bias");
  }

  [[nodiscard]] static constexpr std::string_view name() { return "FourierHead"; }
  /// d, the length of a sample.
  [[nodiscard]] Index features() const { return weight_.cols(); }
  /// N, the highest frequency.
  [[nodiscard]] Index frequencies() const { return count_ - 1; }
  /// m, the length of a pmf.
  [[nodiscard]] Index bins() const { return bins_; }

  /// out = the pmf of every sample. x is features() x batch, out bins() x batch: MatrixView or
  /// Eigen objects in memory, in any layout. Every entry is >= 0 and every column sums to 1; NaN
  /// and infinity in x or the parameters make a column of NaN. A sample's pmf has the same bits
  /// whatever batch and layout it comes in. Throws ShapeError where the sizes do not fit,
  /// OverlapError where x and out share an element.
  template <class X, class Y>
  void pmf(const X& x, Y&& out) const {
    pmf(x, out, detail::thread_workspace());
  }
  /// The same with the caller's scratch, see workspace_bytes().
  template <class X, class Y>
  void pmf(const X& x, Y&& out, Workspace& workspace) const {
    run(
        view(x), mutable_view(out), "pmf", [](Scalar p) { return p; }, workspace);
  }

  /// out = log(pmf + 1e-5), otherwise as pmf().
  template <class X, class Y>
  void logits(const X& x, Y&& out) const {
    logits(x, out, detail::thread_workspace());
  }
  template <class X, class Y>
  void logits(const X& x, Y&& out, Workspace& workspace) const {
    const auto log = [](Scalar p) { return std::log(p + Scalar(1e-5)); };
    run(view(x), mutable_view(out), "logits", log, workspace);
  }

  [[nodiscard]] Index parameter_count() const { return 2 * count_ * (features() + 1); }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    return {{"weight", {2 * count_, features()}}, {"bias", {2 * count_}}};
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    if (parameter == "bias") return bias_;
    return weight_.get(known(parameter));
  }
  /// Throws ValueError for an unknown name, ShapeError for another shape than parameters() says.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    if (parameter == "bias") {
      detail::check_shape(values, {2 * count_}, name(), parameter);
      bias_ = values;
    } else {
      weight_.set(known(parameter), values);
    }
  }

  /// Scratch that one call on `batch` samples takes from a Workspace.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    const Index tile = std::min(batch, kTile);
    const auto bytes = [](Index size) {
      return Workspace::rounded(static_cast<std::size_t>(size) * sizeof(Scalar));
    };
    return bytes(2 * count_ * tile) + bytes(2 * wave_stride() * tile) +
           std::max(weight_.workspace_bytes(tile), waves_.workspace_bytes(2 * tile));
  }

 private:
  /// Samples worked on at a time, so that scratch does not grow with the batch. From 8 to 128 the
  /// rate changes by less than a tenth (100 to 1024 bins, 11 to 65 frequencies).
  static constexpr Index kTile = 32;

  /// From the waves of a real part to those of the imaginary part. A whole number of cache lines,
  /// so that a compiler's aligned and unaligned loops treat every sample alike.
  [[nodiscard]] Index wave_stride() const {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return (2 * bins_ + kLine - 1) / kLine * kLine;
  }

  static Index count_of(const Tensor<Scalar>& weight) {
    if (weight.rank() != 2 || weight.shape()[0] < 2 || weight.shape()[0] % 2 != 0)
      detail::fail<ShapeError>(name(), ": weight has shape ", weight.shape(),
                               ", needs (2(N + 1), d)");
    return weight.shape()[0] / 2;
  }

  /// cos(πk·z_j) in rows 0 ... m − 1, sin(πk·z_j) in rows m ... 2m − 1.
  static Tensor<Scalar> waves(Index count, Index bins) {
    detail::check_fourier_sizes(count - 1, bins, name());
    Tensor<Scalar> values({2 * bins, count});
    for (Index j = 0; j < bins; ++j)
      for (Index k = 0; k < count; ++k) {
        const Index angle = detail::bin_angle(k, j, bins);
        values(j, k) = static_cast<Scalar>(detail::cos_pi(angle, bins));
        values(bins + j, k) = static_cast<Scalar>(detail::sin_pi(angle, bins));
      }
    return values;
  }

  static const std::string& known(const std::string& parameter) {
    if (parameter != "weight") detail::refuse_parameter(name(), parameter);
    return parameter;
  }

  template <class Output>
  void run(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& out, const char* verb,
           const Output& output, Workspace& workspace) const {
    check(x, out, verb);
    const Index batch = x.cols();
    Workspace::Frame frame(workspace);
    Scalar* const a = frame.take<Scalar>(2 * count_ * std::min(batch, kTile));
    Scalar* const wave = frame.take<Scalar>(2 * wave_stride() * std::min(batch, kTile));
    for (Index first = 0; first < batch; first += kTile) {
      const Index tile = std::min(kTile, batch - first);
      coefficients(x.block(0, first, features(), tile), a, workspace);
      // Real and imaginary parts of a are neighbours, so they are 2·tile columns for the waves.
      waves_.apply(MatrixView<const Scalar>(a, count_, 2 * tile),
                   MatrixView<Scalar>(wave, 2 * bins_, 2 * tile, 1, wave_stride()), workspace);
      for (Index b = 0; b < tile; ++b) {
        Scalar* const p = wave + 2 * wave_stride() * b;
        normalise(p);
        for (Index j = 0; j < bins_; ++j) out(j, first + b) = output(p[j]);
      }
    }
  }

  void check(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& out,
             const char* verb) const {
    if (x.rows() != features())
      detail::fail<ShapeError>(name(), "::", verb, ": x has ", x.rows(), " rows, the head takes ",
                               features());
    if (out.rows() != bins_)
      detail::fail<ShapeError>(name(), "::", verb, ": the output has ", out.rows(),
                               " rows, the head ", bins_, " bins");
    if (x.cols() != out.cols())
      detail::fail<ShapeError>(name(), "::", verb, ": x has ", x.cols(), " columns, the output ",
                               out.cols());
    if (detail::overlaps_itself(out) || detail::share_element(x, MatrixView<const Scalar>(out)))
      detail::fail<OverlapError>(name(), "::", verb,
                                 ": the output shares memory with the input or with itself");
  }

  /// a = W·x + b, each sample times a power of two that brings it near 1: the pmf does not depend
  /// on the size of a, but |A|² must not overflow or vanish.
  void coefficients(const MatrixView<const Scalar>& x, Scalar* a, Workspace& workspace) const {
    const Index size = 2 * count_, tile = x.cols();
    for (Index b = 0; b < tile; ++b) std::copy_n(bias_.data(), size, a + b * size);
    weight_.apply(Scalar(1), x, Scalar(1), MatrixView<Scalar>(a, size, tile), workspace);
    for (Index b = 0; b < tile; ++b, a += size) {
      Scalar largest = 0;
      for (Index i = 0; i < size; ++i) largest = std::max(largest, std::abs(a[i]));
      if (largest == 0 || !std::isfinite(largest)) continue;
      const int exponent = std::max(std::ilogb(largest), std::numeric_limits<Scalar>::min_exponent);
      const Scalar scale = std::ldexp(Scalar(1), -exponent);
      for (Index i = 0; i < size; ++i) a[i] *= scale;
    }
  }

  /// The waves of one sample, (C·re, S·re) and (C·im, S·im) with m values each, become its pmf in
  /// place of the first. Eight partial sums: one would wait for each addition.
  void normalise(Scalar* p) const {
    const Scalar *const sin_re = p + bins_, *const cos_im = p + wave_stride(),
                        *const sin_im = cos_im + bins_;
    Scalar sums[8] = {};
    for (Index j = 0; j < bins_; ++j) {
      const Scalar re = p[j] - sin_im[j], im = sin_re[j] + cos_im[j];
      p[j] = re * re + im * im;
      sums[j % 8] += p[j];
    }
    Scalar sum = 0;
    for (const Scalar part : sums) sum += part;
    if (sum == 0) {
      std::fill_n(p, bins_, 1 / static_cast<Scalar>(bins_));
      return;
    }
    for (Index j = 0; j < bins_; ++j) p[j] /= sum;
  }

  Index count_ = 0, bins_ = 0;  // N + 1, m
  Dense<Scalar> weight_;
  Tensor<Scalar> bias_;
  Dense<Scalar> waves_;
};

}  // namespace strum::inline STRUM_ABI

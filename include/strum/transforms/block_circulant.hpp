// BlockCirculant (C3A): a matrix of circulant blocks of one size.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "strum/core/owned_size.hpp"
#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/toeplitz_convolution.hpp"

namespace strum::inline STRUM_ABI {

/// W[p·b + r, q·b + c] = w[p, q, (c − r) mod b] / divisor: every block correlates,
///
///     y[p·b + r] = 1/divisor·Σ_q Σ_c w[p, q, (c − r) mod b]·x[q·b + c].
///
/// The update of a C3A adapter (Chen et al. 2024) is that with divisor = n, its number of inputs.
/// (Other factors than 1/divisor: 0.5 * op.)
///
/// Parameter: `weight (m/b, n/b, b)` = w. Spectra are prepared once; blocks are summed in the
/// spectrum, so that a product is n/b + m/b transforms of length b (of the next good one above 2b
/// where b is none) and (m/b)·(n/b) products of spectra. |error| <= O(log b)·eps·(Σ of a block
/// column's ‖w‖₁/divisor)·‖x‖₂.
template <class ScalarType>
class BlockCirculant : public detail::SignalOp<BlockCirculant<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<BlockCirculant, ScalarType>;
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  BlockCirculant() = default;

  /// Throws ShapeError unless `weight` has three extents, none of them 0, and ValueError unless
  /// divisor >= 1.
  explicit BlockCirculant(const Tensor<Scalar>& weight, Index divisor = 1) : divisor_(divisor) {
    if (weight.rank() != 3 || weight.size() == 0)
      detail::fail<ShapeError>(name(), ": weight has shape ", weight.shape(),
                               ", needs (m/b, n/b, b), none of them 0");
    if (divisor < 1) detail::fail<ValueError>(name(), ": a divisor of ", divisor);
    this->assign({{"weight", weight}});
  }

  /// The update of a C3A adapter: divided by the number of inputs.
  [[nodiscard]] static BlockCirculant c3a(const Tensor<Scalar>& weight) {
    return BlockCirculant(weight, weight.rank() == 3 ? weight.shape()[1] * weight.shape()[2] : 1);
  }

  [[nodiscard]] Index rows() const { return block_rows() * block(); }
  [[nodiscard]] Index cols() const { return block_cols() * block(); }
  /// b.
  [[nodiscard]] Index block() const { return extent(2); }
  [[nodiscard]] Index divisor() const { return divisor_; }

  [[nodiscard]] Index flops() const {
    if (this->empty()) return 0;
    const CyclicConvolution<Scalar>& plan = convolution_.plan();
    return (block_rows() + block_cols()) * plan.transform_flops() +
           block_rows() * block_cols() * plan.multiply_flops() +
           block_rows() * (block_cols() - 1) * plan.spectrum_size();
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + spectra_.size() * sizeof(R);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    const Tensor<Scalar>& w = this->stored();
    return this->dense_of([&, b = block()](Index i, Index j) {
      return w(i / b, j / b, (j % b - i % b + b) % b) / static_cast<R>(divisor());
    });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockCirculant"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}, {"divisor", {divisor()}}}};
  }
  [[nodiscard]] static BlockCirculant restore(const Description& description,
                                              const Parameters<Scalar>& parameters) {
    return BlockCirculant(detail::find_parameter(parameters, "weight", name()),
                          description.value("divisor"));
  }

 private:
  friend Base;

  [[nodiscard]] Index extent(std::size_t i) const {
    return this->empty() ? 0 : this->stored().shape()[i];
  }
  [[nodiscard]] Index block_rows() const { return extent(0); }
  [[nodiscard]] Index block_cols() const { return extent(1); }

  [[nodiscard]] const R* spectrum(Index p, Index q) const {
    return spectra_.data() + (p * block_cols() + q) * convolution_.spectrum_size();
  }

  /// A block is the circulant with first column w[(−t) mod b].
  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& w = parameters[0].values;
    const Index b = w.shape()[2], blocks = w.shape()[0] * w.shape()[1];
    if (block() != b) convolution_ = {b, Scalar(1)};
    const Index size = convolution_.spectrum_size();
    spectra_.resize(static_cast<std::size_t>(detail::checked_product(blocks, size, name())));
    const R divisor = static_cast<R>(this->divisor());
    for (Index i = 0; i < blocks; ++i)
      convolution_.transform_filter([&](Index t) { return w[i * b + (b - t) % b] / divisor; },
                                    spectra_.data() + i * size, detail::thread_workspace());
  }

  /// The blocks of x are transformed once each, those of y back once each.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode), turned = mode == Mode::transpose || mode == Mode::conjugate;
    const Index in = t ? block_rows() : block_cols(), out = t ? block_cols() : block_rows();
    const Index b = block(), size = convolution_.spectrum_size();
    const CyclicConvolution<Scalar>& plan = convolution_.plan();
    Workspace::Frame frame(workspace);
    R* const spectra = frame.take<R>(in * size);
    R* const sum = frame.take<R>(size);
    for (Index q = 0; q < in; ++q)
      plan.transform(x + q * b, b, spectra + q * size, workspace, turned);
    for (Index p = 0; p < out; ++p) {
      for (Index q = 0; q < in; ++q) {
        const R* const w = t ? spectrum(q, p) : spectrum(p, q);
        if (q == 0)
          plan.multiply(w, spectra, sum, t);
        else
          plan.multiply_add(w, spectra + q * size, sum, t);
      }
      plan.inverse(sum, y + p * b, 0, b, workspace, turned);
    }
  }
  [[nodiscard]] std::size_t run_bytes() const {
    const auto bytes = static_cast<std::size_t>(convolution_.spectrum_size()) * sizeof(R);
    const auto in = static_cast<std::size_t>(std::max(block_rows(), block_cols()));
    return Workspace::rounded(in * bytes) + Workspace::rounded(bytes) + convolution_.run_bytes();
  }

  /// dw[p, q, t] = 1/divisor·Σ_{(c − r) mod b = t} dy[p·b + r]·conj(x[q·b + c]).
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    const Index b = block(), size = convolution_.spectrum_size();
    const CyclicConvolution<Scalar>& plan = convolution_.plan();
    const auto of_size = [&](Index count) {
      return std::vector<R>(static_cast<std::size_t>(count * size));
    };
    std::vector<R> fx = of_size(block_cols()), fy = of_size(1);
    std::vector<R> sums = of_size(block_rows() * block_cols());
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      for (Index q = 0; q < block_cols(); ++q)
        plan.transform(in + q * b, b, fx.data() + q * size, workspace);
      for (Index p = 0; p < block_rows(); ++p) {
        plan.transform(out + p * b, b, fy.data(), workspace);
        for (Index q = 0; q < block_cols(); ++q)
          plan.multiply_add(fx.data() + q * size, fy.data(),
                            sums.data() + (p * block_cols() + q) * size, true);
      }
    });
    const R divisor = static_cast<R>(this->divisor());
    detail::DiagonalSums<Scalar> sum(plan);
    for (Index i = 0; i < block_rows() * block_cols(); ++i) {
      sum.finish(sums.data() + i * size, workspace);
      for (Index t = 0; t < b; ++t)
        grads[0][i * b + t] +=
            (t == 0 || convolution_.whole() ? sum(-t) : sum(-t) + sum(b - t)) / divisor;
    }
  }

  detail::OwnedSize divisor_ = 1;
  detail::ToeplitzConvolution<Scalar> convolution_;
  std::vector<R> spectra_;
};

}  // namespace strum::inline STRUM_ABI

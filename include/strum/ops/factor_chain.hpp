// FactorChain: the packed weights that every Kronecker-sparse operator is made of.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "strum/core/buffer.hpp"
#include "strum/core/linear_op.hpp"
#include "strum/core/weight.hpp"
#include "strum/kernels/extent.hpp"
#include "strum/kernels/table.hpp"
#include "strum/ops/parallel_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

using kernels::FactorShape;
using kernels::WeightView;

/// KS(a, b, c, d), without padding: rows and columns in the order of the formula.
[[nodiscard]] inline FactorShape factor_shape(Index a, Index b, Index c, Index d) {
  constexpr const char* kWhere = "KS(a, b, c, d)";
  const Index rows = checked_product(checked_product(a, b, kWhere), d, kWhere);
  const Index cols = checked_product(checked_product(a, c, kWhere), d, kWhere);
  checked_product(rows, c, kWhere);
  return {.a = a,
          .b = b,
          .c = c,
          .d = d,
          .rows = rows,
          .cols = cols,
          .y_alpha = b * d,
          .y_beta = d,
          .x_alpha = c * d,
          .x_gamma = d};
}

/// ⌈n / parts⌉ without the n + parts − 1 that may leave the index type.
[[nodiscard]] constexpr Index ceil_div(Index n, Index parts) {
  return n / parts + (n % parts > 0 ? 1 : 0);
}

[[nodiscard]] inline FactorShape transposed(const FactorShape& f) {
  return {.a = f.a,
          .b = f.c,
          .c = f.b,
          .d = f.d,
          .rows = f.cols,
          .cols = f.rows,
          .y_alpha = f.x_alpha,
          .y_beta = f.x_gamma,
          .x_alpha = f.y_alpha,
          .x_gamma = f.y_beta};
}

/// Weights that join an input to an output: all but those of padding.
[[nodiscard]] inline Index weight_count(const FactorShape& f) {
  Index count = 0;
  for (Index alpha = 0; alpha < f.a; ++alpha)
    for (Index delta = 0; delta < f.d; ++delta)
      count += kernels::inner_size(f, alpha, delta) * kernels::row_count(f, alpha, delta);
  return count;
}

/// A value made at first use, by whichever thread comes first. A copy starts without it.
template <class T>
class MadeOnce {
 public:
  MadeOnce() = default;
  MadeOnce(const MadeOnce&) {}
  MadeOnce(MadeOnce&& other) noexcept : value_(other.value_.exchange(nullptr)) {}
  MadeOnce& operator=(MadeOnce other) noexcept {
    other.value_ = value_.exchange(other.value_.load());
    return *this;
  }
  ~MadeOnce() { delete value_.load(); }

  template <class Make>
  const T& get(Make&& make) const {
    if (const T* ready = value_.load(std::memory_order_acquire)) return *ready;
    auto made = std::make_unique<T>(make());
    const T* expected = nullptr;
    if (value_.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel))
      return *made.release();
    return *expected;  // another thread was faster; ours is dropped
  }
  [[nodiscard]] const T* peek() const { return value_.load(std::memory_order_acquire); }
  void reset() { delete value_.exchange(nullptr); }

 private:
  mutable std::atomic<const T*> value_ = nullptr;
};

/// One factor with its weights, packed once for the instruction set in use.
template <class Scalar, class Weight>
class PackedWeights {
 public:
  using Table = kernels::KernelTable<Scalar, Weight>;
  using Packed = kernels::PackedFactor<Weight>;

  /// Packs straight from the caller's memory, or from numbers of another type by way of a copy.
  template <WeightOf<Scalar> Source>
  PackedWeights(const FactorShape& shape, const WeightView<Source>& from)
      : shape_(shape), layout_(table().choose_layout(shape)), weights_(table().packed_size(shape)) {
    pack(from);
  }

  [[nodiscard]] const FactorShape& shape() const { return shape_; }
  [[nodiscard]] std::size_t bytes() const {
    const Buffer<Weight>* second = transposed_weights_.peek();
    return weights_.bytes() + (second != nullptr ? second->bytes() : 0);
  }

  template <WeightOf<Scalar> Source>
  void set(const WeightView<Source>& from) {
    pack(from);
    transposed_weights_.reset();
  }

  /// Writes w[α][β][γ][δ] to `to` with the strides of `strides`.
  void get(Weight* to, const WeightView<Weight>& strides) const {
    table().unpack(shape_, layout_, weights_.data(), to, strides);
  }

  [[nodiscard]] Packed forward() const { return {shape_, layout_, false, weights_.data()}; }

  /// The transposed factor. Interleaved weights serve both directions: β and γ only change places.
  /// A vector of the other layouts holds rows of a block, so their transpose needs a packing of its
  /// own (one product from the forward packing would end each output in a sum across lanes).
  [[nodiscard]] Packed backward() const {
    Packed packed = backward_outline();
    if (packed.transposed) {
      packed.weights = weights_.data();
      return packed;
    }
    const FactorShape& t = packed.shape;
    const Buffer<Weight>& weights = transposed_weights_.get([&] {
      Buffer<Weight> plain(shape_.a * shape_.b * shape_.c * shape_.d);
      const WeightView<Weight> order = in_order(plain);
      table().unpack(shape_, layout_, weights_.data(), plain.data(), order);
      Buffer<Weight> own(table().packed_size(t));
      table().pack(t, packed.layout,
                   {order.data, order.alpha, order.gamma, order.beta, order.delta}, own.data());
      return own;
    });
    packed.weights = weights.data();
    return packed;
  }

  /// The transposed factor without its weights: nothing is packed.
  [[nodiscard]] Packed backward_outline() const {
    const FactorShape t = transposed(shape_);
    const bool shared = layout_ == kernels::Layout::interleaved;
    return {t, shared ? layout_ : table().choose_layout(t), shared, nullptr};
  }

 private:
  static const Table& table() { return kernels::table<Scalar, Weight>(); }

  template <class Source>
  void pack(const WeightView<Source>& from) {
    if constexpr (std::is_same_v<Source, Weight>) {
      table().pack(shape_, layout_, from, weights_.data());
    } else {
      Buffer<Weight> plain(shape_.a * shape_.b * shape_.c * shape_.d);
      Weight* to = plain.data();
      for (Index alpha = 0; alpha < shape_.a; ++alpha)
        for (Index beta = 0; beta < shape_.b; ++beta)
          for (Index gamma = 0; gamma < shape_.c; ++gamma)
            for (Index delta = 0; delta < shape_.d; ++delta)
              *to++ = static_cast<Weight>(from.data[alpha * from.alpha + beta * from.beta +
                                                    gamma * from.gamma + delta * from.delta]);
      table().pack(shape_, layout_, in_order(plain), weights_.data());
    }
  }

  /// w[α][β][γ][δ] without gaps.
  [[nodiscard]] WeightView<Weight> in_order(const Buffer<Weight>& plain) const {
    const Index row = shape_.c * shape_.d;
    return {plain.data(), shape_.b * row, row, shape_.d, 1};
  }

  FactorShape shape_;
  kernels::Layout layout_;
  Buffer<Weight> weights_;
  MadeOnce<Buffer<Weight>> transposed_weights_;
};

/// A product of Kronecker-sparse factors, the first applied first, as one fused operation. Empty:
/// 0 x 0.
template <class Scalar, class Weight = Scalar>
class FactorChain {
 public:
  /// Adds a factor that is applied after those already there.
  template <WeightOf<Scalar> Source>
  void append(const FactorShape& shape, const WeightView<Source>& weights) {
    if (!factors_.empty() && shape.cols != rows())
      fail<ShapeError>("factor ", size(), " has ", shape.cols, " columns, the one before it has ",
                       rows(), " rows");
    factors_.emplace_back(shape, weights);
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(factors_.size()); }
  [[nodiscard]] Index rows() const { return factors_.empty() ? 0 : factors_.back().shape().rows; }
  [[nodiscard]] Index cols() const { return factors_.empty() ? 0 : factors_.front().shape().cols; }
  [[nodiscard]] const FactorShape& shape(Index i) const { return factor(i).shape(); }

  template <WeightOf<Scalar> Source>
  void set(Index i, const WeightView<Source>& from) {
    factors_[static_cast<std::size_t>(i)].set(from);
  }
  void get(Index i, Weight* to, const WeightView<Weight>& strides) const {
    factor(i).get(to, strides);
  }

  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (const auto& f : factors_) count += weight_count(f.shape());
    return count;
  }

  /// Memory that the weights take, a second packing for the transpose included once it exists.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& f : factors_) sum += f.bytes();
    return sum;
  }

  /// Makes now what the first transposed product would make.
  void prepare_transpose() const {
    for (const auto& f : factors_) (void)f.backward();
  }

  /// What one apply of either direction takes from a workspace, on num_threads() threads. Where it
  /// is made with less, apply runs on fewer.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (factors_.empty() || batch <= 0) return 0;
    std::size_t most = 0;
    for (const bool transposed : {false, true}) {
      std::vector<Packed> packed;
      for (const auto& f : factors_)  // only shapes matter here; no transposed packing is made
        packed.push_back(transposed ? f.backward_outline() : f.forward());
      if (transposed) std::reverse(packed.begin(), packed.end());
      most = std::max(most, chain_scratch_bytes(table(), packed.data(), size(), batch));
    }
    return Workspace::rounded(factors_.size() * sizeof(Packed)) + most;
  }

  /// y = alpha·A·x + beta·y, or with the transpose, and the epilogue on it, which only real numbers
  /// have; shapes fit, the batch is not empty.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace,
             const kernels::Epilogue<Scalar>& epilogue = {}) const {
    Workspace::Frame frame(workspace);
    Packed* const packed = frame.take<Packed>(size());
    for (Index i = 0; i < size(); ++i) {
      packed[i] = transposes(mode) ? factor(size() - 1 - i).backward() : factor(i).forward();
      packed[i].conjugate = kIsComplex<Scalar> && conjugates(mode);
    }
    run_chain(table(),
              {.factors = packed,
               .count = size(),
               .batch = x.cols(),
               .x = x.data(),
               .x_row = x.row_stride(),
               .x_col = x.col_stride(),
               .y = y.data(),
               .y_row = y.row_stride(),
               .y_col = y.col_stride(),
               .alpha = alpha,
               .beta = beta,
               .sample_tile = 0,  // run_chain() knows
               .scratch = nullptr,
               .epilogue = epilogue},
              frame);
  }

 private:
  using Packed = kernels::PackedFactor<Weight>;

  static const kernels::KernelTable<Scalar, Weight>& table() {
    return kernels::table<Scalar, Weight>();
  }

  [[nodiscard]] const PackedWeights<Scalar, Weight>& factor(Index i) const {
    return factors_[static_cast<std::size_t>(i)];
  }

  std::vector<PackedWeights<Scalar, Weight>> factors_;
};

}  // namespace strum::inline STRUM_ABI::detail

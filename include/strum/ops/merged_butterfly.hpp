// MergedButterfly: what every butterfly is when it is applied, whatever its parameters are.
#pragma once

#include <utility>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/ops/butterfly_shape.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Butterflies on n positions of b entries each as chains of merged factors, one chain for each
/// stack. The factor of a group of strides s ... S/R couples, for S = r·s, α < n/S and δ < s,
///
///     positions α·S + β·s + δ of its output with α·S + γ·s + δ of its input, β, γ < r,
///
/// all entries o of the one with all of the other. That is KS(n/S, r·b, r·b, s) on vectors in the
/// order Q(s) or Q(S), where
///
///     Q(s): entry o of position c·s + δ is at c·b·s + o·s + δ,
///
/// with γ·b + o, or o·r + γ, for the inner index; Q(1) is the order of the user. Neighbouring
/// groups have an order in common, so that only the ends are ever permuted: Q(n), where the strides
/// begin with the largest or end there. With b = 1 all orders are the same.
template <class Scalar>
class MergedButterfly {
 public:
  using Number = Wider<Scalar>;

  MergedButterfly() = default;

  /// twiddle(f, i, to) writes T_i of factor f, counted through stacks, blocks and levels, to
  /// [u][v][o][o'], R x R blocks of b x b.
  template <class Twiddle>
  MergedButterfly(const ButterflyShape& shape, const Twiddle& twiddle)
      : shape_(shape),
        groups_(merge_butterfly(shape, kernels::table<Scalar, Scalar>().lanes)),
        permutes_input_(shape.block > 1 && groups_.front().low > 0),
        permutes_output_(shape.block > 1 && groups_.back().low > 0) {
    const Index count = shape.stacks();
    for (Index stack = 0; stack < count; ++stack) {
      chains_.emplace_back();
      for (const ButterflyGroup& group : groups_) append(stack, group, twiddle);
    }
  }

  [[nodiscard]] Index rows() const { return chains_.empty() ? 0 : shape_.rows; }
  [[nodiscard]] Index cols() const { return chains_.empty() ? 0 : shape_.cols; }

  /// Multiply-adds per sample.
  [[nodiscard]] Index multiply_adds() const {
    Index sum = 0;
    for (const auto& chain : chains_) sum += chain.parameter_count();
    return sum;
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& chain : chains_) sum += chain.bytes();
    return sum;
  }
  void prepare_transpose() const {
    for (const auto& chain : chains_) chain.prepare_transpose();
  }

  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (chains_.empty() || batch <= 0) return 0;
    std::size_t most = 0;
    for (const auto& chain : chains_) most = std::max(most, chain.workspace_bytes(batch));
    const std::size_t copy =
        Workspace::rounded(static_cast<std::size_t>(copy_size(batch)) * sizeof(Scalar));
    return most + (permutes_input_ ? copy : 0) + (permutes_output_ ? copy : 0);
  }

  /// y = alpha·A·x + beta·y, or with a relative of A.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace) const {
    const Index each = shape_.entries();
    for (std::size_t i = 0; i < chains_.size(); ++i) {
      const Index first = static_cast<Index>(i) * each;
      const Index count = std::min(each, shape_.rows - first);
      if (!transposes(mode))
        apply_stack(chains_[i], mode, alpha, x, beta, y.block(first, 0, count, y.cols()),
                    workspace);
      else  // a sum over the stacks
        apply_stack(chains_[i], mode, alpha, x.block(first, 0, count, x.cols()),
                    i == 0 ? beta : Scalar(1), y, workspace);
    }
  }

  /// The same with an epilogue; false, and nothing done, if it is not a single chain.
  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    if (chains_.size() != 1 || permutes_input_ || permutes_output_) return false;
    chains_[0].apply(mode, alpha, x, beta, y, workspace, epilogue);
    return true;
  }

 private:
  using Chain = FactorChain<Scalar>;

  /// Whether the inner index of a group's input (or output) is o·r + γ, the order Q(S). In between
  /// strides that grow take Q(s) to Q(S), and shrinking ones the other way.
  [[nodiscard]] bool entries_first(const ButterflyGroup& group, bool output) const {
    const bool end = output ? group.end == groups_.back().end : group.begin == 0;
    if (end) return group.low > 0;
    const bool growing = shape_.increasing_stride == (group.begin / shape_.levels() % 2 == 0);
    return growing == output;
  }

  [[nodiscard]] static Index power(Index base, Index exponent) {
    Index value = 1;
    for (; exponent > 0; --exponent) value *= base;
    return value;
  }

  /// Merges one group and appends it to the last chain.
  template <class Twiddle>
  void append(Index stack, const ButterflyGroup& group, const Twiddle& twiddle) {
    const Index s = power(shape_.radix, group.low), r = power(shape_.radix, group.high - group.low);
    const Index m = checked_product(r, shape_.block, "butterfly");
    FactorShape factor = factor_shape(shape_.positions() / (r * s), m, m, s);
    if (group.begin == 0 && !permutes_input_) factor.cols = shape_.cols;
    if (group.end == groups_.back().end && !permutes_output_)
      factor.rows = std::min(factor.rows, shape_.rows - stack * shape_.entries());

    Buffer<Scalar> weights(checked_product(factor.a * s, m, m, "butterfly"));
    Buffer<Number> product(m * m), rows(shape_.radix * shape_.block * m);
    const bool from_entries = entries_first(group, false), to_entries = entries_first(group, true);
    const auto place = [&](Index position, Index entry, bool entries_first) {
      return entries_first ? entry * r + position : position * shape_.block + entry;
    };
    for (Index alpha = 0; alpha < factor.a; ++alpha)
      for (Index delta = 0; delta < s; ++delta) {
        multiply(stack, group, alpha * r * s + delta, twiddle, product, rows);
        Scalar* const to = weights.data() + (alpha * s + delta) * m * m;
        for (Index i = 0; i < m; ++i)
          for (Index j = 0; j < m; ++j)
            to[place(i / shape_.block, i % shape_.block, to_entries) * m +
               place(j / shape_.block, j % shape_.block, from_entries)] =
                static_cast<Scalar>(product.data()[i * m + j]);
      }
    chains_.back().append(factor, WeightView<Scalar>{weights.data(), s * m * m, m, 1, m * m});
  }

  /// The product of a group's factors on positions first + β·s, rows and columns in the order
  /// (position, entry). `rows` holds R·b rows.
  template <class Twiddle>
  void multiply(Index stack, const ButterflyGroup& group, Index first, const Twiddle& twiddle,
                Buffer<Number>& product, Buffer<Number>& rows) const {
    const Index R = shape_.radix, b = shape_.block, s = power(R, group.low);
    const Index r = power(R, group.high - group.low), m = r * b;
    const std::vector<Index> order = shape_.order();
    const auto factors = static_cast<Index>(order.size());
    Buffer<Number> matrix(R * R * b * b);
    for (Index i = 0; i < m * m; ++i) product.data()[i] = Number(i % (m + 1) == 0 ? 1 : 0);
    for (Index f = group.begin; f < group.end; ++f) {
      const Index step = power(R, order[static_cast<std::size_t>(f)] - group.low);
      const Index stride = step * s;
      for (Index k = 0; k < r / R; ++k) {
        const Index beta = (k - k % step) * R + k % step;
        const Index low = first + beta * s, offset = low % stride;
        twiddle(stack * factors + f, (low - offset) / R + offset, matrix.data());
        combine(product.data() + beta * b * m, step * b * m, m, matrix.data(), rows);
      }
    }
  }

  /// Rows v·distance + o' of R blocks of b rows: row (u, o) becomes Σ T[u][v][o][o'] · row (v, o').
  void combine(Number* to, Index distance, Index length, const Number* matrix,
               Buffer<Number>& rows) const {
    const Index R = shape_.radix, b = shape_.block;
    for (Index v = 0; v < R; ++v)
      std::copy_n(to + v * distance, b * length, rows.data() + v * b * length);
    for (Index u = 0; u < R; ++u)
      for (Index o = 0; o < b; ++o)
        for (Index j = 0; j < length; ++j) {
          Number sum(0);
          for (Index v = 0; v < R; ++v)
            for (Index in = 0; in < b; ++in)
              sum +=
                  matrix[((u * R + v) * b + o) * b + in] * rows.data()[(v * b + in) * length + j];
          to[u * distance + o * length + j] = sum;
        }
  }

  static constexpr Index kTile = 64;

  /// A leading dimension: samples a power of two apart would collide in L1.
  [[nodiscard]] Index copy_stride() const {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return (ceil_div(shape_.entries(), kLine) | 1) * kLine;
  }
  [[nodiscard]] Index copy_size(Index batch) const {
    return std::min(batch, kTile) * copy_stride();
  }

  void apply_stack(const Chain& chain, Mode mode, Scalar alpha, const MatrixView<const Scalar>& x,
                   Scalar beta, const MatrixView<Scalar>& y, Workspace& workspace) const {
    const bool t = transposes(mode);
    const bool input = t ? permutes_output_ : permutes_input_;
    const bool output = t ? permutes_input_ : permutes_output_;
    if (!input && !output) return chain.apply(mode, alpha, x, beta, y, workspace);
    Workspace::Frame frame(workspace);
    const Index n = shape_.entries(), stride = copy_stride();
    Scalar* const x_copy = input ? frame.take<Scalar>(copy_size(x.cols())) : nullptr;
    Scalar* const y_copy = output ? frame.take<Scalar>(copy_size(x.cols())) : nullptr;
    for (Index first = 0; first < x.cols(); first += kTile) {
      const Index samples = std::min(kTile, x.cols() - first);
      const auto from = x.block(0, first, x.rows(), samples);
      const auto to = y.block(0, first, y.rows(), samples);
      if (input) permute_in(from, x_copy);
      chain.apply(mode, alpha,
                  input ? MatrixView<const Scalar>{x_copy, n, samples, 1, stride} : from,
                  output ? Scalar(0) : beta,
                  output ? MatrixView<Scalar>{y_copy, n, samples, 1, stride} : to, workspace);
      if (output) permute_out(y_copy, beta, to);
    }
  }

  /// From Q(1) to Q(n), with zeros for what does not exist.
  void permute_in(const MatrixView<const Scalar>& x, Scalar* to) const {
    const Index n = shape_.positions(), b = shape_.block, stride = copy_stride();
    for (Index sample = 0; sample < x.cols(); ++sample)
      for (Index o = 0; o < b; ++o)
        std::fill_n(to + sample * stride + o * n + existing(o, x.rows()), n - existing(o, x.rows()),
                    Scalar(0));
    for_each_entry(x, [&](Index i, Index permuted, Index sample) {
      to[sample * stride + permuted] = x(i, sample);
    });
  }

  /// From Q(n) to Q(1): y = beta·y + h.
  void permute_out(const Scalar* h, Scalar beta, const MatrixView<Scalar>& y) const {
    const Index stride = copy_stride();
    for_each_entry(y, [&](Index i, Index permuted, Index sample) {
      const Scalar value = h[sample * stride + permuted];
      y(i, sample) = beta == Scalar(0) ? value : multiply_add(beta, y(i, sample), value);
    });
  }

  /// Visits an entry's places in Q(1) and Q(n): one sample after another, or where samples are
  /// neighbours a cache line of them at a time.
  template <class T, class Visit>
  void for_each_entry(const MatrixView<T>& matrix, const Visit& visit) const {
    const Index together = matrix.col_stride() == 1 ? kAlignment / sizeof(Scalar) : 1;
    const Index n = shape_.positions(), b = shape_.block;
    for (Index first = 0; first < matrix.cols(); first += together) {
      const Index last = std::min(first + together, matrix.cols());
      for (Index o = 0; o < b; ++o) {
        const Index there = existing(o, matrix.rows());
        for (Index position = 0; position < there; ++position)
          for (Index s = first; s < last; ++s) visit(position * b + o, o * n + position, s);
      }
    }
  }

  /// Positions whose entry o is one of the first `rows`.
  [[nodiscard]] Index existing(Index o, Index rows) const {
    return o >= rows ? 0 : ceil_div(rows - o, shape_.block);
  }

  ButterflyShape shape_{};
  std::vector<ButterflyGroup> groups_;
  bool permutes_input_ = false, permutes_output_ = false;
  std::vector<Chain> chains_;
};

}  // namespace strum::inline STRUM_ABI::detail

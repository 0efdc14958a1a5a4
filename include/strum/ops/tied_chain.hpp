// Products and sums of factors I_a ⊗ W ⊗ I_d, each with one matrix for all its blocks.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "strum/ops/tied_factor.hpp"

namespace strum::inline STRUM_ABI::detail {

/// What products and sums have in common.
template <class Scalar>
class TiedSteps {
 public:
  [[nodiscard]] Index size() const { return static_cast<Index>(steps_.size()); }
  [[nodiscard]] TiedFactor<Scalar>& factor(Index i) {
    return steps_[static_cast<std::size_t>(i)].factor;
  }
  [[nodiscard]] const TiedFactor<Scalar>& factor(Index i) const { return step(i).factor; }

  /// Weights, each counted once.
  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (const auto& s : steps_) count += s.factor.rows() * s.factor.cols();
    return count;
  }
  /// Per sample.
  [[nodiscard]] Index multiply_adds() const {
    Index count = 0;
    for (const auto& s : steps_) count += s.multiply_adds();
    return count;
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& s : steps_) sum += s.factor.bytes();
    return sum;
  }
  void prepare_transpose() const {
    for (const auto& s : steps_) s.factor.prepare_transpose();
  }

 protected:
  [[nodiscard]] const TiedStep<Scalar>& step(Index i) const {
    return steps_[static_cast<std::size_t>(i)];
  }
  /// What the steps take, one at a time.
  [[nodiscard]] std::size_t step_bytes(Index samples) const {
    std::size_t most = 0;
    for (const auto& s : steps_) most = std::max(most, s.workspace_bytes(samples));
    return most;
  }

  std::vector<TiedStep<Scalar>> steps_;
};

/// A product, the first step applied first. A tile of samples passes through all of them; the
/// intermediates lie as x and y do, features or samples next to each other, so no step copies.
template <class Scalar>
class TiedChain : public TiedSteps<Scalar> {
 public:
  /// Throws ShapeError if the step does not fit behind the one before it.
  void append(TiedStep<Scalar> step) {
    if (this->size() > 0 && step.cols() != rows())
      fail<ShapeError>("step ", this->size(), " has ", step.cols(),
                       " columns, the one before it has ", rows(), " rows");
    this->steps_.push_back(std::move(step));
  }

  [[nodiscard]] Index rows() const { return this->size() == 0 ? 0 : this->steps_.back().rows(); }
  [[nodiscard]] Index cols() const { return this->size() == 0 ? 0 : this->steps_.front().cols(); }

  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (this->size() == 0 || batch <= 0) return 0;
    const Index samples = tied_tile<Scalar>(widest(), batch, true);
    const auto hidden = static_cast<std::size_t>(hidden_size(samples)) * sizeof(Scalar);
    return this->step_bytes(samples) +
           static_cast<std::size_t>(hidden_count()) * Workspace::rounded(hidden);
  }

  /// y = alpha·A·x + beta·y, or with a relative of A.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const bool neighbours = samples_are_neighbours(x, y);
    const Index most = tied_tile<Scalar>(widest(), x.cols(), neighbours);
    std::array<Scalar*, 2> hidden{};
    for (Index i = 0; i < hidden_count(); ++i)
      hidden[static_cast<std::size_t>(i)] = frame.take<Scalar>(hidden_size(most));
    for (Index first = 0; first < x.cols(); first += most) {
      const Index samples = std::min(most, x.cols() - first);
      apply_tile(mode, alpha, x.block(0, first, x.rows(), samples), beta,
                 y.block(0, first, y.rows(), samples), neighbours, hidden, workspace);
    }
  }

 private:
  /// Elements of the largest intermediate of a sample.
  [[nodiscard]] Index widest() const {
    Index most = 0;
    for (Index i = 0; i + 1 < this->size(); ++i) most = std::max(most, this->step(i).rows());
    return most;
  }
  [[nodiscard]] Index hidden_count() const {
    return std::clamp(this->size() - 1, Index{0}, Index{2});
  }
  [[nodiscard]] Index hidden_size(Index samples) const {
    return checked_product(samples, widest(), "I_a ⊗ W ⊗ I_d");
  }

  void apply_tile(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                  const MatrixView<Scalar>& y, bool neighbours,
                  const std::array<Scalar*, 2>& hidden, Workspace& workspace) const {
    const bool t = transposes(mode);
    const Index samples = x.cols(), count = this->size();
    const Scalar* from = x.data();
    Index from_row = x.row_stride(), from_col = x.col_stride();
    for (Index i = 0; i < count; ++i) {
      const bool last = i + 1 == count;
      const auto& s = this->step(t ? count - 1 - i : i);
      Scalar* const to = last ? y.data() : hidden[static_cast<std::size_t>(i % 2)];
      const Index to_row = last ? y.row_stride() : neighbours ? samples : 1;
      const Index to_col = last ? y.col_stride() : neighbours ? 1 : (t ? s.cols() : s.rows());
      s.apply(mode, samples, last ? alpha : Scalar(1), from, from_row, from_col,
              last ? beta : Scalar(0), to, to_row, to_col, workspace);
      from = to;
      from_row = to_row;
      from_col = to_col;
    }
  }
};

/// A sum of square steps of the same size, in this order.
template <class Scalar>
class TiedSum : public TiedSteps<Scalar> {
 public:
  void append(TiedStep<Scalar> step) { this->steps_.push_back(std::move(step)); }

  [[nodiscard]] Index rows() const { return this->size() == 0 ? 0 : this->step(0).rows(); }
  [[nodiscard]] Index cols() const { return rows(); }

  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (this->size() == 0 || batch <= 0) return 0;
    return this->step_bytes(tied_tile<Scalar>(rows(), batch, true));
  }

  /// y = alpha·A·x + beta·y, or with a relative of A.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace) const {
    const Index most = tied_tile<Scalar>(rows(), x.cols(), samples_are_neighbours(x, y));
    for (Index first = 0; first < x.cols(); first += most) {
      const Index samples = std::min(most, x.cols() - first);
      for (Index i = 0; i < this->size(); ++i)
        this->step(i).apply(mode, samples, alpha, x.data() + first * x.col_stride(), x.row_stride(),
                            x.col_stride(), i == 0 ? beta : Scalar(1),
                            y.data() + first * y.col_stride(), y.row_stride(), y.col_stride(),
                            workspace);
    }
  }
};

}  // namespace strum::inline STRUM_ABI::detail

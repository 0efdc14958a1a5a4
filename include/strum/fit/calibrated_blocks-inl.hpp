// The bodies of the calibrated fits that alternate: compiled once in the library, inline
// header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "strum/core/parallel.hpp"
#include "strum/fit/alternating_blocks.hpp"
#include "strum/fit/calibrated-inl.hpp"
#include "strum/fit/index_groups.hpp"
#include "strum/fit/monarch-inl.hpp"
#include "strum/fit/monarch_blocks.hpp"
#include "strum/fit/two_core_block_tensor_train-inl.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Which rows and columns of W the sets and blocks are, and the rank of each pair.
struct BlocksLayout {
  fit::IndexGroups rows, cols;
  std::vector<std::vector<Index>> rank;  ///< [λ][κ]
};

[[nodiscard]] inline std::vector<Index> starts_of(const fit::IndexGroups& parts) {
  std::vector<Index> starts = {0};
  for (const auto& part : parts) starts.push_back(starts.back() + static_cast<Index>(part.size()));
  return starts;
}

[[nodiscard]] inline std::vector<Index> joined(const fit::IndexGroups& parts) {
  std::vector<Index> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

[[nodiscard]] inline BlocksProblem blocks_problem(const Eigen::MatrixXd& w,
                                                  const Eigen::MatrixXd& moments,
                                                  const BlocksLayout& layout) {
  BlocksProblem problem;
  const std::vector<Index> cols = joined(layout.cols);
  problem.w = w(joined(layout.rows), cols);
  problem.c = moments(cols, cols);
  problem.row_start = starts_of(layout.rows);
  problem.col_start = starts_of(layout.cols);
  problem.rank = layout.rank;
  for (std::size_t set = 0; set < layout.rows.size(); ++set)
    for (std::size_t block = 0; block < layout.cols.size(); ++block)
      problem.rank[set][block] =
          std::min({layout.rank[set][block], static_cast<Index>(layout.rows[set].size()),
                    static_cast<Index>(layout.cols[block].size())});
  problem.wc.resize(w.rows(), w.cols());
  for_panels(w.cols(), [&](Index j, Index width) {
    problem.wc.middleCols(j, width).noalias() = problem.w * problem.c.middleCols(j, width);
  });
  problem.input.resize(layout.cols.size());
  parallel_for(problem.blocks(), [&](Index k) {
    const OneThread one_thread;
    const Index from = problem.col_start[static_cast<std::size_t>(k)];
    const Index size = problem.col_start[static_cast<std::size_t>(k) + 1] - from;
    problem.input[static_cast<std::size_t>(k)] =
        shifted_cholesky(problem.c.block(from, from, size, size));
  });
  return problem;
}

/// The sets of rows, solved side by side.
class AlternatingBlocks {
 public:
  explicit AlternatingBlocks(BlocksProblem problem) : problem_(std::move(problem)) {}
  AlternatingBlocks(const AlternatingBlocks&) = delete;  // the sets refer to the problem
  AlternatingBlocks& operator=(const AlternatingBlocks&) = delete;

  void run(const fit::AlternatingOptions& options) {
    // Of squares that are known to about 1e-16 of ‖W·X‖² an error below this is rounding.
    constexpr double kRounding = 1e-7;
    start();
    double before = error();
    for (Index step = 1; step <= options.max_steps && before > kRounding; ++step) {
      for_sets([](BlocksOfRows& set) { set.step(); });
      const double after = error();
      if (options.on_step) options.on_step(step, after);
      if (before - after < options.tolerance * before) break;
      before = after;
    }
  }

  [[nodiscard]] const BlocksProblem& problem() const { return problem_; }
  [[nodiscard]] const std::vector<BlocksOfRows>& sets() const { return sets_; }

 private:
  /// From the sub-matrices that are best for their inputs, or those that are best without inputs if
  /// these are better on all of them: so the fit is never worse than one that knows no inputs.
  void start() {
    for (Index set = 0; set < problem_.sets(); ++set) sets_.emplace_back(problem_, set);
    for_sets([](BlocksOfRows& set) { set.start(false); });
    std::vector<BlocksOfRows> plain = sets_;
    const double plain_error = error();
    for_sets([](BlocksOfRows& set) { set.start(true); });
    if (plain_error < error()) sets_ = std::move(plain);
  }

  template <class Body>
  void for_sets(const Body& body) {
    // Threads wake up in tens of microseconds, in which all of a small matrix is done.
    const Index count = problem_.sets();
    const Index group = problem_.w.size() <= 64 * 64 ? std::max<Index>(count, 1) : 1;
    parallel_for((count + group - 1) / group, [&](Index g) {
      const OneThread one_thread;
      for (Index set = g * group; set < std::min(count, (g + 1) * group); ++set)
        body(sets_[static_cast<std::size_t>(set)]);
    });
  }

  [[nodiscard]] double error() const {
    double missed = 0, norm = 0;
    for (const BlocksOfRows& set : sets_) {
      missed += set.squared_error();
      norm += set.squared_norm();
    }
    return norm > 0 ? relative_error(missed, norm) : 0;
  }

  BlocksProblem problem_;
  std::vector<BlocksOfRows> sets_;
};

/// Runs the fit; to(λ, κ, U, V) gets every pair of factors of W. Returns the largest shift.
template <class Scalar, class To>
[[nodiscard]] double fit_blocks(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                const fit::Calibration& calibration, const BlocksLayout& layout,
                                const fit::AlternatingOptions& options, const To& to) {
  const ScaledMoments moments(calibration);
  AlternatingBlocks fit(blocks_problem(scaled_matrix(w, scaling), moments.matrix, layout));
  fit.run(options);
  double shift = 0;
  for (Index block = 0; block < fit.problem().blocks(); ++block) {
    shift = std::max(shift, fit.problem().input[static_cast<std::size_t>(block)].shift);
    for (Index set = 0; set < fit.problem().sets(); ++set) {
      Eigen::MatrixXd u = fit.sets()[static_cast<std::size_t>(set)].u(block);
      Eigen::MatrixXd v = fit.sets()[static_cast<std::size_t>(set)].v(block);
      balance(u, v);
      to(set, block, u * scaling.factor(), v * scaling.factor());
    }
  }
  return shift / moments.scale;
}

[[nodiscard]] inline BlocksLayout monarch_layout(const MonarchShape& shape) {
  const MonarchBlocks monarch{shape};
  BlocksLayout layout;
  for (Index kappa = 0; kappa < shape.k; ++kappa) {
    layout.cols.emplace_back();
    for (Index i = 0; i < monarch.cols(kappa); ++i)
      layout.cols.back().push_back(monarch.column(kappa, i));
  }
  layout.rows = fit::strided_groups(shape.rows, shape.l);  // σ·l + λ
  for (Index lambda = 0; lambda < shape.l; ++lambda) {
    layout.rank.emplace_back();
    for (Index kappa = 0; kappa < shape.k; ++kappa)
      layout.rank.back().push_back(monarch.rank(kappa, lambda));
  }
  return layout;
}

[[nodiscard]] inline BlocksLayout two_core_layout(const TwoCoreShape& shape) {
  BlocksLayout layout;
  layout.cols = fit::contiguous_groups(shape.m1 * shape.m0, shape.m1);
  layout.rows = fit::contiguous_groups(shape.n0 * shape.n1, shape.n0);
  layout.rank.assign(static_cast<std::size_t>(shape.n0),
                     std::vector<Index>(static_cast<std::size_t>(shape.m1), shape.rank));
  return layout;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
CalibratedFit<Monarch<Scalar>> monarch(MatrixView<const Scalar> w, const MonarchShape& shape,
                                       const Calibration& calibration,
                                       const AlternatingOptions& options) {
  using Matrix = Eigen::MatrixXd;
  const char* const where = "fit::monarch";
  strum::detail::check_monarch(w, shape);
  strum::detail::check_calibration(w.rows(), w.cols(), calibration, where);
  const strum::detail::Scaling scaling(w, where);
  const strum::detail::MonarchBlocks blocks{shape};
  Tensor<Scalar> w1({shape.k, shape.q, shape.p}), w2({shape.l, shape.s, shape.r});
  const double shift = strum::detail::fit_blocks(
      w, scaling, calibration, strum::detail::monarch_layout(shape), options,
      [&](Index lambda, Index kappa, const Matrix& u, const Matrix& v) {
        for (Index a = 0; a < u.cols(); ++a) {
          const Index t = blocks.hidden(kappa, lambda, a);
          for (Index i = 0; i < v.cols(); ++i)
            w1(kappa, t - kappa * shape.q, i) = static_cast<Scalar>(v(a, i));
          for (Index sigma = 0; sigma < u.rows(); ++sigma)
            w2(lambda, sigma, t / shape.l) = static_cast<Scalar>(u(sigma, a));
        }
      });
  const Monarch<double> exact(shape, w1.template cast<double>(), w2.template cast<double>());
  return strum::detail::measured_on_inputs(w, scaling, calibration, shift,
                                           Monarch<Scalar>(shape, w1, w2), exact);
}

template <class Scalar>
CalibratedFit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(
    MatrixView<const Scalar> w, const TwoCoreShape& s, const Calibration& calibration,
    const AlternatingOptions& options) {
  using Matrix = Eigen::MatrixXd;
  const char* const where = "fit::two_core_block_tensor_train";
  strum::detail::check_two_core(w, s, where);
  strum::detail::check_calibration(w.rows(), w.cols(), calibration, where);
  const strum::detail::Scaling scaling(w, where);
  Tensor<Scalar> w1({s.m1, s.m0, s.n0 * s.rank}), w2({s.n0, s.m1 * s.rank, s.n1});
  const double shift =
      strum::detail::fit_blocks(w, scaling, calibration, strum::detail::two_core_layout(s), options,
                                [&](Index o0, Index i1, const Matrix& u, const Matrix& v) {
                                  for (Index a = 0; a < u.cols(); ++a) {
                                    for (Index i0 = 0; i0 < s.m0; ++i0)
                                      w1(i1, i0, o0 * s.rank + a) = static_cast<Scalar>(v(a, i0));
                                    for (Index o1 = 0; o1 < s.n1; ++o1)
                                      w2(o0, i1 * s.rank + a, o1) = static_cast<Scalar>(u(o1, a));
                                  }
                                });
  const TwoCoreBlockTensorTrain<double> exact(w1.template cast<double>(),
                                              w2.template cast<double>());
  return strum::detail::measured_on_inputs(w, scaling, calibration, shift,
                                           TwoCoreBlockTensorTrain<Scalar>(w1, w2), exact);
}

}  // namespace strum::inline STRUM_ABI::fit

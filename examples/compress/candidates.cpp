#include "candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "shapes.hpp"
#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/monarch.hpp"

namespace compress {
namespace {

using strum::Index;
using strum::MatrixView;
using strum::Monarch;
using strum::MonarchInput;

// Beyond the best with each input order. More rows than this hide the others.
constexpr std::size_t kMoreMonarchs = 2;

std::string text(Index n) { return std::to_string(n); }

std::string describe(const strum::MonarchShape& s) {
  const std::string input =
      s.input == MonarchInput::strided ? " of stride " + text(s.k) : " in order";
  return text(s.k) + " blocks" + input + ", output stride " + text(s.l) + ", rank " +
         text(s.q / s.l);
}

template <class S>
using MonarchFit = strum::fit::Fit<Monarch<S>>;

/// The smaller error, or of two equally good ones the fewer parameters.
template <class S>
bool better(const MonarchFit<S>& a, const MonarchFit<S>& b) {
  const auto key = [](const MonarchFit<S>& fit) {
    return std::make_tuple(error_grade<S>(fit.relative_error), fit.parameter_count,
                           fit.relative_error);
  };
  return key(a) < key(b);
}

/// The best with either input order, and those that no other beats in both error and size.
template <class S>
std::vector<MonarchFit<S>> worth_showing(std::vector<MonarchFit<S>> fits) {
  std::sort(fits.begin(), fits.end(), better<S>);
  std::vector<MonarchFit<S>> shown;
  bool shown_order[2] = {false, false};
  Index fewest = std::numeric_limits<Index>::max();
  std::size_t more = 0;
  for (MonarchFit<S>& fit : fits) {
    bool& order = shown_order[fit.op.shape().input == MonarchInput::strided];
    const bool smaller = fit.parameter_count < fewest;
    fewest = std::min(fewest, fit.parameter_count);
    if (!order || (smaller && more < kMoreMonarchs)) {
      if (order) ++more;
      order = true;
      shown.push_back(std::move(fit));
    }
  }
  return shown;
}

template <class S>
void fit_monarchs(const MatrixView<const S>& w, Index limit, Progress& progress,
                  std::vector<Candidate<S>>& candidates) {
  std::vector<MonarchFit<S>> fits;
  const auto shapes = monarchs_within(w.rows(), w.cols(), limit);
  for (const strum::MonarchShape& shape : shapes) {
    progress.show("fitting Monarch " + text(static_cast<Index>(fits.size()) + 1) + " of " +
                  text(static_cast<Index>(shapes.size())) + ": " + describe(shape));
    fits.push_back(strum::fit::monarch(w, shape));
  }
  for (MonarchFit<S>& fit : worth_showing(std::move(fits))) {
    const std::string shape = describe(fit.op.shape());
    candidates.push_back({shape, std::move(fit.op), fit.relative_error});
  }
}

}  // namespace

template <class S>
std::vector<Candidate<S>> fit_candidates(const MatrixView<const S>& w, const Options& options,
                                         Progress& progress) {
  std::vector<Candidate<S>> candidates;
  const Index m = w.rows(), n = w.cols(), limit = parameter_limit(m, n, options.budget);
  for (const Structure structure : options.structures) {
    if (structure == Structure::low_rank) {
      if (const Index rank = low_rank_within(m, n, limit); rank > 0) {
        progress.show("fitting LowRank of rank " + text(rank));
        auto fit = strum::fit::low_rank(w, rank);
        candidates.push_back({"rank " + text(rank), std::move(fit.op), fit.relative_error});
      }
    } else if (structure == Structure::block_diagonal) {
      if (const Index blocks = blocks_within(m, n, limit); blocks > 0) {
        progress.show("fitting BlockDiagonal of " + text(blocks) + " blocks");
        auto fit = strum::fit::block_diagonal(w, blocks);
        const auto& shape = fit.op.shape();
        const std::string words =
            text(blocks) + " blocks of " + text(shape.block_rows) + " x " + text(shape.block_cols);
        candidates.push_back({words, std::move(fit.op), fit.relative_error});
      }
    } else {
      fit_monarchs(w, limit, progress, candidates);
    }
  }
  return candidates;
}

template <class S>
long error_grade(double relative_error) {
  constexpr double kRounding = 16 * static_cast<double>(std::numeric_limits<S>::epsilon());
  return std::lround(std::log(std::max(relative_error, kRounding)) / std::log(1.01));
}

template std::vector<Candidate<float>> fit_candidates(const MatrixView<const float>&,
                                                      const Options&, Progress&);
template std::vector<Candidate<double>> fit_candidates(const MatrixView<const double>&,
                                                       const Options&, Progress&);
template long error_grade<float>(double);
template long error_grade<double>(double);

}  // namespace compress

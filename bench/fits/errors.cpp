// Relative errors of every family of structures at a quarter of the parameters, as a Markdown
// table: of Gaussian noise, of a covariance, and of the matrices named.
//
//     strum_fit_errors model.safetensors:layer.weight ... > table.md
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/calibrated_error.hpp"
#include "strum/fit/search.hpp"
#include "strum/io/safetensors.hpp"

namespace {

using Eigen::MatrixXf;
using strum::Index;

constexpr double kBudget = 0.25;

struct Matrix {
  std::string name;
  MatrixXf values;
};

MatrixXf gaussian(Index rows, Index cols, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  return MatrixXf::NullaryExpr(rows, cols, [&] { return normal(generator); });
}

/// Matérn 3/2 between n points of a line.
MatrixXf covariance(Index n) {
  return MatrixXf::NullaryExpr(n, n, [n](Index i, Index j) {
    const double d =
        std::sqrt(3.0) * 10 * static_cast<double>(std::abs(i - j)) / static_cast<double>(n);
    return static_cast<float>((1 + d) * std::exp(-d));
  });
}

/// FILE:TENSOR, whose extra dimensions are 1.
Matrix read(const std::string& where) {
  const std::size_t colon = where.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error(where + " is not FILE:TENSOR");
  const std::string name = where.substr(colon + 1);
  const strum::io::SafetensorsFile file(where.substr(0, colon));
  const auto tensor = file.read<float>(name);
  std::vector<Index> sizes;
  for (const Index extent : tensor.shape())
    if (extent != 1) sizes.push_back(extent);
  if (sizes.size() != 2) throw std::runtime_error(name + " is not a matrix");
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return {name, Eigen::Map<const RowMajor>(tensor.data(), sizes[0], sizes[1])};
}

/// Samples of a stationary process: neighbouring inputs are correlated by 0.95.
strum::fit::Calibration correlated_inputs(Index features) {
  MatrixXf x = gaussian(features, 4 * features, 7);
  for (Index i = 1; i < features; ++i)
    x.row(i) = 0.95F * x.row(i - 1) + std::sqrt(1 - 0.95F * 0.95F) * x.row(i);
  strum::fit::Calibration calibration(features);
  calibration.add(x);
  return calibration;
}

using Candidate = strum::fit::SearchCandidate<float>;

/// The nearest of what a search found.
const Candidate* best_of(const strum::fit::SearchResult<float>& result) {
  const Candidate* best = nullptr;
  for (const Candidate* candidate : result.front())
    if (best == nullptr || candidate->calibrated_error < best->calibrated_error) best = candidate;
  return best;
}

void print_table(const Matrix& matrix) {
  const MatrixXf& w = matrix.values;
  const auto calibration = correlated_inputs(w.cols());
  std::printf("\n## %s, %ld x %ld\n\n", matrix.name.c_str(), static_cast<long>(w.rows()),
              static_cast<long>(w.cols()));
  std::printf("| structure | shape | params | error | on inputs | calibrated |\n");
  std::printf("|---|---|---:|---:|---:|---:|\n");
  for (const auto& family : strum::fit::families<float>()) {
    strum::fit::SearchOptions<float> options;
    options.budget = kBudget;
    options.batches = {};
    options.families = {family};
    const auto plain = strum::fit::search(w, options);
    options.calibration = &calibration;
    const auto calibrated = strum::fit::search(w, options);
    const Candidate *const best = best_of(plain), *const on_inputs = best_of(calibrated);
    if (best == nullptr || on_inputs == nullptr) continue;
    std::printf("| %s | %s | %.1f %% | %.2e | %.2e | %.2e |\n", best->structure.c_str(),
                best->shape.c_str(),
                100 * static_cast<double>(best->parameter_count) / static_cast<double>(w.size()),
                best->relative_error, strum::fit::calibrated_error(w, best->op, calibration),
                on_inputs->calibrated_error);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::vector<Matrix> matrices = {{"Gaussian", gaussian(512, 512, 1)},
                                    {"Covariance (Matern 3/2)", covariance(512)}};
    for (int i = 1; i < argc; ++i) matrices.push_back(read(argv[i]));
    std::printf(
        "# Errors at a quarter of the parameters\n\n"
        "Of every family of fit::search(), the shape of the smallest error within 25 %% of the "
        "dense\nmatrix's parameters. error: |W - S| / |W|, Frobenius. on inputs: |(W - S) X| / |W "
        "X| of the same\noperator, for inputs X whose neighbours are correlated by 0.95. "
        "calibrated: the smallest error on X\nthat a search finds which knows X (LowRank, "
        "BlockDiagonal and Monarch have fits that use it).\n");
    for (const Matrix& matrix : matrices) print_table(matrix);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strum_fit_errors: %s\n", error.what());
    return 1;
  }
}

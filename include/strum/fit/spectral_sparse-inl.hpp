// The body of fit::spectral_sparse: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <complex>
#include <vector>

#include "strum/fit/measure.hpp"
#include "strum/fit/spectral_sparse.hpp"

namespace strum::inline STRUM_ABI::detail {

/// fft2 of a scaled W.
template <class Scalar>
[[nodiscard]] Eigen::MatrixXcd fourier_2d(const MatrixView<const Scalar>& w,
                                          const Scaling& scaling) {
  Eigen::MatrixXcd f = scaled_matrix(w, scaling).template cast<std::complex<double>>();
  const MatrixView<std::complex<double>> columns(f.data(), f.rows(), f.cols());
  Fft<double>(f.rows()).forward(columns, columns);
  Fft<double>(f.cols()).forward(columns.transposed(), columns.transposed());
  return f;
}

/// A cosine of W: its place, its share of ‖W‖² times m·n, and its value.
struct CosineTerm {
  Index row, col;
  double energy, value;
};

/// Each pair (p, q), (−p, −q) once, by the one that comes first.
[[nodiscard]] inline std::vector<CosineTerm> cosine_terms(const Eigen::MatrixXcd& f) {
  std::vector<CosineTerm> terms;
  for (Index q = 0; q < f.cols(); ++q)
    for (Index p = 0; p < f.rows(); ++p) {
      const Index other_p = p == 0 ? 0 : f.rows() - p, other_q = q == 0 ? 0 : f.cols() - q;
      const bool alone = p == other_p && q == other_q;
      if (!alone && (other_q < q || (other_q == q && other_p < p))) continue;
      const double re = f(p, q).real();
      terms.push_back({p, q, (alone ? 1 : 2) * re * re, alone ? re : 2 * re});
    }
  return terms;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<SpectralSparse<Scalar>> spectral_sparse(MatrixView<const Scalar> w, Index count) {
  const strum::detail::Scaling scaling(w, "fit::spectral_sparse");
  std::vector<strum::detail::CosineTerm> terms;
  if (w.size() > 0) terms = strum::detail::cosine_terms(strum::detail::fourier_2d(w, scaling));
  if (count < 1 || count > static_cast<Index>(terms.size()))
    strum::detail::fail<ShapeError>("fit::spectral_sparse: ", count, " values, W has ",
                                    terms.size(), " cosines");
  std::stable_sort(terms.begin(), terms.end(),
                   [](const auto& a, const auto& b) { return a.energy > b.energy; });
  std::vector<Index> rows, cols;
  Tensor<Scalar> values({count});
  for (Index k = 0; k < count; ++k) {
    const auto& term = terms[static_cast<std::size_t>(k)];
    rows.push_back(term.row);
    cols.push_back(term.col);
    values[k] = static_cast<Scalar>(term.value * scaling.factor() * scaling.factor());
  }
  const SpectralSparse<double> exact(w.rows(), w.cols(), rows, cols,
                                     values.template cast<double>());
  return strum::detail::measured(
      w, scaling, SpectralSparse<Scalar>(w.rows(), w.cols(), rows, cols, values), exact);
}

}  // namespace strum::inline STRUM_ABI::fit

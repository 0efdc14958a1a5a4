// Singular triples and ranges, and with them Eigen's decompositions, compiled once for all fits.
#include "strum/fit/leading_triples-inl.hpp"
#include "strum/fit/random_range-inl.hpp"

namespace strum::inline STRUM_ABI::detail {

template Triples<double> leading_triples(const MatrixView<const double>&, Index);

}  // namespace strum::inline STRUM_ABI::detail

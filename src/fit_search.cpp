// The search over all families, compiled once.
#include "strum/fit/search-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                            \
  template std::vector<std::vector<double>> microseconds_per_sample(              \
      const std::vector<const AnyLinearOp<Scalar>*>&, const std::vector<Index>&); \
  template std::vector<Family<Scalar>> families();                                \
  template SearchResult<Scalar> search(MatrixView<const Scalar>, const SearchOptions<Scalar>&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit

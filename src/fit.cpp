// The fits of single factors and Monarchs, compiled once.
#include "strum/fit/block_diagonal-inl.hpp"
#include "strum/fit/low_rank-inl.hpp"
#include "strum/fit/monarch-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

template Fit<BlockDiagonal<float>> block_diagonal(MatrixView<const float>, Index);
template Fit<BlockDiagonal<double>> block_diagonal(MatrixView<const double>, Index);
template Fit<LowRank<float>> low_rank(MatrixView<const float>, Index, const LowRankOptions&);
template Fit<LowRank<double>> low_rank(MatrixView<const double>, Index, const LowRankOptions&);
template Fit<LowRank<float>> low_rank_to_error(MatrixView<const float>, double,
                                               const LowRankOptions&);
template Fit<LowRank<double>> low_rank_to_error(MatrixView<const double>, double,
                                                const LowRankOptions&);
template Fit<Monarch<float>> monarch(MatrixView<const float>, const MonarchShape&);
template Fit<Monarch<double>> monarch(MatrixView<const double>, const MonarchShape&);

}  // namespace strum::inline STRUM_ABI::fit

// The compiled library, with no -m flag.
#include "files.hpp"
#include "strum/core/isa.hpp"
#include "strum/ops/monarch.hpp"

const char* plain_monarch(const std::vector<float>& w1, const std::vector<float>& w2,
                          const std::vector<float>& x, std::vector<float>& y) {
  const strum::Monarch<float> op(strum::MonarchShape::exact(6, 8, 5, 12, 7, 4), w1.data(),
                                 w2.data());
  op.apply(strum::MatrixView<const float>(x.data(), op.cols(), 5),
           strum::MatrixView<float>(y.data(), op.rows(), 5));
  return strum::active_isa();
}

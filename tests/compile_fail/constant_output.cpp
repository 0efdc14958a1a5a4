// error: strum: the output
#include "strum/ops/monarch.hpp"

void mistake(const strum::Monarch<float>& op, const Eigen::MatrixXf& x, const Eigen::MatrixXf& y) {
  op.apply(x, y);
}

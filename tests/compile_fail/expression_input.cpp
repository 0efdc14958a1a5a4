// error: strum: apply takes strum::MatrixView or an Eigen matrix, map or block in memory
#include "strum/ops/monarch.hpp"

void mistake(const strum::Monarch<float>& op, const Eigen::MatrixXf& x, Eigen::MatrixXf& y) {
  op.apply(x + x, y);
}

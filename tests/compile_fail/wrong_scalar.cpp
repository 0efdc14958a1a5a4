// error: strum: the matrix and the operator have different scalar types
#include "strum/ops/block_diagonal.hpp"

void mistake(const strum::BlockDiagonal<float>& op, const Eigen::MatrixXd& x, Eigen::MatrixXf& y) {
  op.apply(x, y);
}

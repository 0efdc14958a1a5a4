// error: strum: the matrix and the operator have different scalar types
#include "strum/ops/monarch.hpp"

Eigen::MatrixXd mistake(const strum::Monarch<float>& op, const Eigen::MatrixXd& x) {
  return op * x;
}

// error: strum: the weights and the operator have different scalar types
#include "strum/ops/dense.hpp"

void mistake(const Eigen::MatrixXd& w) { strum::Dense<float, strum::bfloat16> op(w); }

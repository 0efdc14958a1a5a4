// error: strum: weights are stored in the operator's scalar type, or as strum::bfloat16
#include "strum/ops/dense.hpp"

void mistake(const Eigen::MatrixXd& w) { strum::Dense<double, strum::bfloat16> op(w); }

// error: strum: operators of different scalar types do not mix
#include "strum/algebra/product.hpp"
#include "strum/ops/monarch.hpp"

void mistake(const strum::Monarch<float>& a, const strum::AnyLinearOp<double>& b) { (void)(a * b); }

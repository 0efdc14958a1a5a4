// error: strum: operators of different scalar types do not mix
#include "strum/algebra/sum.hpp"
#include "strum/ops/monarch.hpp"

void mistake(const strum::Monarch<float>& a, const strum::Monarch<double>& b) { (void)(a + b); }

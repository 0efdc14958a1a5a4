// error: strum: .npy files hold float, double and std::complex, they have no bfloat16
#include "strum/io/npy.hpp"

void mistake(const strum::Tensor<strum::bfloat16>& tensor) {
  strum::io::write_npy("a.npy", tensor);
}

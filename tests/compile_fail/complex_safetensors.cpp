// error: strum: files hold operators of float, double and std::complex<float>
#include "strum/io/operator_file.hpp"

void mistake(const strum::Dense<std::complex<double>>& op) {
  strum::io::save_operator("a.safetensors", "op", op);
}

// error: strum: this operator does not describe itself
#include "strum/io/operator_file.hpp"

void mistake(const strum::Monarch<float>& op) {
  strum::io::save_operator("file.safetensors", "layer", op.transpose());
}

// Matrices of 1024 x 1024 that need no file, each from a field where such matrices are applied.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "strum/core/tensor.hpp"

namespace compress {

struct BuiltIn {
  std::string name;
  std::string about;
  std::function<strum::Tensor<float>()> make;
};

/// Signal processing: the DCT-II; statistics: a Matérn-3/2 covariance; physics: a Green's function.
std::vector<BuiltIn> built_in_matrices();

}  // namespace compress

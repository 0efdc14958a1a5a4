#include "saving.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <Eigen/Core>

#include "inputs.hpp"
#include "strum/io/operator_file.hpp"

namespace compress {
namespace {

namespace fs = std::filesystem;

template <class S>
bool apply_to_same_bits(const strum::AnyLinearOp<S>& a, const strum::AnyLinearOp<S>& b,
                        strum::Index batch) {
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix x = Matrix::Random(a.cols(), batch);
  const Matrix y = a * x, z = b * x;
  return std::memcmp(y.data(), z.data(), sizeof(S) * static_cast<std::size_t>(y.size())) == 0;
}

}  // namespace

void check_writable(const std::string& path, const std::string& input) {
  std::error_code ignored;
  if (fs::equivalent(path, input, ignored)) throw InputError(path + " is the input");
  const bool existed = fs::exists(path, ignored);
  if (!std::ofstream(path, std::ios::app)) throw InputError("cannot write to " + path);
  if (!existed) fs::remove(path, ignored);
}

template <class S>
void save_and_compare(const std::string& path,
                      const std::map<std::string, strum::AnyLinearOp<S>>& operators,
                      const std::vector<strum::Index>& batches) {
  strum::io::save_operators(path, operators);
  for (const auto& [name, op] : operators) {
    const strum::AnyLinearOp<S> back = strum::io::load_operator<S>(path, name);
    for (const strum::Index batch : batches)
      if (!apply_to_same_bits(op, back, batch))
        throw InputError(path + ": '" + name +
                         "' does not apply to the same bits as what was "
                         "written, at batch " +
                         std::to_string(batch));
  }
}

template void save_and_compare(const std::string&,
                               const std::map<std::string, strum::AnyLinearOp<float>>&,
                               const std::vector<strum::Index>&);
template void save_and_compare(const std::string&,
                               const std::map<std::string, strum::AnyLinearOp<double>>&,
                               const std::vector<strum::Index>&);

}  // namespace compress

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

void write_text(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  std::error_code error;
  if (!(std::ofstream(beside, std::ios::binary) << text).flush())
    error = std::make_error_code(std::errc::io_error);
  else
    fs::rename(beside, path, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(beside, ignored);
  throw InputError("cannot write to " + path);
}

template <class S>
void compare_with_file(const std::string& path, const Operators<S>& operators,
                       const std::vector<strum::Index>& batches) {
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

template <class S>
void save_and_compare(const std::string& path, const Operators<S>& operators,
                      const std::vector<strum::Index>& batches) {
  strum::io::save_operators(path, operators);
  compare_with_file(path, operators, batches);
}

template void compare_with_file(const std::string&, const Operators<float>&,
                                const std::vector<strum::Index>&);
template void compare_with_file(const std::string&, const Operators<double>&,
                                const std::vector<strum::Index>&);
template void save_and_compare(const std::string&, const Operators<float>&,
                               const std::vector<strum::Index>&);
template void save_and_compare(const std::string&, const Operators<double>&,
                               const std::vector<strum::Index>&);

}  // namespace compress

// An operator as it lies in a file: what it says of itself, and its parameters. Private to io/.
#pragma once

#include <complex>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "strum/core/description.hpp"
#include "strum/io/scalar.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class S>
struct OperatorRecord {
  Description description;
  Parameters<S> parameters;  // in S, and files hold what description.weights says
  std::string where;         // "model.safetensors: operator 'up', byte 34", for messages
  std::vector<OperatorRecord> operands = {};  // of an expression
};

/// Tensors `<name>.<parameter>` and metadata `strum.operator.<name>`, for operand i of an
/// expression
/// `<name>.<i>.<parameter>` and `strum.operand.<name>.<i>`; see operator_file.hpp.
STRUM_API void write_operators(const std::filesystem::path& path,
                               const std::map<std::string, OperatorRecord<float>>& operators);
STRUM_API void write_operators(const std::filesystem::path& path,
                               const std::map<std::string, OperatorRecord<double>>& operators);
STRUM_API void write_operators(
    const std::filesystem::path& path,
    const std::map<std::string, OperatorRecord<std::complex<float>>>& operators);

STRUM_API void read_operator(const std::filesystem::path& path, const std::string& name,
                             io::Narrowing narrowing, OperatorRecord<float>& to);
STRUM_API void read_operator(const std::filesystem::path& path, const std::string& name,
                             io::Narrowing narrowing, OperatorRecord<double>& to);
STRUM_API void read_operator(const std::filesystem::path& path, const std::string& name,
                             io::Narrowing narrowing, OperatorRecord<std::complex<float>>& to);

}  // namespace detail

namespace io {

/// Names of the operators that were saved to a file, in alphabetical order; none for a safetensors
/// file from elsewhere. Throws FileError.
[[nodiscard]] STRUM_API std::vector<std::string> operator_names(const std::filesystem::path& path);

}  // namespace io
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/io/operator_record-inl.hpp"
#endif

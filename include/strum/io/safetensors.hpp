// The safetensors format: named tensors in one file, each readable without the others.
#pragma once

#include <complex>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "strum/core/tensor.hpp"
#include "strum/io/scalar.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {
struct SafetensorsState;
}

namespace io {

/// What the header says of one tensor.
struct TensorInfo {
  /// As the file names it: "F32", "F64", "F16", "BF16", "C64", or a type that strum does not read
  /// ("I64").
  std::string dtype;
  Shape shape;
  /// Where its bytes lie in the file.
  Index offset, bytes;
};

/// A safetensors file, open for reading. The header is read and checked once, tensors when they are
/// asked for. Copies share the open file; any number of threads may read.
/// Format: the README of the safetensors project, "Format".
class STRUM_API SafetensorsFile {
 public:
  /// Throws FileError, naming file, tensor and byte, unless the header is sound: JSON of at most
  /// 100 MB without duplicate keys, every shape as large as its bytes, and the tensors' bytes side
  /// by side from the header to the end of the file, without overlaps or holes.
  explicit SafetensorsFile(const std::filesystem::path& path);

  // No moves: copies are as cheap, and none is left without a file.
  SafetensorsFile(const SafetensorsFile&) = default;
  SafetensorsFile& operator=(const SafetensorsFile&) = default;
  ~SafetensorsFile() = default;

  /// In the order in which they lie in the file.
  [[nodiscard]] const std::vector<std::string>& names() const;

  [[nodiscard]] bool contains(const std::string& name) const;

  /// Throws ValueError if there is no such tensor.
  [[nodiscard]] const TensorInfo& info(const std::string& name) const;

  /// The text that `__metadata__` holds, by key.
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const;

  /// Reads one tensor, and nothing else, as float, double, bfloat16 or std::complex<float>. Numbers
  /// of the type asked for keep every bit, those of a narrower one are converted exactly. Throws
  /// ValueError if there is no such tensor, FileError for types that strum does not read, for C64
  /// read as a real type, and for those that would lose digits (F64 read as float, all but BF16
  /// read as bfloat16) unless that is allowed.
  template <TensorScalar S>
  [[nodiscard]] Tensor<S> read(const std::string& name,
                               Narrowing narrowing = Narrowing::refuse) const {
    Tensor<S> tensor;
    read_to(name, narrowing, tensor);
    return tensor;
  }

 private:
  void read_to(const std::string& name, Narrowing narrowing, Tensor<float>& to) const;
  void read_to(const std::string& name, Narrowing narrowing, Tensor<double>& to) const;
  void read_to(const std::string& name, Narrowing narrowing, Tensor<bfloat16>& to) const;
  void read_to(const std::string& name, Narrowing narrowing, Tensor<std::complex<float>>& to) const;

  std::shared_ptr<const detail::SafetensorsState> state_;
};

/// Writes a safetensors file (F32, F64, BF16 or C64) with `metadata` as its `__metadata__`. The
/// file appears under its name when it is complete; a failure leaves what was there. Throws
/// FileError if it cannot be written and ValueError for text that is not UTF-8 or a tensor named
/// `__metadata__`.
STRUM_API void write_safetensors(const std::filesystem::path& path,
                                 const std::map<std::string, Tensor<float>>& tensors,
                                 const std::map<std::string, std::string>& metadata = {});
STRUM_API void write_safetensors(const std::filesystem::path& path,
                                 const std::map<std::string, Tensor<double>>& tensors,
                                 const std::map<std::string, std::string>& metadata = {});
STRUM_API void write_safetensors(const std::filesystem::path& path,
                                 const std::map<std::string, Tensor<bfloat16>>& tensors,
                                 const std::map<std::string, std::string>& metadata = {});
STRUM_API void write_safetensors(const std::filesystem::path& path,
                                 const std::map<std::string, Tensor<std::complex<float>>>& tensors,
                                 const std::map<std::string, std::string>& metadata = {});

template <class S>
requires(!TensorScalar<S>) void write_safetensors(const std::filesystem::path&,
                                                  const std::map<std::string, Tensor<S>>&,
                                                  const std::map<std::string, std::string>& = {}) {
  static_assert(TensorScalar<S>,
                "strum: safetensors files hold float, double, bfloat16 and std::complex<float>; "
                "they have no complex128");
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/io/safetensors-inl.hpp"
#endif

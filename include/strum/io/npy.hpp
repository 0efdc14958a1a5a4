// NumPy's array files (.npy).
#pragma once

#include <complex>
#include <filesystem>

#include "strum/core/tensor.hpp"
#include "strum/io/scalar.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

STRUM_API void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                        Tensor<float>& to);
STRUM_API void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                        Tensor<double>& to);
STRUM_API void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                        Tensor<std::complex<float>>& to);
STRUM_API void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                        Tensor<std::complex<double>>& to);

}  // namespace detail

namespace io {

/// The array of a .npy file (format 1 or 2, little-endian float32, float64, complex64 or
/// complex128, C or Fortran order), in C order. Throws FileError, naming file and byte, for
/// anything else, for a file that is truncated or goes on after the array, for complex numbers read
/// as real ones, and for numbers that would lose digits (float64 read as float) unless that is
/// allowed.
/// Format: NumPy Enhancement Proposal 1, which has no bfloat16.
template <class S>
[[nodiscard]] Tensor<S> read_npy(const std::filesystem::path& path,
                                 Narrowing narrowing = Narrowing::refuse) {
  static_assert(ArrayScalar<S>,
                "strum: .npy files are read as float, double or std::complex of them; convert the "
                "tensor (tensor.cast<strum::bfloat16>())");
  Tensor<S> tensor;
  if constexpr (ArrayScalar<S>) detail::read_npy(path, narrowing, tensor);
  return tensor;
}

/// Writes a .npy file (format 1, C order). The file appears under its name when it is complete; a
/// failure leaves what was there. Throws FileError if it cannot be written.
STRUM_API void write_npy(const std::filesystem::path& path, const Tensor<float>& tensor);
STRUM_API void write_npy(const std::filesystem::path& path, const Tensor<double>& tensor);
STRUM_API void write_npy(const std::filesystem::path& path,
                         const Tensor<std::complex<float>>& tensor);
STRUM_API void write_npy(const std::filesystem::path& path,
                         const Tensor<std::complex<double>>& tensor);

template <class S>
void write_npy(const std::filesystem::path&, const Tensor<S>&) {
  static_assert(ArrayScalar<S>,
                "strum: .npy files hold float, double and std::complex, they have no bfloat16; "
                "convert the tensor (tensor.cast<float>())");
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/io/npy-inl.hpp"
#endif

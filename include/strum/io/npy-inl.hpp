// The bodies of npy.hpp: compiled once in the library, inline header-only.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "strum/io/npy.hpp"
#include "strum/io/npy_header-inl.hpp"

namespace strum::inline STRUM_ABI {
namespace detail {

/// to[i0, i1, ...] in C order from the same array in Fortran order, where the first index is
/// contiguous.
template <class S>
void to_c_order(const Shape& shape, const S* from, S* to) {
  const std::size_t rank = shape.size();
  Shape strides(rank, 1), index(rank, 0);
  for (std::size_t i = 1; i < rank; ++i) strides[i] = strides[i - 1] * shape[i - 1];
  const Index count = element_count(shape, "npy"), inner = shape[rank - 1];
  for (Index done = 0, offset = 0; done < count; done += inner) {
    for (Index i = 0; i < inner; ++i) to[done + i] = from[offset + i * strides[rank - 1]];
    for (std::size_t d = rank - 1; d-- > 0;) {  // the next row: the last index but one moves first
      offset += strides[d];
      if (++index[d] < shape[d]) break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

template <class S>
Tensor<S> read_npy_array(const std::filesystem::path& path, io::Narrowing narrowing) {
  const InputFile file(path);
  const NpyHeader header = read_npy_header(file);
  if (is_loss<S>(header.type, narrowing))
    fail_at_byte(file.name(), header.data, "the array is ", name_of(header.type), " and ",
                 loss_of<S>(header.type));
  Tensor<S> tensor(header.shape);
  read_elements(file, header.data, header.type, tensor.data(), tensor.size());
  if (!header.fortran_order || header.shape.size() < 2) return tensor;
  Tensor<S> ordered(header.shape);
  to_c_order(header.shape, tensor.data(), ordered.data());
  return ordered;
}

template <class S>
void write_npy_array(const std::filesystem::path& path, const Tensor<S>& tensor) {
  check_complete(tensor, "write_npy");
  std::string shape = text(tensor.shape());
  if (tensor.rank() == 1) shape.insert(shape.size() - 1, ",");
  std::string header = "{'descr': '";
  header += (kIsComplex<S> ? "<c" : "<f") + std::to_string(sizeof(S));
  header += "', 'fortran_order': False, 'shape': " + shape + ", }";
  // Spaces and a line feed up to a multiple of 64, so that the array can be mapped aligned.
  constexpr std::size_t kStart = 10, kMultiple = 64;
  header.append(kMultiple - (kStart + header.size()) % kMultiple - 1, ' ');
  header += '\n';
  if (header.size() > 0xffff)
    fail<ValueError>("write_npy: a shape of ", tensor.rank(), " extents does not fit the format");

  const char start[kStart] = {'\x93',
                              'N',
                              'U',
                              'M',
                              'P',
                              'Y',
                              1,
                              0,
                              static_cast<char>(header.size() & 0xff),
                              static_cast<char>(header.size() >> 8)};
  OutputFile file(path);
  file.write(start, kStart);
  file.write(header.data(), header.size());
  file.write(tensor.data(), static_cast<std::size_t>(tensor.size()) * sizeof(S));
  file.commit();
}

STRUM_INLINE void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                           Tensor<float>& to) {
  to = read_npy_array<float>(path, narrowing);
}

STRUM_INLINE void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                           Tensor<double>& to) {
  to = read_npy_array<double>(path, narrowing);
}

STRUM_INLINE void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                           Tensor<std::complex<float>>& to) {
  to = read_npy_array<std::complex<float>>(path, narrowing);
}

STRUM_INLINE void read_npy(const std::filesystem::path& path, io::Narrowing narrowing,
                           Tensor<std::complex<double>>& to) {
  to = read_npy_array<std::complex<double>>(path, narrowing);
}

}  // namespace detail

namespace io {

STRUM_INLINE void write_npy(const std::filesystem::path& path, const Tensor<float>& tensor) {
  detail::write_npy_array(path, tensor);
}

STRUM_INLINE void write_npy(const std::filesystem::path& path, const Tensor<double>& tensor) {
  detail::write_npy_array(path, tensor);
}

STRUM_INLINE void write_npy(const std::filesystem::path& path,
                            const Tensor<std::complex<float>>& tensor) {
  detail::write_npy_array(path, tensor);
}

STRUM_INLINE void write_npy(const std::filesystem::path& path,
                            const Tensor<std::complex<double>>& tensor) {
  detail::write_npy_array(path, tensor);
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI

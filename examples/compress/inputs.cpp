#include "inputs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "strum/io/npy.hpp"
#include "strum/io/safetensors.hpp"

namespace compress {
namespace {

namespace fs = std::filesystem;
using strum::Index;
using strum::Shape;

struct Place {
  std::string file, tensor;
};

/// Both may hold colons: the file is the longest beginning that exists.
Place split(const std::string& where) {
  for (std::size_t end = where.size(); end != std::string::npos && end > 0;
       end = where.rfind(':', end - 1)) {
    std::error_code ignored;
    if (!fs::exists(where.substr(0, end), ignored)) continue;
    return {where.substr(0, end), end < where.size() ? where.substr(end + 1) : ""};
  }
  return {where, ""};
}

/// `shape` without dimensions of 1 until two are left.
Shape squeezed(Shape shape, const std::string& what) {
  const Shape whole = shape;
  while (shape.size() > 2) {
    const auto one = std::find(shape.rbegin(), shape.rend(), 1);
    if (one == shape.rend()) break;
    shape.erase(std::next(one).base());
  }
  if (shape.size() != 2) throw InputError(what + " is not 2-D: its shape is " + text(whole));
  return shape;
}

template <class S>
Input<S> checked(std::string name, const strum::Tensor<S>& read, const std::string& what) {
  const Shape shape = squeezed(read.shape(), what);
  const std::string size = std::to_string(shape[0]) + " x " + std::to_string(shape[1]);
  if (read.size() == 0) throw InputError(what + " is empty: " + size);
  bool zero = true;
  for (Index i = 0; i < read.size(); ++i) {
    if (!std::isfinite(read[i]))
      throw ValuesError(what + " has " + (std::isnan(read[i]) ? "NaN" : "Inf") + " at row " +
                        std::to_string(i / shape[1]) + ", column " + std::to_string(i % shape[1]));
    zero = zero && read[i] == 0;
  }
  if (zero) throw ValuesError(what + " is zero everywhere: " + size);
  return {std::move(name), {shape, {read.data(), read.data() + read.size()}}};
}

AnyInput read_npy(const Place& place) {
  if (!place.tensor.empty())
    throw InputError(place.file + " holds one array without a name: leave out ':" + place.tensor +
                     "'");
  const std::string name = fs::path(place.file).stem().string();
  try {
    return checked(name, strum::io::read_npy<float>(place.file), place.file);
  } catch (const strum::FileError&) {
    // 64-bit numbers are refused as float. Whatever else is wrong, this refuses as well.
    return checked(name, strum::io::read_npy<double>(place.file), place.file);
  }
}

/// The tensor asked for, or the only one that is a matrix.
std::string choose(const strum::io::SafetensorsFile& file, const Place& place) {
  std::string all;
  std::vector<std::string> matrices;
  for (const std::string& name : file.names()) {
    const Shape& shape = file.info(name).shape;
    all += (all.empty() ? "" : ", ") + name + " " + text(shape);
    if (is_matrix(shape)) matrices.push_back(name);
  }
  if (all.empty()) throw InputError(place.file + " holds no tensors");
  if (!place.tensor.empty()) {
    if (!file.contains(place.tensor))
      throw InputError(place.file + " has no tensor '" + place.tensor + "'; it has " + all);
    return place.tensor;
  }
  if (matrices.empty()) throw InputError(place.file + " has no 2-D tensor; it has " + all);
  if (matrices.size() > 1)
    throw InputError("name one of the tensors, as " + place.file + ":" + matrices[0] +
                     "; there are " + all);
  return matrices[0];
}

AnyInput read_safetensors(const Place& place) {
  const strum::io::SafetensorsFile file(place.file);
  const std::string name = choose(file, place);
  return read_tensor(file, name, place.file + ":" + name);
}

}  // namespace

std::string text(const Shape& shape) {
  std::string list;
  for (const Index extent : shape) list += (list.empty() ? "" : ", ") + std::to_string(extent);
  return "(" + list + ")";
}

bool is_matrix(const Shape& shape) {
  return shape.size() >= 2 &&
         std::count_if(shape.begin(), shape.end(), [](Index extent) { return extent != 1; }) <= 2;
}

AnyInput read_tensor(const strum::io::SafetensorsFile& file, const std::string& name,
                     const std::string& what) {
  if (file.info(name).dtype == "F64") return checked(name, file.read<double>(name), what);
  return checked(name, file.read<float>(name), what);
}

AnyInput read_input(const std::string& where) {
  const Place place = split(where);
  std::error_code ignored;
  if (!fs::exists(place.file, ignored)) throw InputError("no such file: " + place.file);
  if (fs::is_directory(place.file, ignored)) throw InputError(place.file + " is a directory");
  const std::string extension = fs::path(place.file).extension().string();
  if (extension == ".npy") return read_npy(place);
  if (extension == ".safetensors") return read_safetensors(place);
  throw InputError(place.file + " is neither a .npy nor a .safetensors file");
}

strum::fit::Calibration read_calibration(const std::string& where) {
  return std::visit(
      [](const auto& input) {
        const auto samples = input.values.matrix();
        strum::fit::Calibration calibration(samples.cols());
        calibration.add(samples.transposed());
        return calibration;
      },
      read_input(where));
}

std::string file_of(const std::string& where) { return split(where).file; }

}  // namespace compress

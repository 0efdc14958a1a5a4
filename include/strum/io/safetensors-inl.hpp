// The bodies of safetensors.hpp: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "strum/io/elements-inl.hpp"
#include "strum/io/safetensors.hpp"
#include "strum/io/safetensors_json-inl.hpp"

namespace strum::inline STRUM_ABI {
namespace detail {

struct SafetensorsState {
  InputFile file;
  std::vector<std::string> names;
  std::map<std::string, io::TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
  std::map<std::string, Index> metadata_bytes;

  explicit SafetensorsState(const std::filesystem::path& path) : file(path) {}
};

/// The limit of the format's reference implementation.
inline constexpr Index kMaxSafetensorsHeader = 100'000'000;
inline constexpr Index kSafetensorsStart = 8;  // the header length

/// Bytes of one element, or 0 for a type that strum does not know and so cannot check.
[[nodiscard]] STRUM_INLINE Index safetensors_element_size(std::string_view dtype) {
  static constexpr std::pair<std::string_view, Index> kSizes[] = {
      {"F64", 8},  {"F32", 4}, {"F16", 2},     {"BF16", 2},   {"I64", 8}, {"U64", 8},
      {"I32", 4},  {"U32", 4}, {"I16", 2},     {"U16", 2},    {"I8", 1},  {"U8", 1},
      {"BOOL", 1}, {"C64", 8}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};
  for (const auto& [name, size] : kSizes)
    if (name == dtype) return size;
  return 0;
}

/// Checks one entry on its own; `data` is the byte at which the header ends.
[[nodiscard]] STRUM_INLINE io::TensorInfo checked_tensor(const InputFile& file, Index data,
                                                         const SafetensorsEntry& entry) {
  const auto refuse = [&](const auto&... parts) {
    fail_in_tensor(file.name(), entry.name, entry.byte, parts...);
  };
  const Index begin = entry.offsets[0], end = entry.offsets[1];
  if (begin > end || end > file.size() - data)
    refuse("data_offsets ", entry.offsets, " leave the ", file.size() - data,
           " bytes of data that the file has after its header");
  const Index element = safetensors_element_size(entry.dtype);
  const Index bytes = byte_count(entry.shape, std::max<Index>(element, 1));
  if (bytes < 0)
    refuse("shape ", entry.shape, " takes more bytes of ", printable(entry.dtype),
           " than 63 bits can count");
  if (element > 0 && bytes != end - begin)
    refuse("shape ", entry.shape, " takes ", bytes, " bytes of ", printable(entry.dtype),
           ", data_offsets ", entry.offsets, " hold ", end - begin);
  return {entry.dtype, entry.shape, data + begin, end - begin};
}

/// Throws FileError unless the tensors' bytes cover the data once. `entries` in their order there.
STRUM_INLINE void check_coverage(const InputFile& file, Index data,
                                 const std::vector<SafetensorsEntry>& entries) {
  Index end = 0;
  const SafetensorsEntry* previous = nullptr;
  for (const SafetensorsEntry& entry : entries) {
    const Index begin = entry.offsets[0];
    if (begin < end)
      fail_in_tensor(file.name(), entry.name, data + begin, "its bytes overlap those of tensor '",
                     printable(previous->name), "', which end at byte ", data + end);
    if (begin > end)
      fail_in_tensor(file.name(), entry.name, data + end, "there is a hole of ", begin - end,
                     " bytes that belong to no tensor before this one");
    end = entry.offsets[1];
    previous = &entry;
  }
  if (end != file.size() - data)
    fail_at_byte(file.name(), data + end, "the last ", file.size() - data - end,
                 " bytes of the file belong to no tensor");
}

[[nodiscard]] STRUM_INLINE std::shared_ptr<const SafetensorsState> open_safetensors(
    const std::filesystem::path& path) {
  const auto state = std::make_shared<SafetensorsState>(path);
  const InputFile& file = state->file;
  if (file.size() < kSafetensorsStart)
    fail_at_byte(file.name(), file.size(), "the file ends inside the header length");
  std::uint64_t length = 0;
  file.read(0, &length, kSafetensorsStart);
  if (length > static_cast<std::uint64_t>(kMaxSafetensorsHeader))
    fail_at_byte(file.name(), 0, "the header is ", std::to_string(length), " bytes long, at most ",
                 kMaxSafetensorsHeader, " are read");
  const auto header_bytes = static_cast<Index>(length);
  if (header_bytes > file.size() - kSafetensorsStart)
    fail_at_byte(file.name(), 0, "the header is ", header_bytes, " bytes long, the file has ",
                 file.size());

  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(kSafetensorsStart, text.data(), header_bytes);
  SafetensorsHeader header = parse_safetensors_header(file.name(), text, kSafetensorsStart);
  const Index data = kSafetensorsStart + header_bytes;
  for (const SafetensorsEntry& entry : header.entries)
    state->tensors.emplace(entry.name, checked_tensor(file, data, entry));
  std::sort(header.entries.begin(), header.entries.end(),
            [](const auto& a, const auto& b) { return a.offsets < b.offsets; });
  check_coverage(file, data, header.entries);
  for (SafetensorsEntry& entry : header.entries) state->names.push_back(std::move(entry.name));
  state->metadata = std::move(header.metadata);
  state->metadata_bytes = std::move(header.metadata_bytes);
  return state;
}

[[nodiscard]] STRUM_INLINE const io::TensorInfo& find_tensor(const SafetensorsState& state,
                                                             const std::string& name) {
  const auto found = state.tensors.find(name);
  if (found == state.tensors.end())
    fail<ValueError>(state.file.name(), ": there is no tensor '", printable(name), "'; it has ",
                     name_list(state.names));
  return found->second;
}

template <class S>
void read_tensor(const SafetensorsState& state, const std::string& name, io::Narrowing narrowing,
                 Tensor<S>& to) {
  const io::TensorInfo& info = find_tensor(state, name);
  ElementType type = ElementType::f32;
  if (info.dtype == "F64")
    type = ElementType::f64;
  else if (info.dtype == "F16")
    type = ElementType::f16;
  else if (info.dtype == "BF16")
    type = ElementType::bf16;
  else if (info.dtype == "C64")
    type = ElementType::c64;
  else if (info.dtype != "F32")
    fail_in_tensor(state.file.name(), name, info.offset, "type ", printable(info.dtype),
                   " is not read; only F64, F32, F16, BF16 and C64 are");
  if (is_loss<S>(type, narrowing))
    fail_in_tensor(state.file.name(), name, info.offset, info.dtype, " ", loss_of<S>(type));
  to = Tensor<S>(info.shape);
  read_elements(state.file, info.offset, type, to.data(), to.size());
}

/// `text` as a JSON string. Throws ValueError where it is not UTF-8.
[[nodiscard]] STRUM_INLINE std::string to_json_text(const nlohmann::json& value,
                                                    std::string_view where) {
  try {
    return value.dump();
  } catch (const nlohmann::json::exception&) {
    fail<ValueError>(where, ": a name or a text is not UTF-8");
  }
}

/// A tensor of any type on its way to a file; its owner keeps it until then.
struct TensorBytes {
  std::string_view dtype;
  const Shape* shape;
  const void* data;
  Index bytes;
};

template <class S>
inline constexpr std::string_view kDtype = std::is_same_v<S, bfloat16> ? "BF16"
                                           : std::is_same_v<S, float>  ? "F32"
                                           : std::is_same_v<S, double> ? "F64"
                                                                       : "C64";

/// Throws ValueError for a default-constructed tensor.
template <class S>
[[nodiscard]] TensorBytes bytes_of(const Tensor<S>& tensor) {
  check_complete(tensor, "write_safetensors");
  return {kDtype<S>, &tensor.shape(), tensor.data(), tensor.size() * Index{sizeof(S)}};
}

STRUM_INLINE void write_tensors(const std::filesystem::path& path,
                                const std::map<std::string, TensorBytes>& tensors,
                                const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  Index end = 0;
  for (const auto& [name, tensor] : tensors) {
    if (name == "__metadata__")
      fail<ValueError>("write_safetensors: a tensor cannot be named '__metadata__'");
    const Index begin = end;
    end += tensor.bytes;
    header[name] = {
        {"dtype", tensor.dtype}, {"shape", *tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = to_json_text(header, "write_safetensors");
  text.append((8 - text.size() % 8) % 8, ' ');  // the data begins aligned, as the format advises
  if (text.size() > static_cast<std::size_t>(kMaxSafetensorsHeader))
    fail<ValueError>("write_safetensors: the header takes ", text.size(), " bytes, at most ",
                     kMaxSafetensorsHeader, " can be read back");

  OutputFile file(path);
  const std::uint64_t length = text.size();
  file.write(&length, sizeof(length));
  file.write(text.data(), text.size());
  for (const auto& [name, tensor] : tensors)
    file.write(tensor.data, static_cast<std::size_t>(tensor.bytes));
  file.commit();
}

template <class S>
void write_all(const std::filesystem::path& path, const std::map<std::string, Tensor<S>>& tensors,
               const std::map<std::string, std::string>& metadata) {
  std::map<std::string, TensorBytes> list;
  for (const auto& [name, tensor] : tensors) list.emplace(name, bytes_of(tensor));
  write_tensors(path, list, metadata);
}

}  // namespace detail

namespace io {

STRUM_INLINE SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : state_(detail::open_safetensors(path)) {}

STRUM_INLINE const std::vector<std::string>& SafetensorsFile::names() const {
  return state_->names;
}

STRUM_INLINE bool SafetensorsFile::contains(const std::string& name) const {
  return state_->tensors.count(name) != 0;
}

STRUM_INLINE const TensorInfo& SafetensorsFile::info(const std::string& name) const {
  return detail::find_tensor(*state_, name);
}

STRUM_INLINE const std::map<std::string, std::string>& SafetensorsFile::metadata() const {
  return state_->metadata;
}

STRUM_INLINE void SafetensorsFile::read_to(const std::string& name, Narrowing narrowing,
                                           Tensor<float>& to) const {
  detail::read_tensor(*state_, name, narrowing, to);
}

STRUM_INLINE void SafetensorsFile::read_to(const std::string& name, Narrowing narrowing,
                                           Tensor<double>& to) const {
  detail::read_tensor(*state_, name, narrowing, to);
}

STRUM_INLINE void SafetensorsFile::read_to(const std::string& name, Narrowing narrowing,
                                           Tensor<bfloat16>& to) const {
  detail::read_tensor(*state_, name, narrowing, to);
}

STRUM_INLINE void SafetensorsFile::read_to(const std::string& name, Narrowing narrowing,
                                           Tensor<std::complex<float>>& to) const {
  detail::read_tensor(*state_, name, narrowing, to);
}

STRUM_INLINE void write_safetensors(const std::filesystem::path& path,
                                    const std::map<std::string, Tensor<float>>& tensors,
                                    const std::map<std::string, std::string>& metadata) {
  detail::write_all(path, tensors, metadata);
}

STRUM_INLINE void write_safetensors(const std::filesystem::path& path,
                                    const std::map<std::string, Tensor<double>>& tensors,
                                    const std::map<std::string, std::string>& metadata) {
  detail::write_all(path, tensors, metadata);
}

STRUM_INLINE void write_safetensors(const std::filesystem::path& path,
                                    const std::map<std::string, Tensor<bfloat16>>& tensors,
                                    const std::map<std::string, std::string>& metadata) {
  detail::write_all(path, tensors, metadata);
}

STRUM_INLINE void write_safetensors(
    const std::filesystem::path& path,
    const std::map<std::string, Tensor<std::complex<float>>>& tensors,
    const std::map<std::string, std::string>& metadata) {
  detail::write_all(path, tensors, metadata);
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI

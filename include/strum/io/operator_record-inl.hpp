// The bodies of operator_record.hpp: compiled once in the library, inline header-only.
#pragma once

#include <limits>
#include <list>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "strum/io/operator_record.hpp"
#include "strum/io/safetensors-inl.hpp"

namespace strum::inline STRUM_ABI {
namespace detail {

inline constexpr std::string_view kOperatorPrefix = "strum.operator.";
inline constexpr std::string_view kOperandPrefix = "strum.operand.";
inline constexpr Index kOperatorVersion = 1;

/// {"attributes":{"shape":[m,n],...},"parameters":["weight"],"scalar":"F32","type":"Dense",
/// "version":1,"weights":"BF16"}; without "weights" where they are of the scalar type, with
/// "operands":2 for an expression of two
template <class S>
std::string operator_text(const OperatorRecord<S>& record) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : record.parameters) names.push_back(name);
  nlohmann::json json = {{"version", kOperatorVersion},
                         {"type", record.description.type},
                         {"scalar", kDtype<S>},
                         {"attributes", record.description.attributes},
                         {"parameters", names}};
  if (!record.description.weights.empty()) json["weights"] = record.description.weights;
  if (!record.operands.empty()) json["operands"] = record.operands.size();
  return to_json_text(json, "save_operator");
}

/// What a file is made of.
struct FileParts {
  std::map<std::string, TensorBytes> tensors;
  std::list<Tensor<bfloat16>> narrow;  // what was made for it
  std::map<std::string, std::string> metadata;
};

template <class S>
void add_record(std::string_view prefix, const std::string& name, const OperatorRecord<S>& record,
                FileParts& parts) {
  parts.metadata[std::string(prefix) + name] = operator_text(record);
  const bool narrows = !kIsComplex<S> && record.description.weights == kDtype<bfloat16>;
  for (const auto& [parameter, tensor] : record.parameters) {
    if constexpr (!kIsComplex<S>) {
      if (narrows) parts.narrow.push_back(tensor.template cast<bfloat16>());
    }
    const TensorBytes bytes = narrows ? bytes_of(parts.narrow.back()) : bytes_of(tensor);
    if (!parts.tensors.emplace(name + "." + parameter, bytes).second)
      fail<ValueError>("save_operators: two operators have a tensor '", name, ".", parameter, "'");
  }
  for (std::size_t i = 0; i < record.operands.size(); ++i)
    add_record(kOperandPrefix, name + "." + std::to_string(i), record.operands[i], parts);
}

template <class S>
void write_records(const std::filesystem::path& path,
                   const std::map<std::string, OperatorRecord<S>>& operators) {
  FileParts parts;
  for (const auto& [name, record] : operators) add_record(kOperatorPrefix, name, record, parts);
  write_tensors(path, parts.tensors, parts.metadata);
}

/// Reads the text of one operator. Everything in it is somebody else's until checked here.
class OperatorText {
 public:
  OperatorText(std::string where, const std::string& text) : where_(std::move(where)) {
    // The parser would take a zero byte for the end.
    if (text.find('\0') != text.npos) refuse("its text holds a zero byte");
    std::vector<std::set<std::string>> keys;
    const auto no_key_twice = [&](int depth, nlohmann::json::parse_event_t event,
                                  nlohmann::json& value) {
      using Event = nlohmann::json::parse_event_t;
      if (event == Event::object_start) keys.resize(static_cast<std::size_t>(depth) + 1);
      if (event == Event::object_start) keys.back().clear();
      if (event == Event::key &&
          !keys[static_cast<std::size_t>(depth) - 1].insert(value.get<std::string>()).second)
        refuse("its text gives '", printable(value.get<std::string>()), "' twice");
      return true;
    };
    try {
      json_ = nlohmann::json::parse(text, no_key_twice);
    } catch (const nlohmann::json::exception& error) {
      refuse("its text is not JSON: ", printable(error.what()));
    }
    if (!json_.is_object()) refuse("its text is not a JSON object");
  }

  [[nodiscard]] Index version() const { return integer(member("version"), "version"); }
  [[nodiscard]] std::string string(const char* key) const { return string(member(key), key); }

  /// Of an expression; 0 for any other operator.
  [[nodiscard]] Index operands() const {
    return json_.contains("operands") ? integer(member("operands"), "operands") : 0;
  }

  /// Empty if there is no such key.
  [[nodiscard]] std::optional<std::string> optional_string(const char* key) const {
    if (!json_.contains(key)) return std::nullopt;
    return string(key);
  }

  [[nodiscard]] std::vector<std::string> strings(const char* key) const {
    std::vector<std::string> list;
    for (const auto& element : array(member(key), key)) list.push_back(string(element, key));
    return list;
  }

  [[nodiscard]] std::map<std::string, std::vector<Index>> attributes() const {
    const nlohmann::json& object = member("attributes");
    if (!object.is_object()) refuse("'attributes' is not an object");
    std::map<std::string, std::vector<Index>> map;
    for (const auto& [key, values] : object.items())
      for (const auto& value : array(values, key)) map[key].push_back(integer(value, key));
    return map;
  }

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail<FileError>(where_, ": ", parts...);
  }

 private:
  [[nodiscard]] const nlohmann::json& member(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) refuse("'", key, "' is missing");
    return *found;
  }

  [[nodiscard]] const nlohmann::json& array(const nlohmann::json& value,
                                            std::string_view key) const {
    if (!value.is_array()) refuse("'", printable(key), "' is not an array");
    return value;
  }

  [[nodiscard]] std::string string(const nlohmann::json& value, std::string_view key) const {
    if (!value.is_string()) refuse("'", printable(key), "' holds something that is not a string");
    return value.get<std::string>();
  }

  [[nodiscard]] Index integer(const nlohmann::json& value, std::string_view key) const {
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{kMaxIndex}))
      refuse("'", printable(key), "' holds something that is not a 64-bit integer");
    return value.get<Index>();
  }

  static constexpr Index kMaxIndex = std::numeric_limits<Index>::max();

  std::string where_;
  nlohmann::json json_;
};

/// Sizes beside a size of 0 cost no byte in the file, so the file does not bound them; an operator
/// of 2^60 empty blocks would still be packed block by block.
STRUM_INLINE void check_empty_extents(const SafetensorsState& state, const std::string& name) {
  constexpr Index kMost = Index{1} << 28;
  const io::TensorInfo& info = find_tensor(state, name);
  if (info.bytes != 0) return;
  Index product = 1;
  for (const Index extent : info.shape)
    if (extent != 0 && (extent > kMost || (product *= extent) > kMost))
      fail_in_tensor(state.file.name(), name, info.offset, "shape ", info.shape,
                     " is too large for a parameter without elements");
}

[[nodiscard]] STRUM_INLINE std::vector<std::string> saved_operators(const SafetensorsState& state) {
  std::vector<std::string> names;
  for (const auto& [key, text] : state.metadata)
    if (key.substr(0, kOperatorPrefix.size()) == kOperatorPrefix)
      names.push_back(key.substr(kOperatorPrefix.size()));
  return names;
}

/// Expressions deeper than this are not read, so that no file can exhaust the stack.
inline constexpr int kDeepestExpression = 32;

/// Reads what the text under prefix + name describes.
template <class S>
void read_record(const SafetensorsState& state, std::string_view prefix, const std::string& name,
                 int depth, io::Narrowing narrowing, OperatorRecord<S>& to) {
  const std::string key = std::string(prefix) + name;
  const auto found = state.metadata.find(key);
  if (found == state.metadata.end())
    fail<ValueError>(state.file.name(), ": there is no operator '", printable(name), "'; it has ",
                     name_list(saved_operators(state)));
  to.where = state.file.name() + ": operator '" + printable(name) + "', byte " +
             std::to_string(state.metadata_bytes.at(key));
  const OperatorText text(to.where, found->second);
  if (text.version() != kOperatorVersion)
    text.refuse("format version ", text.version(), " is not read; only ", kOperatorVersion, " is");
  const std::string scalar = text.string("scalar");
  if (scalar != "F32" && scalar != "F64" && scalar != "C64")
    text.refuse("scalar type '", printable(scalar), "' is not read; only F32, F64 and C64 are");
  const std::optional<std::string> weights = text.optional_string("weights");
  if (weights && (*weights != kDtype<bfloat16> || scalar != kDtype<float>))
    text.refuse("weights of type '", printable(*weights), "' for an operator of ", scalar,
                " are not read; only BF16 for F32 are");
  const std::string dtype = weights.value_or(scalar);
  to.description = {text.string("type"), text.attributes()};
  if (std::is_same_v<S, float>) to.description.weights = weights.value_or("");
  to.parameters.clear();
  for (const std::string& parameter : text.strings("parameters")) {
    const std::string tensor = name + "." + parameter;
    if (state.tensors.count(tensor) == 0)
      text.refuse("the file has no tensor '", printable(tensor), "'");
    if (find_tensor(state, tensor).dtype != dtype)
      text.refuse("tensor '", printable(tensor), "' is not ", dtype, " as the operator says");
    check_empty_extents(state, tensor);
    read_tensor(state, tensor, narrowing, to.parameters[parameter]);
  }
  const Index operands = text.operands();
  if (operands < 0) text.refuse("it has ", operands, " operands");
  if (operands > 0 && depth == kDeepestExpression)
    text.refuse("it lies ", depth, " expressions deep; no deeper ones are read");
  for (Index i = 0; i < operands; ++i) {
    const std::string operand = name + "." + std::to_string(i);
    if (state.metadata.count(std::string(kOperandPrefix) + operand) == 0)
      text.refuse("the file has no operand '", printable(operand), "'");
    read_record(state, kOperandPrefix, operand, depth + 1, narrowing, to.operands.emplace_back());
  }
}

/// Reads one operator by its name.
template <class S>
void read_record(const std::filesystem::path& path, const std::string& name,
                 io::Narrowing narrowing, OperatorRecord<S>& to) {
  read_record(*open_safetensors(path), kOperatorPrefix, name, 0, narrowing, to);
}

STRUM_INLINE void write_operators(const std::filesystem::path& path,
                                  const std::map<std::string, OperatorRecord<float>>& operators) {
  write_records(path, operators);
}

STRUM_INLINE void write_operators(const std::filesystem::path& path,
                                  const std::map<std::string, OperatorRecord<double>>& operators) {
  write_records(path, operators);
}

STRUM_INLINE void write_operators(
    const std::filesystem::path& path,
    const std::map<std::string, OperatorRecord<std::complex<float>>>& operators) {
  write_records(path, operators);
}

STRUM_INLINE void read_operator(const std::filesystem::path& path, const std::string& name,
                                io::Narrowing narrowing, OperatorRecord<float>& to) {
  read_record(path, name, narrowing, to);
}

STRUM_INLINE void read_operator(const std::filesystem::path& path, const std::string& name,
                                io::Narrowing narrowing, OperatorRecord<double>& to) {
  read_record(path, name, narrowing, to);
}

STRUM_INLINE void read_operator(const std::filesystem::path& path, const std::string& name,
                                io::Narrowing narrowing, OperatorRecord<std::complex<float>>& to) {
  read_record(path, name, narrowing, to);
}

}  // namespace detail

namespace io {

STRUM_INLINE std::vector<std::string> operator_names(const std::filesystem::path& path) {
  return detail::saved_operators(*detail::open_safetensors(path));
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI

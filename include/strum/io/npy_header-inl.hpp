// The header of a .npy file: a Python dictionary in a few hundred characters. Private to io/.
#pragma once

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "strum/io/elements-inl.hpp"

namespace strum::inline STRUM_ABI::detail {

struct NpyHeader {
  ElementType type = ElementType::f32;
  bool fortran_order = false;
  Shape shape;
  Index data = 0;  // byte at which the array begins
};

/// What a NumPy type string means, for messages: ">f4" is "big-endian float32 ('>f4')".
[[nodiscard]] inline std::string npy_type_name(std::string_view descr) {
  struct Kind {
    char letter;
    const char* name;
    bool sized;
  };
  static constexpr Kind kKinds[] = {
      {'f', "float", true},        {'i', "int", true},          {'u', "uint", true},
      {'c', "complex", true},      {'b', "bool", false},        {'O', "object", false},
      {'S', "byte string", false}, {'a', "byte string", false}, {'U', "unicode string", false},
      {'V', "void", false},        {'M', "datetime", false},    {'m', "timedelta", false}};
  const std::string quoted = "'" + printable(descr) + "'";
  std::string name = descr.substr(0, 1) == ">" ? "big-endian " : "";
  std::string_view rest = descr;
  if (!rest.empty() && std::string_view("<>=|").find(rest[0]) != rest.npos) rest.remove_prefix(1);
  const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& k) {
    return !rest.empty() && k.letter == rest[0];
  });
  if (kind == std::end(kKinds)) return "type " + quoted;
  name += kind->name;
  int bytes = 0;
  std::from_chars(rest.data() + 1, rest.data() + rest.size(), bytes);
  if (kind->sized && bytes > 0 && bytes <= 64) name += std::to_string(8 * bytes);
  return name + " (" + quoted + ")";
}

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, keys in any order.
class NpyHeaderParser {
 public:
  /// `text` stands at byte `start` of the file.
  NpyHeaderParser(const std::string& file, std::string_view text, Index start)
      : file_(file), text_(text), start_(start) {}

  [[nodiscard]] NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      parse_entry();
      if (!accept(',') && peek() != '}') refuse("',' or '}' is missing");
    }
    if (peek() != '\0' || at_ != text_.size()) refuse("the header goes on after its '}'");
    if (seen_.size() != 3) refuse("the header lacks 'descr', 'fortran_order' or 'shape'");
    return header_;
  }

 private:
  void parse_entry() {
    peek();  // to the key's first character
    const std::size_t begin = at_;
    const std::string_view key = string();
    const bool known = key == "descr" || key == "fortran_order" || key == "shape";
    const bool first = seen_.insert(std::string(key)).second;
    if (!known || !first) at_ = begin;
    if (!known) refuse("unknown header key '", printable(key), "'");
    if (!first) refuse("the header gives '", key, "' twice");
    expect(':');
    if (key == "descr")
      parse_type();
    else if (key == "fortran_order")
      parse_order();
    else
      parse_shape();
  }

  void parse_type() {
    if (peek() == '[') refuse("a structured type is not read; only numbers are");
    const std::size_t begin = at_;
    const std::string_view descr = string();
    for (const auto& [name, type] :
         {std::pair<std::string_view, ElementType>{"<f4", ElementType::f32},
          {"<f8", ElementType::f64},
          {"<c8", ElementType::c64},
          {"<c16", ElementType::c128}}) {
      if (descr != name) continue;
      header_.type = type;
      return;
    }
    at_ = begin;
    const bool two_bytes = descr == "<V2" || descr == "|V2";
    refuse(npy_type_name(descr), two_bytes ? " (bfloat16? The format has none)" : "",
           " is not read; only little-endian float32, float64, complex64 and complex128 are");
  }

  void parse_order() {
    if (accept_word("True"))
      header_.fortran_order = true;
    else if (!accept_word("False"))
      refuse("'fortran_order' is neither True nor False");
  }

  void parse_shape() {
    expect('(');
    bool comma = true;
    while (!accept(')')) {
      if (!comma) refuse("the shape needs a ',' here");
      header_.shape.push_back(number());
      comma = accept(',');
      if (!comma && peek() == ')' && header_.shape.size() == 1)
        refuse("the shape is not a tuple (one extent needs a ',')");
    }
  }

  Index number() {
    peek();  // skips spaces
    Index value = 0;
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    const auto [next, error] = std::from_chars(begin, end, value);
    if (error != std::errc() || value < 0)
      refuse("the shape holds something that is not a size of at most 63 bits");
    at_ += static_cast<std::size_t>(next - begin);
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // as Python 2 wrote its integers
    return value;
  }

  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("a string is missing");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos) refuse("a string without an end");
    const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return value;
  }

  /// The next character that is not white space; 0 at the end.
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  bool accept_word(std::string_view wanted) {
    peek();
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) refuse("'", std::string_view(&wanted, 1), "' is missing");
  }

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail_at_byte(file_, start_ + static_cast<Index>(at_), parts...);
  }

  const std::string& file_;
  std::string_view text_;
  Index start_;
  std::size_t at_ = 0;
  std::set<std::string> seen_;  // keys
  NpyHeader header_;
};

/// Reads and checks everything before the array; the array itself lies in the file and ends it.
[[nodiscard]] STRUM_INLINE NpyHeader read_npy_header(const InputFile& file) {
  constexpr Index kMaxHeader = 1 << 20;  // one of numbers takes a few hundred bytes
  constexpr std::string_view kMagic("\x93NUMPY", 6);
  unsigned char start[12] = {};
  const Index got = std::min<Index>(file.size(), 12);
  file.read(0, start, got);
  if (got < 6 || kMagic != std::string_view(reinterpret_cast<const char*>(start), 6))
    fail_at_byte(file.name(), 0, "this is not a .npy file (it does not begin with \\x93NUMPY)");
  if (got < 8) fail_at_byte(file.name(), got, "the file ends inside the format version");
  const int major = start[6], minor = start[7];
  if ((major != 1 && major != 2) || minor != 0)
    fail_at_byte(file.name(), 6, "format version ", major, ".", minor,
                 " is not read; only 1.0 and 2.0 are");

  const Index text_start = major == 1 ? 10 : 12;
  if (got < text_start) fail_at_byte(file.name(), got, "the file ends inside the header length");
  Index length = start[8] | start[9] << 8;
  if (major == 2) length |= Index{start[10]} << 16 | Index{start[11]} << 24;
  if (length > file.size() - text_start)
    fail_at_byte(file.name(), 8, "the header is ", length, " bytes long, the file has ",
                 file.size());
  if (length > kMaxHeader)
    fail_at_byte(file.name(), 8, "the header is ", length, " bytes long, at most ", kMaxHeader,
                 " are read");

  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(text_start, text.data(), length);
  NpyHeader header = NpyHeaderParser(file.name(), text, text_start).parse();
  header.data = text_start + length;

  const Index bytes = byte_count(header.shape, size_of(header.type));
  if (bytes < 0)
    fail_at_byte(file.name(), text_start, "shape ", header.shape,
                 " takes more bytes than 63 bits can count");
  if (bytes != file.size() - header.data)
    fail_at_byte(file.name(), header.data, "an array of shape ", header.shape, " takes ", bytes,
                 " bytes, the file has ", file.size() - header.data, " from here on");
  return header;
}

}  // namespace strum::inline STRUM_ABI::detail

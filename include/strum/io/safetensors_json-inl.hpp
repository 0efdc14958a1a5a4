// From the text of a safetensors header to its entries. Private to io/.
#pragma once

#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "strum/io/file-inl.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A tensor as the header has it, not yet checked against the file.
struct SafetensorsEntry {
  std::string name, dtype;
  Shape shape, offsets;  // offsets: begin and end, from the end of the header
  Index byte;            // of the entry's '{' in the file
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;
  std::map<std::string, std::string> metadata;
  std::map<std::string, Index> metadata_bytes;  // where in the file each of them ends
};

/// Walks over text and tells how far the parser has come, which nlohmann's events do not.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Index* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return !(a == b); }

 private:
  const char* at_;
  Index* count_;
};

/// Takes the parser's events. No document is built: a header may have 100 MB, duplicate keys must
/// be seen, and messages need the byte.
class SafetensorsHandler {
 public:
  /// `read` counts the characters of the header that the parser has taken.
  SafetensorsHandler(const std::string& file, Index header_start, const Index& read)
      : file_(file), start_(header_start), read_(read) {}

  [[nodiscard]] SafetensorsHeader& header() { return header_; }

  bool null() { refuse("null"); }
  bool boolean(bool) { refuse("true or false"); }
  bool number_integer(std::int64_t) { refuse("a negative number"); }
  bool number_float(double, const std::string& text) { refuse("the number " + printable(text)); }
  bool binary(std::vector<std::uint8_t>&) { refuse("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    if (place_ != Place::numbers) refuse("a number");
    if (value > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
      refuse("the number " + std::to_string(value));
    (field_ == "shape" ? entry_.shape : entry_.offsets).push_back(static_cast<Index>(value));
    return true;
  }

  bool string(std::string& value) {
    if (place_ == Place::metadata) {
      header_.metadata[field_] = value;
      header_.metadata_bytes[field_] = byte();
    } else if (place_ == Place::tensor && field_ == "dtype") {
      entry_.dtype = value;
    } else {
      refuse("a string");
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (place_ == Place::outside) {
      place_ = Place::top;
    } else if (place_ == Place::top && name_ == "__metadata__") {
      place_ = Place::metadata;
    } else if (place_ == Place::top) {
      place_ = Place::tensor;
      entry_ = {name_, {}, {}, {}, byte()};
    } else {
      refuse("an object");
    }
    fields_.clear();
    return true;
  }

  bool key(std::string& key) {
    if (place_ == Place::top) {
      name_ = key;
      if (!names_.insert(key).second) fail_here("the header gives this name twice");
      return true;
    }
    field_ = key;
    if (!fields_.insert(key).second) fail_here("the header gives '", printable(key), "' twice");
    if (place_ == Place::tensor && key != "dtype" && key != "shape" && key != "data_offsets")
      fail_here("unknown field '", printable(key), "'");
    return true;
  }

  bool end_object() {
    if (place_ == Place::tensor) {
      if (fields_.size() != 3) fail_here("'dtype', 'shape' or 'data_offsets' is missing");
      if (entry_.offsets.size() != 2)
        fail_here("'data_offsets' has ", entry_.offsets.size(), " numbers, needs 2");
      header_.entries.push_back(std::move(entry_));
    }
    place_ = place_ == Place::top ? Place::outside : Place::top;
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ != Place::tensor || field_ == "dtype") refuse("an array");
    place_ = Place::numbers;
    return true;
  }

  bool end_array() {
    place_ = Place::tensor;
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception& error) {
    fail_at_byte(file_, start_ + static_cast<Index>(position) - 1,
                 "the header is not JSON: ", printable(error.what()));
  }

 private:
  enum class Place { outside, top, metadata, tensor, numbers };

  /// The last one that the parser took. After a number, which ends where something else begins,
  /// that is the character behind it.
  [[nodiscard]] Index byte() const { return start_ + read_ - 1; }

  template <class... Parts>
  [[noreturn]] void fail_here(const Parts&... parts) const {
    if (name_ == "__metadata__") fail_at_byte(file_, byte(), "__metadata__: ", parts...);
    fail_in_tensor(file_, name_, byte(), parts...);
  }

  /// For a value of the wrong kind.
  [[noreturn]] void refuse(const std::string& what) const {
    const bool inside = place_ != Place::outside && place_ != Place::top;
    const std::string holder =
        inside ? "'" + printable(field_) + "'" : std::string("the header's entry");
    const char* const needs = place_ == Place::metadata                      ? "a string"
                              : place_ == Place::numbers                     ? "sizes"
                              : place_ == Place::tensor && field_ == "dtype" ? "a string"
                              : place_ == Place::tensor                      ? "an array of sizes"
                                                                             : "an object";
    fail_here(holder, " holds ", what, ", needs ", needs);
  }

  const std::string& file_;
  Index start_;
  const Index& read_;
  Place place_ = Place::outside;
  std::string name_, field_;              // the keys that lead to where the parser is
  std::set<std::string> names_, fields_;  // all keys so far, on the two levels
  SafetensorsEntry entry_{};
  SafetensorsHeader header_;
};

/// Throws FileError unless `text`, which stands at byte `start` of the file, is a header.
[[nodiscard]] STRUM_INLINE SafetensorsHeader parse_safetensors_header(const std::string& file,
                                                                      std::string_view text,
                                                                      Index start) {
  if (text.empty() || text[0] != '{')
    fail_at_byte(file, start, "the header does not begin with '{'");
  // The parser would take a zero byte for the end, and what lies behind it for nothing.
  const std::size_t zero = text.find('\0');
  if (zero != text.npos)
    fail_at_byte(file, start + static_cast<Index>(zero), "the header holds a zero byte");
  Index read = 0;
  SafetensorsHandler handler(file, start, read);
  nlohmann::json::sax_parse(CountingIterator(text.data(), &read),
                            CountingIterator(text.data() + text.size(), &read), &handler);
  return std::move(handler.header());
}

}  // namespace strum::inline STRUM_ABI::detail

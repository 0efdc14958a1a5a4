// Files as io/ sees them: read at an offset and never past the end, written whole or not at all.
// Private to io/.
#pragma once

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "strum/core/error.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A name out of a file, fit for a message: control characters escaped, long ones cut (a header may
/// bring a name of 100 MB, or one with a zero byte that would end the message early).
[[nodiscard]] inline std::string printable(std::string_view name) {
  constexpr std::size_t kLongest = 200;
  constexpr const char* kDigits = "0123456789abcdef";
  std::string s;
  for (const char c : name.substr(0, kLongest)) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f)
      s += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
    else
      s += c;
  }
  return name.size() > kLongest ? s + "..." : s;
}

/// "a, b, c", or "none".
[[nodiscard]] inline std::string name_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return names.empty() ? "none" : printable(list);
}

/// Throws FileError: `weights.npy: byte 12: <parts>`.
template <class... Parts>
[[noreturn]] void fail_at_byte(std::string_view file, Index byte, const Parts&... parts) {
  fail<FileError>(file, ": byte ", byte, ": ", parts...);
}

/// Throws FileError: `model.safetensors: tensor 'w', byte 12: <parts>`.
template <class... Parts>
[[noreturn]] void fail_in_tensor(std::string_view file, std::string_view tensor, Index byte,
                                 const Parts&... parts) {
  fail<FileError>(file, ": tensor '", printable(tensor), "', byte ", byte, ": ", parts...);
}

/// A regular file that stays open, so that what is read later is what was checked at the start even
/// if another file takes its name. Reads from several threads take turns.
class InputFile {
 public:
  /// Throws FileError if there is no such file, or if it is a directory, a pipe or a device.
  explicit InputFile(const std::filesystem::path& path) : name_(path.string()) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) fail<FileError>(name_, ": there is no such file");
    if (std::filesystem::is_directory(status)) fail<FileError>(name_, ": is a directory");
    if (!std::filesystem::is_regular_file(status))
      fail<FileError>(name_, ": is not a regular file");
    stream_.open(path, std::ios::binary);
    stream_.seekg(0, std::ios::end);
    size_ = static_cast<Index>(stream_.tellg());
    if (!stream_) fail<FileError>(name_, ": cannot be opened for reading");
  }

  [[nodiscard]] const std::string& name() const { return name_; }

  /// In bytes, when it was opened.
  [[nodiscard]] Index size() const { return size_; }

  /// Copies the bytes [offset, offset + count). Throws FileError if the file ends before.
  void read(Index offset, void* to, Index count) const {
    if (count == 0) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    stream_.clear();
    stream_.seekg(offset);
    stream_.read(static_cast<char*>(to), count);
    if (stream_.gcount() != count)
      fail_at_byte(name_, offset + static_cast<Index>(stream_.gcount()), "the file ends here, ",
                   count, " bytes from byte ", offset, " were wanted");
  }

 private:
  std::string name_;
  Index size_ = 0;
  mutable std::mutex mutex_;
  mutable std::ifstream stream_;
};

/// A file that takes its name only once it is complete: written beside the target, then renamed.
/// Without commit() the target stays what it was and nothing is left behind.
class OutputFile {
 public:
  /// Throws FileError if the target exists and is not a regular file (renaming onto a device such
  /// as /dev/null would replace it), or if nothing can be created beside it.
  explicit OutputFile(const std::filesystem::path& path) : name_(path.string()), target_(path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (std::filesystem::exists(status)) {
      if (!std::filesystem::is_regular_file(status))
        fail<FileError>(name_, ": is not a regular file");
      target_ = std::filesystem::canonical(path);  // a symbolic link stays one
    }
    open_beside();
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (file_ != nullptr) std::fclose(file_);
    std::error_code error;
    if (!part_.empty()) std::filesystem::remove(part_, error);
  }

  void write(const void* from, std::size_t bytes) {
    if (bytes > 0 && std::fwrite(from, 1, bytes, file_) != bytes) fail_to("written");
  }

  /// The last step: all bytes out, then the name.
  void commit() {
    const int closed = std::fclose(file_);
    file_ = nullptr;
    if (closed != 0) fail_to("written");
    std::error_code error;
    std::filesystem::rename(part_, target_, error);
    if (error) fail<FileError>(name_, ": cannot be written: ", error.message());
    part_.clear();
  }

 private:
  /// Opens `<target>.part<i>`. Mode x never opens what is there already, so two writers of one
  /// target, or what a crashed one left behind, do not meet.
  void open_beside() {
    for (int i = 0; i < 1000; ++i) {
      std::filesystem::path part = target_;
      part += ".part" + std::to_string(i);
      file_ = std::fopen(part.string().c_str(), "wbx");
      if (file_ != nullptr) part_ = part;
      if (file_ != nullptr || errno != EEXIST) break;
    }
    if (file_ == nullptr) fail_to("created");
  }

  [[noreturn]] void fail_to(const char* what) const {
    fail<FileError>(name_, ": cannot be ", what, ": ", std::generic_category().message(errno));
  }

  std::string name_;
  std::filesystem::path target_, part_;
  std::FILE* file_ = nullptr;
};

}  // namespace strum::inline STRUM_ABI::detail

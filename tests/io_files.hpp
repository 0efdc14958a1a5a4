// What the io tests share: a folder of their own, files byte by byte, and errors by their words.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "strum/core/error.hpp"
#include "strum/core/scalar.hpp"
#include "strum/core/tensor.hpp"

namespace strum::test {

namespace fs = std::filesystem;

/// A new folder for every test, removed when it ends.
class IoTest : public ::testing::Test {
 protected:
  IoTest() {
    std::random_device random;
    do {
      folder_ = fs::temp_directory_path() / ("strum_io_" + std::to_string(random()));
    } while (!fs::create_directory(folder_));
  }
  ~IoTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  IoTest(const IoTest&) = delete;
  IoTest& operator=(const IoTest&) = delete;

  [[nodiscard]] fs::path file(const std::string& name) const { return folder_ / name; }

  [[nodiscard]] std::size_t files_in_folder() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  fs::path folder_;
};

inline void write_bytes(const fs::path& path, std::string_view bytes) {
  fs::remove(path);  // ext4 flushes a file that is truncated and written again: 5 ms each time
  std::ofstream stream(path, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(stream.good());
}

[[nodiscard]] inline std::string read_bytes(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The `count` low bytes of a number, the lowest first.
[[nodiscard]] inline std::string little_endian(std::uint64_t number, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(number >> 8 * i & 255);
  return bytes;
}

/// A safetensors file from the text of its header and its data.
[[nodiscard]] inline std::string safetensors(std::string_view header, std::string_view data) {
  return little_endian(header.size(), 8) + std::string(header) + std::string(data);
}

/// Runs `body` and expects an Exception whose message has all of `words`.
template <class Exception, class Body>
void expect_error(Body&& body, std::initializer_list<std::string> words) {
  try {
    body();
    ADD_FAILURE() << "no exception";
  } catch (const Exception& error) {
    for (const std::string& word : words)
      EXPECT_NE(std::string_view(error.what()).find(word), std::string_view::npos)
          << "'" << word << "' is not in: " << error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
  }
}

/// Equal shapes and equal bits, which == on NaN and zeros does not tell.
template <class S>
[[nodiscard]] bool same_bits(const Tensor<S>& a, const Tensor<S>& b) {
  return a.shape() == b.shape() && a.size() == b.size() &&
         (a.size() == 0 ||
          std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(S)) == 0);
}

/// Standard normal numbers (of complex ones both parts), always the same ones for a seed.
template <class S>
[[nodiscard]] Tensor<S> random_tensor(const Shape& shape, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Tensor<S> tensor(shape);
  const auto number = [&] { return static_cast<Real<S>>(normal(engine)); };
  for (Index i = 0; i < tensor.size(); ++i) {
    if constexpr (kIsComplex<S>) {
      const Real<S> re = number();
      tensor[i] = {re, number()};
    } else {
      tensor[i] = number();
    }
  }
  return tensor;
}

/// Calls `read` on a file for every length that its first bytes can be cut to.
template <class Read>
void sweep_truncation(const fs::path& path, const std::string& bytes, Read&& read) {
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    SCOPED_TRACE("cut to " + std::to_string(length) + " of " + std::to_string(bytes.size()));
    write_bytes(path, std::string_view(bytes).substr(0, length));
    EXPECT_THROW(read(path), FileError);
  }
}

/// Calls `read` on a file with some bytes changed, again and again: it may succeed or throw one of
/// strum's errors, nothing else (the sanitizers watch the rest). Returns how often it succeeded.
template <class Read>
int fuzz_bytes(const fs::path& path, const std::string& bytes, int rounds, Read&& read) {
  std::mt19937 engine(20240607);
  int accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    std::string changed = bytes;
    const auto flips = 1 + engine() % 4;
    for (unsigned i = 0; i < flips; ++i) {
      char& byte = changed[engine() % changed.size()];
      // Half of the time another character of the file, which keeps more of the syntax intact.
      byte = engine() % 2 == 0 ? bytes[engine() % bytes.size()] : static_cast<char>(engine());
    }
    SCOPED_TRACE("round " + std::to_string(round));
    write_bytes(path, changed);
    try {
      read(path);
      ++accepted;
    } catch (const Error&) {
    } catch (const std::exception& error) {
      ADD_FAILURE() << "not one of strum's errors: " << error.what();
    }
  }
  return accepted;
}

}  // namespace strum::test

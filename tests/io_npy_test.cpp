// .npy files: what NumPy writes is read, what strum writes NumPy reads, the rest is refused by
// name.
#include <bit>
#include <csignal>
#include <limits>

#include <sys/resource.h>

#include "io_files.hpp"
#include "strum/io/npy.hpp"

namespace strum::test {
namespace {

using io::Narrowing;
using io::read_npy;
using io::write_npy;

using NpyTest = IoTest;

/// A file as the format's description has it, not as strum writes it.
std::string npy(std::string_view header, std::string_view data, int major = 1) {
  return "\x93NUMPY" + little_endian(static_cast<std::uint64_t>(major), 2) +
         little_endian(header.size(), major == 1 ? 2 : 4) + std::string(header) + std::string(data);
}

template <class S>
std::string bytes_of(std::initializer_list<S> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(S)};
}

const std::string kSix = bytes_of<float>({0, 1, 2, 3, 4, 5});

std::string header(std::string_view descr, std::string_view order, std::string_view shape) {
  return "{'descr': '" + std::string(descr) + "', 'fortran_order': " + std::string(order) +
         ", 'shape': " + std::string(shape) + ", }    \n";
}

TEST_F(NpyTest, ReadsBothVersionsOfTheHeader) {
  for (const int major : {1, 2}) {
    write_bytes(file("a.npy"), npy(header("<f4", "False", "(2, 3)"), kSix, major));
    EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({2, 3}, {0, 1, 2, 3, 4, 5}));
  }
}

TEST_F(NpyTest, ReadsFortranOrder) {
  write_bytes(file("a.npy"), npy(header("<f4", "True", "(2, 3)"), kSix));
  EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({2, 3}, {0, 2, 4, 1, 3, 5}));
  write_bytes(file("a.npy"), npy(header("<f4", "True", "(6,)"), kSix));
  EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({6}, {0, 1, 2, 3, 4, 5}));
}

TEST_F(NpyTest, ReadsFortranOrderOfAnyRank) {
  const Shape shape = {3, 1, 4, 2, 5};
  std::string data;
  Tensor<double> wanted(shape);
  double value = 0;
  // The first index runs fastest in the file, the last one in the tensor.
  for (Index m = 0; m < 5; ++m)
    for (Index l = 0; l < 2; ++l)
      for (Index k = 0; k < 4; ++k)
        for (Index i = 0; i < 3; ++i) {
          data += bytes_of<double>({value});
          wanted[((i * 4 + k) * 2 + l) * 5 + m] = value++;
        }
  write_bytes(file("a.npy"), npy(header("<f8", "True", "(3, 1, 4, 2, 5)"), data));
  EXPECT_EQ(read_npy<double>(file("a.npy")), wanted);
}

TEST_F(NpyTest, ReadsEverySpellingOfAHeader) {
  for (const std::string_view text :
       {"{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
        "{\"shape\": (2, 3,), \"fortran_order\": False, \"descr\": \"<f4\"}\n",
        "  { 'shape' : ( 2L , 3L ) , 'descr' : '<f4' , 'fortran_order' : False , } \n"}) {
    SCOPED_TRACE(text);
    write_bytes(file("a.npy"), npy(text, kSix));
    EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({2, 3}, {0, 1, 2, 3, 4, 5}));
  }
}

TEST_F(NpyTest, ReadsScalarsAndEmptyArrays) {
  write_bytes(file("a.npy"), npy(header("<f8", "False", "()"), bytes_of<double>({2.5})));
  EXPECT_EQ(read_npy<double>(file("a.npy")), Tensor<double>({}, {2.5}));
  for (const std::string_view order : {"False", "True"}) {
    write_bytes(file("a.npy"), npy(header("<f8", order, "(0, 1099511627776, 1099511627776)"), ""));
    EXPECT_EQ(read_npy<double>(file("a.npy")).shape(), (Shape{0, Index{1} << 40, Index{1} << 40}));
  }
}

TEST_F(NpyTest, WidensAndNarrows) {
  write_bytes(file("a.npy"), npy(header("<f4", "False", "(1,)"), bytes_of<float>({0.1f})));
  EXPECT_EQ(read_npy<double>(file("a.npy"))[0], double{0.1f});

  write_bytes(file("a.npy"), npy(header("<f8", "False", "(2,)"), bytes_of<double>({0.1, 1e300})));
  expect_error<FileError>([&] { (void)read_npy<float>(file("a.npy")); },
                          {"a.npy", "byte 72:", "float64", "Narrowing::allow"});
  const Tensor<float> narrowed = read_npy<float>(file("a.npy"), Narrowing::allow);
  EXPECT_EQ(narrowed[0], 0.1f);
  EXPECT_EQ(narrowed[1], std::numeric_limits<float>::infinity());
}

TEST_F(NpyTest, WritesWhatTheFormatSays) {
  write_npy(file("a.npy"), Tensor<float>({2, 3}, {0, 1, 2, 3, 4, 5}));
  const std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const std::string padded = text + std::string(128 - 10 - text.size() - 1, ' ') + "\n";
  EXPECT_EQ(read_bytes(file("a.npy")), npy(padded, kSix));

  write_npy(file("a.npy"), Tensor<double>({1}, {2.5}));
  EXPECT_NE(read_bytes(file("a.npy")).find("'<f8', 'fortran_order': False, 'shape': (1,), }"),
            std::string::npos);
  // For every length of the header's text the array begins at a multiple of 64.
  for (std::size_t rank = 0; rank < 70; ++rank) {
    write_npy(file("a.npy"), Tensor<double>(Shape(rank, 1)));
    EXPECT_EQ(fs::file_size(file("a.npy")) % 64, 8u) << rank;
  }
}

template <class S>
class NpyRoundTrip : public IoTest {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(NpyRoundTrip, Scalars);

TYPED_TEST(NpyRoundTrip, KeepsShapeAndBits) {
  for (const Shape& shape :
       {Shape{}, Shape{1}, Shape{7}, Shape{0}, Shape{3, 5}, Shape{4, 0, 2}, Shape{2, 3, 4, 5}}) {
    const auto tensor = random_tensor<TypeParam>(shape, 1);
    write_npy(this->file("a.npy"), tensor);
    EXPECT_TRUE(same_bits(read_npy<TypeParam>(this->file("a.npy")), tensor));
  }
}

TYPED_TEST(NpyRoundTrip, KeepsEveryBitOfSpecialValues) {
  using Bits = std::conditional_t<sizeof(TypeParam) == 4, std::uint32_t, std::uint64_t>;
  using Limits = std::numeric_limits<TypeParam>;
  const TypeParam inf = Limits::infinity();
  Tensor<TypeParam> tensor({8}, {TypeParam(-0.0), inf, -inf, Limits::denorm_min(),
                                 Limits::quiet_NaN(), Limits::max(), 0, 0});
  // NaNs with a payload: one quiet and negative, one signalling, moved as bytes only.
  const Bits payloads[] = {~Bits{0} ^ Bits{0x1230}, std::bit_cast<Bits>(inf) | Bits{0x4d2}};
  std::memcpy(tensor.data() + 6, payloads, sizeof(payloads));
  write_npy(this->file("a.npy"), tensor);
  EXPECT_TRUE(same_bits(read_npy<TypeParam>(this->file("a.npy")), tensor));
}

TEST_F(NpyTest, RefusesOtherTypesByName) {
  const std::string kHalf = "void ('<V2') (bfloat16? The format has none)";
  const std::pair<std::string_view, std::string> types[] = {{">f4", "big-endian float32 ('>f4')"},
                                                            {">f8", "big-endian float64 ('>f8')"},
                                                            {"<i4", "int32 ('<i4')"},
                                                            {"<i8", "int64 ('<i8')"},
                                                            {"|u1", "uint8 ('|u1')"},
                                                            {"|b1", "bool ('|b1')"},
                                                            {"<f2", "float16 ('<f2')"},
                                                            {"<f16", "float128 ('<f16')"},
                                                            {">c8", "big-endian complex64 ('>c8')"},
                                                            {"<c32", "complex256 ('<c32')"},
                                                            {"|O", "object ('|O')"},
                                                            {"|S10", "byte string ('|S10')"},
                                                            {"<U3", "unicode string ('<U3')"},
                                                            {"|V8", "void ('|V8')"},
                                                            {"<V2", kHalf},
                                                            {"<M8[ns]", "datetime ('<M8[ns]')"},
                                                            {"f4", "float32 ('f4')"},
                                                            {"=f4", "float32 ('=f4')"},
                                                            {"", "type ''"},
                                                            {"\n", "type '\\x0a'"}};
  for (const auto& [descr, name] : types) {
    SCOPED_TRACE(descr);
    write_bytes(file("a.npy"), npy(header(descr, "False", "(2, 3)"), kSix));
    expect_error<FileError>([&] { (void)read_npy<float>(file("a.npy")); },
                            {"a.npy", "byte 20: " + name + " is not read"});
  }
  write_bytes(file("a.npy"),
              npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (6,)}", kSix));
  expect_error<FileError>([&] { (void)read_npy<float>(file("a.npy")); },
                          {"a.npy", "byte 20", "structured type"});
}

TEST_F(NpyTest, RefusesMalformedHeadersAtTheirByte) {
  struct Case {
    std::string text, byte, reason;
  };
  const std::string tail = ", 'fortran_order': False, 'shape': (2, 3), }";
  const Case cases[] = {
      {"", "byte 10:", "'{' is missing"},
      {"[1]", "byte 10:", "'{' is missing"},
      {"{'descr': '<f4'" + tail + " x", "byte 70:", "goes on"},
      {"{'descr': '<f4'" + tail + std::string(1, '\0'), "byte 69:", "goes on"},
      {"{'descr': '<f4'" + tail.substr(0, 41), "byte 66:", "is missing"},
      {"{'descr': '<f4', 'shape': (2, 3)}", "byte 43:", "lacks"},
      {"{}", "byte 12:", "lacks"},
      {"{'descr': '<f4', 'descr': '<f4'" + tail, "byte 27:", "'descr' twice"},
      {"{'descr': '<f4', 'extra': 1" + tail, "byte 27:", "unknown header key 'extra'"},
      {"{'descr': '<f4, ", "byte 20:", "without an end"},
      {"{'descr': 4" + tail, "byte 20:", "a string is missing"},
      {"{'descr' '<f4'" + tail, "byte 19:", "':' is missing"},
      {"{'descr': '<f4' 'shape': ()}", "byte 26:", "',' or '}'"},
      {"{'fortran_order': 1}", "byte 28:", "neither True nor False"},
      {"{'shape': 6}", "byte 20:", "'(' is missing"},
      {"{'shape': (6)}", "byte 22:", "not a tuple"},
      {"{'shape': (6 6)}", "byte 23:", "needs a ','"},
      {"{'shape': (2, -3)}", "byte 24:", "not a size"},
      {"{'shape': (2, 3.0)}", "byte 25:", "needs a ','"},
      {"{'shape': (2, x)}", "byte 24:", "not a size"},
      {"{'shape': (,)}", "byte 21:", "not a size"},
      {"{'shape': (9223372036854775808,)}", "byte 21:", "not a size"},
      {"{'shape': (2,", "byte 23:", "not a size"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    write_bytes(file("a.npy"), npy(c.text, kSix));
    expect_error<FileError>([&] { (void)read_npy<float>(file("a.npy")); },
                            {"a.npy", c.byte, c.reason});
  }
}

TEST_F(NpyTest, RefusesWrongSizes) {
  const auto refused = [&](const std::string& bytes, std::initializer_list<std::string> words) {
    write_bytes(file("a.npy"), bytes);
    expect_error<FileError>([&] { (void)read_npy<float>(file("a.npy")); }, words);
  };
  const std::string good = header("<f4", "False", "(2, 3)");
  const std::string end = "byte " + std::to_string(10 + good.size()) + ":";
  refused(npy(good, kSix.substr(1)), {"a.npy", end, "(2, 3) takes 24 bytes, the file has 23"});
  refused(npy(good, kSix + "x"), {"a.npy", end, "takes 24 bytes, the file has 25"});
  refused(npy(header("<f4", "False", "(4294967296, 4294967296)"), kSix),
          {"a.npy", "byte 10:", "(4294967296, 4294967296)", "63 bits"});
  refused(npy(header("<f4", "False", "(4611686018427387904,)"), kSix),
          {"a.npy", "byte 10:", "63 bits"});
  refused("\x93NUMPX\x01", {"a.npy", "byte 0:", "not a .npy file"});
  refused(std::string("\x93NUMPY\x03\x00\x00\x00\x00\x00", 12), {"byte 6:", "version 3.0"});
  refused(std::string("\x93NUMPY\x01\x01\x00\x00", 10), {"byte 6:", "version 1.1"});
  refused(std::string("\x93NUMPY\x01\x00\xff\xff{}", 12), {"byte 8:", "65535 bytes long"});
  refused(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14),
          {"byte 8:", "4294967295 bytes long"});
  refused(npy(std::string((1 << 20) + 1, ' '), "", 2), {"byte 8:", "at most 1048576"});
}

TEST_F(NpyTest, RefusesEveryTruncation) {
  for (const int major : {1, 2})
    sweep_truncation(file("a.npy"), npy(header("<f4", "True", "(2, 3)"), kSix, major),
                     [](const fs::path& path) { (void)read_npy<float>(path); });
}

TEST_F(NpyTest, SurvivesChangedBytes) {
  const int accepted = fuzz_bytes(file("a.npy"), npy(header("<f4", "True", "(2, 3)"), kSix), 5000,
                                  [](const fs::path& path) { (void)read_npy<double>(path); });
  EXPECT_GT(accepted, 100);  // changes of the numbers alone: the loop reaches the whole reader
}

TEST_F(NpyTest, RefusesWhatIsNotAFile) {
  expect_error<FileError>([&] { (void)read_npy<float>(file("no.npy")); },
                          {"no.npy", "there is no such file"});
  fs::create_directory(file("folder.npy"));
  expect_error<FileError>([&] { (void)read_npy<float>(file("folder.npy")); },
                          {"folder.npy", "is a directory"});
  expect_error<FileError>([&] { (void)read_npy<float>("/dev/zero"); },
                          {"/dev/zero", "is not a regular file"});
  const Tensor<float> tensor({1}, {1});
  expect_error<FileError>([&] { write_npy(file("folder.npy"), tensor); },
                          {"folder.npy", "is not a regular file"});
  expect_error<FileError>([&] { write_npy("/dev/null", tensor); },
                          {"/dev/null", "is not a regular file"});
  expect_error<FileError>([&] { write_npy(file("no/a.npy"), tensor); },
                          {"a.npy", "cannot be created"});
  expect_error<ValueError>([&] { write_npy(file("a.npy"), Tensor<float>()); },
                           {"write_npy", "empty"});
}

TEST_F(NpyTest, WritingReplacesAFileBehindALink) {
  write_bytes(file("a.npy"), "old");
  fs::create_symlink(file("a.npy"), file("link.npy"));
  write_npy(file("link.npy"), Tensor<float>({1}, {1}));
  EXPECT_TRUE(fs::is_symlink(file("link.npy")));
  EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({1}, {1}));
  EXPECT_EQ(files_in_folder(), 2u);
}

TEST_F(NpyTest, LeftoversOfACrashAreNotInTheWay) {
  write_bytes(file("a.npy.part0"), "left over");
  write_npy(file("a.npy"), Tensor<float>({1}, {1}));
  EXPECT_EQ(read_npy<float>(file("a.npy"))[0], 1);
  EXPECT_EQ(read_bytes(file("a.npy.part0")), "left over");
}

/// Lets no file of this process grow beyond a size, as a full disk does.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(NpyTest, AFailedWriteLeavesTheOldFile) {
  write_npy(file("a.npy"), Tensor<float>({1}, {1}));
  // 200 bytes fit into a buffer and fail when it is flushed, 1 MB fails at once.
  for (const Index size : {Index{50}, Index{1} << 18}) {
    const Tensor<float> tensor({size});
    {
      const FullDisk full(100);
      expect_error<FileError>([&] { write_npy(file("a.npy"), tensor); },
                              {"a.npy", "cannot be written"});
    }
    EXPECT_EQ(read_npy<float>(file("a.npy")), Tensor<float>({1}, {1}));
    EXPECT_EQ(files_in_folder(), 1u);
  }
}

}  // namespace
}  // namespace strum::test

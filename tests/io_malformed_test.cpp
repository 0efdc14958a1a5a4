// Malformed safetensors files: each is refused with the file, the tensor and the byte.
#include <vector>

#include "io_files.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

using io::SafetensorsFile;

class MalformedTest : public IoTest {
 protected:
  void expect_refused(const std::string& bytes, std::initializer_list<std::string> words) {
    SCOPED_TRACE(bytes.substr(0, 300));
    write_bytes(file("bad"), bytes);
    expect_error<FileError>([&] { SafetensorsFile{file("bad")}; }, words);
    expect_error<FileError>([&] { SafetensorsFile{file("bad")}; }, {file("bad").string() + ": "});
  }

  /// A header that is refused at the character that `marker` stands before (and which is taken
  /// out), in tensor "w" unless another is given; 8 bytes of data follow.
  void expect_refused_at(std::string header, const std::string& reason,
                         const std::string& where = "tensor 'w', ") {
    const std::size_t at = header.find(kMarker);
    ASSERT_NE(at, std::string::npos);
    header.erase(at, 1);
    expect_refused(safetensors(header, "01234567"),
                   {where + "byte " + std::to_string(8 + at) + ": ", reason});
  }

  static constexpr char kMarker = '@';
};

TEST_F(MalformedTest, HeaderLength) {
  expect_refused("", {"byte 0: ", "ends inside the header length"});
  expect_refused("1234567", {"byte 7: ", "ends inside the header length"});
  expect_refused(little_endian(3, 8) + "{}", {"byte 0: ", "3 bytes long, the file has 10"});
  expect_refused(little_endian(100'000'001, 8) + "{}", {"byte 0: ", "at most 100000000"});
  expect_refused(little_endian(~0ull, 8) + "{}",
                 {"byte 0: ", "18446744073709551615 bytes long, at most 100000000"});
  expect_refused(little_endian(0, 8), {"byte 8: ", "'{'"});
}

TEST_F(MalformedTest, AHeaderThatIsTooLongInAFileThatIsLongEnough) {
  write_bytes(file("bad"), little_endian(100'000'001, 8));
  fs::resize_file(file("bad"), 200'000'000);
  expect_error<FileError>([&] { SafetensorsFile{file("bad")}; },
                          {"bad: byte 0: ", "100000001 bytes long, at most 100000000"});
}

TEST_F(MalformedTest, NotJson) {
  expect_refused_at(R"(@[1])", "'{'", "");
  expect_refused_at(R"(@ {})", "'{'", "");
  expect_refused_at("@\xef\xbb\xbf{}", "'{'", "");
  expect_refused_at(R"({n@onsense})", "not JSON", "");
  expect_refused_at(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}@)", "not JSON", "");
  expect_refused_at(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},@})", "not JSON", "");
  expect_refused_at(R"({} @{})", "not JSON", "");
  expect_refused_at(R"({} @x)", "not JSON", "");
  expect_refused_at(std::string("{}@\0", 4), "zero byte", "");
  expect_refused_at("{\"a@\xff\":1}", "not JSON", "");          // never UTF-8
  expect_refused_at("{\"a\xc3@\":1}", "not JSON", "");          // cut short
  expect_refused_at("{\"a\xed@\xa0\x80\":1}", "not JSON", "");  // half of a surrogate pair
  expect_refused_at("{\"a@\n\":1}", "not JSON", "");
  expect_refused_at(R"({@/* *//**/})", "not JSON", "");
}

TEST_F(MalformedTest, DeepNestingEndsAtTheFirstLevel) {
  expect_refused_at(R"({"w":@)" + std::string(1'000'000, '['), "holds an array, needs an object");
  expect_refused_at(R"({"w":{"shape":[@)" + std::string(1'000'000, '['),
                    "'shape' holds an array, needs sizes");
}

TEST_F(MalformedTest, WrongKindsOfValues) {
  // A number is known to end when the character behind it is read, so that is the byte named.
  expect_refused_at(R"({"w":12@})", "the header's entry holds a number, needs an object");
  expect_refused_at(R"({"w":nul@l})", "entry holds null, needs an object");
  expect_refused_at(R"({"w":"F32@"})", "entry holds a string, needs an object");
  expect_refused_at(R"({"w":{"dtype":32@}})", "'dtype' holds a number, needs a string");
  expect_refused_at(R"({"w":{"dtype":@["F32"]}})", "'dtype' holds an array, needs a string");
  expect_refused_at(R"({"w":{"shape":tru@e}})", "'shape' holds true or false, needs an array");
  expect_refused_at(R"({"w":{"shape":@{}}})", "'shape' holds an object, needs an array");
  expect_refused_at(R"({"w":{"shape":2@}})", "'shape' holds a number, needs an array");
  expect_refused_at(R"({"w":{"shape":["2@"]}})", "'shape' holds a string, needs sizes");
  expect_refused_at(R"({"w":{"shape":[@{}]}})", "'shape' holds an object, needs sizes");
  expect_refused_at(R"({"w":{"data_offsets":[@[0,8]]}})", "'data_offsets' holds an array");
  expect_refused_at(R"({"__metadata__":"a@"})", "__metadata__: ", "bad: ");
  expect_refused_at(R"({"__metadata__":{"a":1@}})", "__metadata__: 'a' holds a number", "bad: ");
  expect_refused_at(R"({"__metadata__":{"a":@{}}})", "__metadata__: 'a' holds an object", "bad: ");
}

TEST_F(MalformedTest, NumbersThatAreNotSizes) {
  for (const std::string_view field : {"shape", "data_offsets"}) {
    const std::string start = R"({"w":{")" + std::string(field) + R"(":[)";
    const std::string name = "'" + std::string(field) + "'";
    expect_refused_at(start + "-1@]}}", name + " holds a negative number");
    expect_refused_at(start + "-0@]}}", name + " holds a negative number");
    expect_refused_at(start + "2.0@]}}", name + " holds the number 2.0");
    expect_refused_at(start + "1e3@]}}", name + " holds the number 1e3");
    expect_refused_at(start + "9223372036854775808@]}}", "the number 9223372036854775808");
    expect_refused_at(start + "18446744073709551616@]}}", "the number 18446744073709551616");
    expect_refused_at(start + "nul@l]}}", name + " holds null");
    expect_refused_at(start + "fals@e]}}", name + " holds true or false");
  }
  expect_refused_at(R"({"w":{"shape":[1e999@9]}})", "not JSON", "");
}

TEST_F(MalformedTest, MissingAndUnknownFields) {
  expect_refused_at(R"({"w":{@}})", "is missing");
  expect_refused_at(R"({"w":{"shape":[2],"data_offsets":[0,8]@}})", "is missing");
  expect_refused_at(R"({"w":{"dtype":"F32","data_offsets":[0,8]@}})", "is missing");
  expect_refused_at(R"({"w":{"dtype":"F32","shape":[2]@}})", "is missing");
  expect_refused_at(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8]@}})", "has 1 numbers");
  expect_refused_at(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]@}})",
                    "has 3 numbers");
  expect_refused_at(R"({"w":{"strides@":[1]}})", "unknown field 'strides'");
}

TEST_F(MalformedTest, DuplicateKeys) {
  const std::string w = R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  expect_refused_at("{" + w + R"(,"w@":{}})", "gives this name twice");
  expect_refused_at("{" + w + R"(,"\u0077@":{}})", "gives this name twice");
  expect_refused_at(R"({"w":{"shape":[2],"shape@":[2]}})", "gives 'shape' twice");
  expect_refused_at(R"({"__metadata__":{"a":"1","a@":"2"}})", "gives 'a' twice", "bad: ");
  expect_refused_at(R"({"__metadata__":{},"__metadata__@":{}})", "twice", "bad: ");
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":[)" + shape +
         R"(],"data_offsets":[)" + offsets + "]}";
}

TEST_F(MalformedTest, OffsetsOutsideTheFile) {
  for (const std::string_view offsets :
       {"0,12", "4,12", "8,16", "9223372036854775800,9223372036854775807", "8,0", "9,9"}) {
    const std::string list(offsets);
    expect_refused(safetensors("{" + entry("w", "F32", "2", list) + "}", "01234567"),
                   {"tensor 'w', byte 13: ", "leave the 8 bytes of data"});
  }
}

TEST_F(MalformedTest, ShapesThatDoNotMatchTheirBytes) {
  const auto refused = [&](const std::string& dtype, const std::string& shape,
                           const std::string& reason) {
    expect_refused(safetensors("{" + entry("w", dtype, shape, "0,8") + "}", "01234567"),
                   {"tensor 'w', byte 13: ", reason});
  };
  refused("F32", "3", "(3) takes 12 bytes of F32, data_offsets (0, 8) hold 8");
  refused("F64", "2", "(2) takes 16 bytes of F64");
  refused("F16", "2,2,2", "(2, 2, 2) takes 16 bytes of F16");
  refused("BF16", "", "() takes 2 bytes of BF16");
  refused("I8", "7", "(7) takes 7 bytes of I8");
  refused("F32", "0", "(0) takes 0 bytes of F32");
  refused("F32", "4294967296,4294967296", "than 63 bits can count");
  refused("F32", "4611686018427387905", "than 63 bits can count");  // 4 * (2^62 + 1) = 4 mod 2^64
  refused("NEW", "4294967296,4294967296", "than 63 bits can count");
}

TEST_F(MalformedTest, OverlapsAndHoles) {
  const auto refused = [&](const std::string& a, const std::string& b, const std::string& offsets_a,
                           const std::string& offsets_b, const std::string& tensor,
                           std::size_t byte, const std::string& reason) {
    const std::string header =
        "{" + entry("a", "U8", a, offsets_a) + "," + entry("b", "U8", b, offsets_b) + "}";
    expect_refused(safetensors(header, "01234567"),
                   {tensor + "byte " + std::to_string(8 + header.size() + byte) + ": ", reason});
  };
  refused("5", "4", "0,5", "4,8", "tensor 'b', ", 4, "overlap those of tensor 'a'");
  refused("4", "5", "4,8", "0,5", "tensor 'a', ", 4, "overlap those of tensor 'b'");
  refused("8", "8", "0,8", "0,8", "", 0, "overlap those of tensor");
  refused("8", "0", "0,8", "3,3", "tensor 'b', ", 3, "overlap those of tensor 'a'");
  refused("3", "4", "0,3", "4,8", "tensor 'b', ", 3, "a hole of 1 bytes");
  refused("3", "4", "1,4", "4,8", "tensor 'a', ", 0, "a hole of 1 bytes");
  refused("3", "4", "0,3", "3,7", "bad: ", 7, "last 1 bytes of the file belong to no tensor");
}

TEST_F(MalformedTest, NamesInMessagesAreFitToPrint) {
  const std::string long_name(1'000'000, 'n');
  write_bytes(file("bad"), safetensors("{\"" + long_name + "\":1}", ""));
  try {
    const SafetensorsFile opened(file("bad"));
    FAIL();
  } catch (const FileError& error) {
    EXPECT_LT(std::strlen(error.what()), 1000u);
    EXPECT_NE(std::string(error.what()).find("byte 1000013"), std::string::npos) << error.what();
  }
  // A zero byte in a name would end what() before the reason.
  expect_refused(safetensors(R"({"a\u0000\nb":1})", ""),
                 {R"(tensor 'a\x00\x0ab', byte 23: the header's entry holds a number)"});
}

/// Every feature of the format in few bytes.
std::string small_file() {
  return safetensors("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F32", "2,1", "0,8") + "," +
                         entry("b", "F16", "3", "8,14") + "," + entry("c", "F64", "0", "14,14") +
                         "," + entry("d", "BF16", "", "14,16") + "} ",
                     "0123456789abcdef");
}

void read_all(const fs::path& path) {
  const SafetensorsFile source(path);
  for (const std::string& name : source.names()) EXPECT_GE(source.read<double>(name).size(), 0);
}

TEST_F(MalformedTest, RefusesEveryTruncation) {
  write_bytes(file("a"), small_file());
  read_all(file("a"));
  sweep_truncation(file("a"), small_file(), read_all);
}

TEST_F(MalformedTest, SurvivesChangedBytes) {
  // Changed data, names and metadata are still a file: the loop reaches past the header.
  EXPECT_GT(fuzz_bytes(file("a"), small_file(), 10000, read_all), 100);
}

TEST_F(MalformedTest, NotAFile) {
  expect_error<FileError>([&] { SafetensorsFile{file("no")}; }, {"no: there is no such file"});
  fs::create_directory(file("folder"));
  expect_error<FileError>([&] { SafetensorsFile{file("folder")}; }, {"folder: is a directory"});
}

}  // namespace
}  // namespace strum::test

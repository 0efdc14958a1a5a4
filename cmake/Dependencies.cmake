# The headers and libraries strum is built on. Each is looked for first; what is missing is
# downloaded in a pinned version if STRUM_FETCH says so, and otherwise named with its package.

include(FetchContent)

# strum_fetch(<name> <what> <package> <url> <sha256> [<FetchContent_Declare option>...])
# Downloads an archive and makes it available; <what> and <package> are for the messages.
function(strum_fetch name what package url sha256)
  string(TOUPPER ${name} NAME)
  if(NOT STRUM_FETCH AND NOT FETCHCONTENT_SOURCE_DIR_${NAME})
    message(FATAL_ERROR "strum needs ${what}, which was not found. Install it "
      "(Debian, Ubuntu: ${package}) or configure with -DSTRUM_FETCH=ON to download it.")
  endif()
  # Downloaded here and not by FetchContent, whose error would not name the package.
  set(archive ${CMAKE_BINARY_DIR}/_deps/${name}.tar)
  set(found "")
  if(EXISTS ${archive})
    file(SHA256 ${archive} found)
  endif()
  if(NOT FETCHCONTENT_SOURCE_DIR_${NAME} AND NOT found STREQUAL sha256)
    message(STATUS "${what} not found (Debian, Ubuntu: ${package}): downloading ${url}")
    file(DOWNLOAD ${url} ${archive} STATUS status TLS_VERIFY ON INACTIVITY_TIMEOUT 60)
    list(POP_FRONT status code reason)
    file(SHA256 ${archive} found)
    if(code EQUAL 0 AND NOT found STREQUAL sha256)
      set(code 1)
      set(reason "its SHA-256 is ${found}")
    endif()
    if(NOT code EQUAL 0)
      file(REMOVE ${archive})
      message(FATAL_ERROR "strum needs ${what}, which was not found, and downloading ${url} failed: "
        "${reason}. Install it instead (Debian, Ubuntu: ${package}).")
    endif()
  endif()
  FetchContent_Declare(${name} URL ${archive} URL_HASH SHA256=${sha256}
    DOWNLOAD_EXTRACT_TIMESTAMP OFF ${ARGN})
  FetchContent_MakeAvailable(${name})
  set(${name}_SOURCE_DIR ${${name}_SOURCE_DIR} PARENT_SCOPE)
endfunction()

# An imported target that only carries a folder of headers (as system headers).
function(strum_add_headers target folder)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${folder}")
endfunction()

# Eigen, for everybody.
if(NOT TARGET Eigen3::Eigen)
  # No version in the call: Eigen 5 would refuse "3.4".
  find_package(Eigen3 QUIET CONFIG GLOBAL)
  if(TARGET Eigen3::Eigen AND Eigen3_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "strum needs Eigen 3.4 or newer, found ${Eigen3_VERSION} in ${Eigen3_DIR}.")
  endif()
endif()
if(NOT TARGET Eigen3::Eigen)
  # Only the headers: Eigen's own CMakeLists would add its tests, docs and install rules.
  strum_fetch(eigen "Eigen 3.4" libeigen3-dev
    https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
    8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
    SOURCE_SUBDIR headers-only)
  strum_add_headers(Eigen3::Eigen ${eigen_SOURCE_DIR})
endif()

# xsimd, for the kernels and for header-only use. Only its folder is taken: xsimd's CMake targets
# differ in name between versions, and Debian's 8.1 asks the linker for "xtl", which does not exist.
find_path(STRUM_XSIMD_INCLUDE_DIR xsimd/xsimd.hpp)
mark_as_advanced(STRUM_XSIMD_INCLUDE_DIR)
if(NOT TARGET strum::xsimd)
  if(STRUM_XSIMD_INCLUDE_DIR)
    strum_add_headers(strum::xsimd ${STRUM_XSIMD_INCLUDE_DIR})
  else()
    strum_fetch(xsimd "xsimd 8.1" libxsimd-dev
      https://github.com/xtensor-stack/xsimd/archive/refs/tags/13.0.0.tar.gz
      8bdbbad0c3e7afa38d88d0d484d70a1671a1d8aefff03f4223ab2eb6a41110a3
      SOURCE_SUBDIR headers-only)
    strum_add_headers(strum::xsimd ${xsimd_SOURCE_DIR}/include)
  endif()
endif()

# nlohmann_json, for src/ and for header-only users of strum/io.
find_path(STRUM_JSON_INCLUDE_DIR nlohmann/json.hpp)
mark_as_advanced(STRUM_JSON_INCLUDE_DIR)
if(NOT TARGET strum::json)
  if(STRUM_JSON_INCLUDE_DIR)
    strum_add_headers(strum::json ${STRUM_JSON_INCLUDE_DIR})
  else()
    strum_fetch(json "nlohmann_json" nlohmann-json3-dev
      https://github.com/nlohmann/json/releases/download/v3.11.2/json.tar.xz
      8c4b26bf4b422252e13f332bc5e388ec0ab5c3443d24399acb675e68278d341f
      SOURCE_SUBDIR headers-only)
    strum_add_headers(strum::json ${json_SOURCE_DIR}/include)
  endif()
endif()

if(STRUM_OPENMP)
  find_package(OpenMP QUIET COMPONENTS CXX)
endif()

# CLI11, for the example programs.
if(STRUM_BUILD_EXAMPLES)
  find_path(STRUM_CLI11_INCLUDE_DIR CLI/CLI.hpp)
  mark_as_advanced(STRUM_CLI11_INCLUDE_DIR)
  if(STRUM_CLI11_INCLUDE_DIR)
    strum_add_headers(strum::cli11 ${STRUM_CLI11_INCLUDE_DIR})
  else()
    strum_fetch(cli11 "CLI11" libcli11-dev
      https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz
      f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a
      SOURCE_SUBDIR headers-only)
    strum_add_headers(strum::cli11 ${cli11_SOURCE_DIR}/include)
  endif()
endif()

if(STRUM_BUILD_TESTS)
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gtest_main)
    set(INSTALL_GTEST OFF)
    set(BUILD_GMOCK OFF)
    strum_fetch(googletest "GoogleTest" libgtest-dev
      https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz
      8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7)
  endif()
  # Spectra, for the test of algebra/spectra.hpp, which is left out where it is missing.
  find_path(STRUM_SPECTRA_INCLUDE_DIR Spectra/SymEigsSolver.h)
  mark_as_advanced(STRUM_SPECTRA_INCLUDE_DIR)
  if(STRUM_SPECTRA_INCLUDE_DIR)
    strum_add_headers(strum::spectra ${STRUM_SPECTRA_INCLUDE_DIR})
  endif()
endif()

if(STRUM_BUILD_BENCH)
  find_package(benchmark QUIET)
  if(NOT TARGET benchmark::benchmark)
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    set(BENCHMARK_ENABLE_WERROR OFF)
    strum_fetch(benchmark "Google Benchmark" libbenchmark-dev
      https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz
      6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce)
    set_target_properties(benchmark PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES
      $<TARGET_PROPERTY:benchmark,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
endif()

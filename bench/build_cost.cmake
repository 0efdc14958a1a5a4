# What it costs to build with strum: how long the compiler takes for a small file that uses it, and
# how large the library is. The target strum_bench_build runs it; COMPILER, INCLUDE (folders),
# LIBRARY, BUILD_TYPE, STRIP and FOLDER (for what it makes) are given with -D. Prints a Markdown table;
# a time is the least of three.

file(MAKE_DIRECTORY ${FOLDER})
list(TRANSFORM INCLUDE PREPEND -isystem OUTPUT_VARIABLE include)

# Microseconds since 1970.
function(now result)
  string(TIMESTAMP time "%s%f")
  set(${result} ${time} PARENT_SCOPE)
endfunction()

# "1.23" of a number of hundredths.
function(hundredths result number)
  math(EXPR whole "${number} / 100")
  math(EXPR rest "${number} % 100 + 100")
  string(SUBSTRING ${rest} 1 2 rest)
  set(${result} ${whole}.${rest} PARENT_SCOPE)
endfunction()

# measure(<what> <aim> <text of the file> [<flag>...])
function(measure what aim text)
  set(source ${FOLDER}/measured.cpp)
  file(WRITE ${source} "${text}")
  set(least 0)
  foreach(i RANGE 1 3)
    now(begin)
    execute_process(
      COMMAND ${COMPILER} -std=c++20 -O2 ${ARGN} ${include} -c ${source} -o ${FOLDER}/measured.o
      COMMAND_ERROR_IS_FATAL ANY)
    now(end)
    math(EXPR time "(${end} - ${begin}) / 10000")
    if(i EQUAL 1 OR time LESS least)
      set(least ${time})
    endif()
  endforeach()
  hundredths(seconds ${least})
  list(JOIN ARGN " " flags)
  message(NOTICE "| ${what} | `-O2 ${flags}` | ${seconds} s | ${aim} |")
endfunction()

set(eigen "#include <Eigen/Core>\n")
set(monarch "#include <strum/strum.hpp>
int main() {
  const strum::Tensor<float> w({32, 32, 32});
  const strum::Monarch<float> op(w, w);
  const Eigen::MatrixXf x = Eigen::MatrixXf::Random(1024, 16);
  const Eigen::MatrixXf y = op * x;
  return y(0, 0) > 0;
}
")

message(NOTICE "| | flags | | aim |\n|---|---|---:|---:|")
measure("`#include <Eigen/Core>`, nothing else" "" "${eigen}")
measure("`Monarch<float>` against the library" "4 s" "${monarch}")
measure("`#include <Eigen/Core>`, nothing else" "" "${eigen}" -march=native)
measure("`Monarch<float>` header-only" "12 s" "${monarch}" -march=native -DSTRUM_HEADER_ONLY)

execute_process(COMMAND ${STRIP} -o ${FOLDER}/stripped ${LIBRARY} COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${FOLDER}/stripped bytes)
math(EXPR size "${bytes} / 10000")
hundredths(megabytes ${size})
message(NOTICE "| the shared library, stripped | ${BUILD_TYPE} | ${megabytes} MB | 6 MB |")

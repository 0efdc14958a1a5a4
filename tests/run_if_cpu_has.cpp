// run_if_cpu_has ISA PROGRAM [ARGUMENT...]: becomes PROGRAM, or ends with 77 ("skipped") if this
// machine cannot run the instruction set. It asks the compiler's run-time library, not strum, so
// that a fault in strum's own detection shows as a failure and not as a skip.
#include <cstdio>
#include <string_view>

#include <unistd.h>

namespace {

bool cpu_has(std::string_view isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (isa == "sse2") return __builtin_cpu_supports("sse2");
  if (isa == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == "avx512") {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  }
#elif defined(__aarch64__)
  if (isa == "neon64") return true;
#endif
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s ISA PROGRAM [ARGUMENT...]\n", argv[0]);
    return 2;
  }
  if (!cpu_has(argv[1])) {
    std::printf("this CPU has no %s\n", argv[1]);
    return 77;
  }
  execv(argv[2], argv + 2);
  std::perror(argv[2]);
  return 2;
}

// Times of transforms and convolutions of floats on one thread, beside FFTW where it was found, as
// a Markdown page.
//
//     taskset -c 1 strum_transform_times > transforms.md
#include <cstdio>
#include <exception>

#include "../limits.hpp"
#include "../machine.hpp"
#include "fftw.hpp"
#include "pages.hpp"
#include "strum/core/isa.hpp"
#include "strum/core/parallel.hpp"

int main() {
  try {
    strum::set_num_threads(1);
    std::printf("# Transforms and convolutions, float, one thread\n\n");
    std::printf("%s, %s; FMA peak of this run %.0f GFLOP/s; %s; %s. ", bench::cpu_name().c_str(),
                strum::active_isa(), 1e-9 * bench::peak<float>(), bench::compiler_name().c_str(),
                bench::fftw::version());
    std::printf(
        "Microseconds for one signal, medians of nine rounds in which both take turns; ratios are "
        "FFTW's time by strum's. GFLOP/s count 5·n·log₂ n operations for n complex numbers and "
        "half "
        "of that for real ones; `of peak` is their fraction of the FMA peak.\n");
    bench::print_ffts();
    bench::print_circulant();
    bench::print_convolutions();
    bench::print_sparse_convolutions();
    bench::print_streaming();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strum_transform_times: %s\n", error.what());
    return 1;
  }
}

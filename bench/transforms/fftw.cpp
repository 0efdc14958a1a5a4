#include "fftw.hpp"

#include <cstring>
#include <vector>

#include <fftw3.h>

namespace bench::fftw {
namespace {

float* allocate(Index reals) {
  float* const p = fftwf_alloc_real(static_cast<std::size_t>(reals));
  std::memset(p, 0, static_cast<std::size_t>(reals) * sizeof(float));
  return p;
}

fftwf_complex* complex(float* p) { return reinterpret_cast<fftwf_complex*>(p); }

}  // namespace

bool found() { return true; }
const char* version() { return fftwf_version; }

struct Transforms::State {
  float *x, *y;
  fftwf_plan plan;
};

Transforms::Transforms(Index n, Index batch, Layout layout, bool real)
    : state_(new State{allocate(2 * n * batch), allocate(2 * (n + 2) * batch), nullptr}) {
  const int size = static_cast<int>(n), many = static_cast<int>(batch);
  const bool columns = layout == Layout::columns;
  const int stride = columns ? 1 : many, in = columns ? size : 1;
  const int out = columns ? (real ? size / 2 + 1 : size) : 1;
  state_->plan =
      real ? fftwf_plan_many_dft_r2c(1, &size, many, state_->x, nullptr, stride, in,
                                     complex(state_->y), nullptr, stride, out, FFTW_MEASURE)
           : fftwf_plan_many_dft(1, &size, many, complex(state_->x), nullptr, stride, in,
                                 complex(state_->y), nullptr, stride, out, FFTW_FORWARD,
                                 FFTW_MEASURE);
  // Measuring has overwritten it; not zeros, and no denormal numbers on the way.
  for (Index i = 0; i < 2 * n * batch; ++i)
    state_->x[i] = static_cast<float>(i * 7919 % 1009) / 1009 - 0.5F;
}

Transforms::~Transforms() {
  fftwf_destroy_plan(state_->plan);
  fftwf_free(state_->x);
  fftwf_free(state_->y);
  delete state_;
}

void Transforms::run() const { fftwf_execute(state_->plan); }

struct Convolutions::State {
  Index n;
  float *signal, *spectrum;
  fftwf_plan forward, inverse;
  std::vector<float*> filters;
};

Convolutions::Convolutions(Index n, Index filters, Index taps, const float* k)
    : state_(new State{n, allocate(n), allocate(n + 2), nullptr, nullptr, {}}) {
  const int size = static_cast<int>(n);
  state_->forward =
      fftwf_plan_dft_r2c_1d(size, state_->signal, complex(state_->spectrum), FFTW_MEASURE);
  state_->inverse =
      fftwf_plan_dft_c2r_1d(size, complex(state_->spectrum), state_->signal, FFTW_MEASURE);
  for (Index h = 0; h < filters; ++h) {
    float* const spectrum = allocate(n + 2);
    std::memset(state_->signal, 0, static_cast<std::size_t>(n) * sizeof(float));
    for (Index t = 0; t < taps; ++t)
      state_->signal[t] = k[h * taps + t] / static_cast<float>(n);  // and the inverse's scale
    fftwf_execute_dft_r2c(state_->forward, state_->signal, complex(spectrum));
    state_->filters.push_back(spectrum);
  }
}

Convolutions::~Convolutions() {
  fftwf_destroy_plan(state_->forward);
  fftwf_destroy_plan(state_->inverse);
  for (float* const filter : state_->filters) fftwf_free(filter);
  fftwf_free(state_->signal);
  fftwf_free(state_->spectrum);
  delete state_;
}

void Convolutions::run(Index filter, Index length, const float* x, float* y) const {
  const Index n = state_->n;
  const auto bytes = static_cast<std::size_t>(length) * sizeof(float);
  std::memcpy(state_->signal, x, bytes);
  std::memset(state_->signal + length, 0, static_cast<std::size_t>(n - length) * sizeof(float));
  fftwf_execute(state_->forward);
  const float* const f = state_->filters[static_cast<std::size_t>(filter)];
  float* const z = state_->spectrum;
  for (Index i = 0; i < n + 2; i += 2) {
    const float re = z[i] * f[i] - z[i + 1] * f[i + 1];
    z[i + 1] = z[i] * f[i + 1] + z[i + 1] * f[i];
    z[i] = re;
  }
  fftwf_execute(state_->inverse);
  std::memcpy(y, state_->signal, bytes);
}

}  // namespace bench::fftw

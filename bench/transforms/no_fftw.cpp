#include "fftw.hpp"

namespace bench::fftw {

bool found() { return false; }
const char* version() { return "not found"; }

struct Transforms::State {};
Transforms::Transforms(Index, Index, Layout, bool) : state_(nullptr) {}
Transforms::~Transforms() = default;
void Transforms::run() const {}

struct Convolutions::State {};
Convolutions::Convolutions(Index, Index, Index, const float*) : state_(nullptr) {}
Convolutions::~Convolutions() = default;
void Convolutions::run(Index, Index, const float*, float*) const {}

}  // namespace bench::fftw

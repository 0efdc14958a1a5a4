// Systems, inverses, determinants, traces, norms and singular values of operators by their
// structure. Not part of strum.hpp: it includes Eigen's decompositions, which take long to compile.
#pragma once

#include "strum/algebra/entries.hpp"
#include "strum/algebra/factorize.hpp"
#include "strum/algebra/singular_values.hpp"
#include "strum/algebra/spectral_norm.hpp"

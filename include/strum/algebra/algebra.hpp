// Sums, products, scalings, parts and arrangements of operators, as operators.
#pragma once

#include "strum/algebra/concat.hpp"
#include "strum/algebra/direct_sum.hpp"
#include "strum/algebra/low_rank_update.hpp"
#include "strum/algebra/pre_merged.hpp"
#include "strum/algebra/product.hpp"
#include "strum/algebra/scaled.hpp"
#include "strum/algebra/submatrix.hpp"
#include "strum/algebra/sum.hpp"

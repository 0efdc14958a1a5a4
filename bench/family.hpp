// The family: every operator of strum at the same sizes, beside dense products of those.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "case.hpp"
#include "family_operators.hpp"

namespace bench {

/// An n x n product with one of the operators, in single precision.
struct FamilyCase {
  Case product;
  const FamilyOperator* op;
};

/// `Kronecker:3/f32/n:1024/batch:16`.
[[nodiscard]] std::string name(const FamilyCase& c);

/// Every operator at n = 128, 256, 1024 and 4096 for one sample, and at n = 1024 for 16. `isa` is
/// set in all of them.
[[nodiscard]] std::vector<FamilyCase> family_cases(std::string_view isa);

/// Whether the case of case.hpp is one to read those beside: dense products of the same sizes and
/// batches; and BlockDiagonal and Monarch in complex numbers, n = 1024.
[[nodiscard]] bool in_family(const Case& c);

/// Times the product, and sets the counters of run() and
///
///     bandwidth  the rate at which one product after another reads its weights, as a fraction of
///                the read bandwidth of the level that they fit in
///     level      that level: 1, 2, ...; 0 is the main memory
///     work       multiply-adds as a fraction of those of a dense product
///
/// and the operator's setting as label. Weights are those that a product reads: parameters that it
/// does not are not counted, nor is padding; each counts once, however often it is used. A product
/// that disagrees with the transposed one is an error.
void run_family(benchmark::State& state, const FamilyCase& c);

}  // namespace bench

// A library's way to multiply: what a case times. One file per library implements it.
#pragma once

#include <memory>

#include "case.hpp"
#include "strum/core/matrix_view.hpp"
#include "weights.hpp"

namespace bench {

/// An n x n operator in a library's hands, prepared as far as the library lets one prepare.
template <class S>
class Product {
 public:
  virtual ~Product() = default;

  /// y = A·x, or Aᵀ·x if the case says so. The virtual call is 1-2 ns of every measurement, the
  /// smallest of which is 100 ns.
  virtual void apply(const Case& c, const strum::MatrixView<const S>& x,
                     const strum::MatrixView<S>& y) = 0;
};

/// strum itself. Throws ValueError for an operator that it does not have.
template <class S>
[[nodiscard]] std::unique_ptr<Product<S>> make_strum(const Case& c, const Tensors<S>& weights);

/// Eigen as one would write it: a dense `W * x`; a loop over blocks with a product for each. Built
/// for the instruction set that strum uses. Takes column-major x and y without gaps and does not
/// transpose. Throws ValueError for an operator that it does not have.
template <class S>
[[nodiscard]] std::unique_ptr<Product<S>> make_eigen(const Case& c, const Tensors<S>& weights);

}  // namespace bench

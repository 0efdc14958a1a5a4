// A library's way to multiply: what a case times. One file per library implements it.
#pragma once

#include <memory>
#include <string>

#include "case.hpp"
#include "strum/core/matrix_view.hpp"
#include "weights.hpp"

namespace bench {

/// An operator in a library's hands, prepared as far as the library lets one prepare.
template <class S>
class Product {
 public:
  virtual ~Product() = default;

  /// Says what run() is to do: y = A·x, or Aᵀ·x if the case says so. A library that knows several
  /// ways tries them here, and keeps the fastest.
  virtual void bind(const Case& c, const strum::MatrixView<const S>& x,
                    const strum::MatrixView<S>& y) = 0;

  /// The product. The virtual call is 1-2 ns of every measurement, the smallest of which is 100 ns.
  virtual void run() = 0;

  /// The way that bind() chose, in a few words; empty where there is one only.
  [[nodiscard]] virtual std::string way() const { return ""; }
};

template <class S>
using ProductPtr = std::unique_ptr<Product<S>>;

/// strum itself, which keeps weights as they are. Throws ValueError for an operator that it does
/// not have. The weights of this and of every other product must outlive it.
template <class S, class W>
[[nodiscard]] ProductPtr<S> make_strum(const Case& c, const Tensors<W>& weights);

}  // namespace bench

// Between Eigen's matrices and strum's views. No other header of core/ knows Eigen's expressions.
#pragma once

#include <type_traits>

#include <Eigen/Core>

#include "strum/core/matrix_view.hpp"
#include "strum/core/weight.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class Derived>
std::true_type is_dense_eigen(const Eigen::DenseBase<Derived>*);
std::false_type is_dense_eigen(const void*);

template <class X>
using Plain = std::remove_cvref_t<X>;

}  // namespace detail

/// A dense Eigen matrix, vector, map, block or expression.
template <class X>
concept EigenDense =
    decltype(detail::is_dense_eigen(static_cast<detail::Plain<X>*>(nullptr)))::value;

/// One whose elements lie in memory with two strides: not a product, a sum, a cast.
template <class X>
concept EigenInMemory = EigenDense<X> &&
    bool(int(detail::Plain<X>::Flags) & int(Eigen::DirectAccessBit));

/// The elements of an Eigen object that lies in memory, without a copy.
template <EigenInMemory X>
[[nodiscard]] auto view(const X& x) {
  return MatrixView<const typename X::Scalar>(x.derived().data(), x.rows(), x.cols(),
                                              x.derived().rowStride(), x.derived().colStride());
}

/// A view is its own view.
template <class T>
[[nodiscard]] MatrixView<T> view(const MatrixView<T>& x) {
  return x;
}

/// A writable view of an Eigen lvalue, or of a temporary that refers to one, such as `y.col(3)`.
template <class Y>
requires EigenInMemory<Y>
[[nodiscard]] auto mutable_view(Y&& y) {
  using Matrix = detail::Plain<Y>;
  static_assert(bool(int(Matrix::Flags) & int(Eigen::LvalueBit)) &&
                    !std::is_const_v<std::remove_reference_t<Y>>,
                "strum: the output matrix is not writable");
  return MatrixView<typename Matrix::Scalar>(y.data(), y.rows(), y.cols(), y.rowStride(),
                                             y.colStride());
}

template <class T>
[[nodiscard]] MatrixView<T> mutable_view(const MatrixView<T>& y) {
  static_assert(!std::is_const_v<T>, "strum: the output is a view of constant data");
  return y;
}

/// What can be the x of an apply: a view, or an Eigen object in memory.
template <class X>
concept MatrixLike = requires(const X& x) {
  view(x);
};

namespace detail {

/// x itself if it lies in memory, else its value.
template <EigenDense X>
decltype(auto) in_memory(const X& x) {
  if constexpr (EigenInMemory<X>)
    return (x);
  else
    return x.eval();
}

/// view(x), with a message for the wrong scalar type.
template <class Scalar, EigenInMemory X>
MatrixView<const Scalar> view_of(const X& x) {
  static_assert(std::is_same_v<typename X::Scalar, Scalar>,
                "strum: the matrix and the operator have different scalar types; convert one of "
                "them (x.template cast<float>())");
  return view(x);
}

/// view(w) of weights for an operator that computes in Scalar. After the message nothing else goes
/// wrong, lest a compiler put another one first.
template <class Scalar, EigenInMemory W>
auto weights_of(const W& w) {
  static_assert(WeightOf<typename W::Scalar, Scalar>,
                "strum: the weights and the operator have different scalar types; convert the "
                "weights (w.template cast<float>())");
  if constexpr (WeightOf<typename W::Scalar, Scalar>)
    return view(w);
  else
    return MatrixView<const Scalar>();
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI

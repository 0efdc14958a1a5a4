// The operator that is being measured, in the hands of every library.
#pragma once

#include <algorithm>
#include <complex>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <type_traits>

#include "peers.hpp"
#include "strum/core/buffer.hpp"
#include "strum/core/error.hpp"
#include "strum/core/scalar.hpp"

namespace bench {

/// x and y of a case in its layout, x filled with the same numbers each time.
template <class S>
class Batch {
 public:
  explicit Batch(const Case& c) : case_(c), x_(size(c, c.inputs())), y_(size(c, c.outputs())) {
    fill_random(x_.data(), x_.size(), 4711, 1.0);
    std::fill_n(y_.data(), y_.size(), S(0));
  }

  [[nodiscard]] strum::MatrixView<const S> x() const { return view(x_.data(), case_.inputs()); }
  [[nodiscard]] strum::MatrixView<S> y() { return view(y_.data(), case_.outputs()); }

 private:
  static Index column_stride(const Case& c, Index rows) { return c.ld != 0 ? c.ld : rows; }
  static Index size(const Case& c, Index rows) { return column_stride(c, rows) * c.batch; }

  template <class T>
  [[nodiscard]] strum::MatrixView<T> view(T* data, Index rows) const {
    return case_.row_major
               ? strum::MatrixView<T>(data, rows, case_.batch, case_.batch, 1)
               : strum::MatrixView<T>(data, rows, case_.batch, 1, column_stride(case_, rows));
  }

  Case case_;
  strum::Buffer<S> x_, y_;
};

/// Holds the weights of one operator and the products made of them. Cases come ordered by operator,
/// so one is enough, and memory stays that of the largest.
template <class S, class W>
class Problem {
 public:
  /// Changes to the case's operator if need be, and gives its library's product.
  Product<S>& product(const Case& c) {
    if (operator_ != operator_name(c)) {
      products_.clear();
      operator_.clear();
      weights_ = make_weights<W>(c);
      operator_ = operator_name(c);
    }
    ProductPtr<S>& product = products_[c.peer];
    if (product == nullptr) product = make(c);
    return *product;
  }

  /// Elements of all weights.
  [[nodiscard]] Index weight_count() const {
    Index count = 0;
    for (const auto& tensor : weights_) count += tensor.size();
    return count;
  }

  /// A peer must do the same product: throws unless y, which it has written, is strum's to half the
  /// digits. Once per case.
  void check(const Case& c, const strum::MatrixView<const S>& x,
             const strum::MatrixView<S>& theirs) {
    if (c.peer.empty() || checked_.count(name(c)) != 0) return;
    Case ours = c;
    ours.peer.clear();
    Batch<S> batch(c);
    Product<S>& strum = product(ours);
    strum.bind(ours, x, batch.y());
    strum.run();
    double difference = 0, norm = 0;
    for (Index j = 0; j < theirs.cols(); ++j)
      for (Index i = 0; i < theirs.rows(); ++i) {
        difference += static_cast<double>(std::norm(theirs(i, j) - batch.y()(i, j)));
        norm += static_cast<double>(std::norm(batch.y()(i, j)));
      }
    if (!(difference <= static_cast<double>(std::numeric_limits<strum::Real<S>>::epsilon()) * norm))
      strum::detail::fail<strum::ValueError>(name(c), " is another product than strum's");
    checked_.insert(name(c));
  }

 private:
  ProductPtr<S> make(const Case& c) const {
    if (c.peer.empty()) return make_strum<S>(c, weights_);
    const Peer& peer = find_peer(c.peer);
    if constexpr (std::is_same_v<W, float>)
      return peer.f32(c, weights_);
    else if constexpr (std::is_same_v<W, double>)
      return peer.f64(c, weights_);
    else
      strum::detail::fail<strum::ValueError>(name(c), ": ", peer.name, " does not take part");
  }

  std::string operator_;
  Tensors<W> weights_;
  std::map<std::string, ProductPtr<S>> products_;
  std::set<std::string> checked_;
};

}  // namespace bench

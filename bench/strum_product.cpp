#include <complex>
#include <utility>

#include "product.hpp"
#include "strum/strum.hpp"

namespace bench {
namespace {

template <class Op>
class StrumProduct final : public Product<typename Op::Scalar> {
  using S = typename Op::Scalar;

 public:
  explicit StrumProduct(Op op) : op_(std::move(op)) {}

  void bind(const Case& c, const strum::MatrixView<const S>& x,
            const strum::MatrixView<S>& y) override {
    transpose_ = c.transpose;
    x_ = x;
    y_ = y;
  }

  void run() override {
    if (transpose_)
      op_.apply_transpose(x_, y_);
    else
      op_.apply(x_, y_);
  }

 private:
  Op op_;
  bool transpose_ = false;
  strum::MatrixView<const S> x_;
  strum::MatrixView<S> y_;
};

template <class Op>
ProductPtr<typename Op::Scalar> hold(Op op) {
  return std::make_unique<StrumProduct<Op>>(std::move(op));
}

}  // namespace

template <class S, class W>
ProductPtr<S> make_strum(const Case& c, const Tensors<W>& weights) {
  if (c.op == "Dense") return hold(strum::Dense<S, W>(weights[0].matrix()));
  if (c.op == "BlockDiagonal") return hold(strum::BlockDiagonal<S, strum::Dynamic, W>(weights[0]));
  if (c.op == "LowRank")
    return hold(strum::LowRank<S, W>(weights[1].matrix(), weights[0].matrix()));
  if (c.op == "Monarch") return hold(strum::Monarch<S, W>(weights[0], weights[1]));
  if (c.op == "KroneckerSparse" || c.op == "KroneckerSparseChain")
    return hold(strum::KroneckerSparse<S, W>(weights));
  strum::detail::fail<strum::ValueError>("strum_bench: no operator '", c.op, "'");
}

template ProductPtr<float> make_strum(const Case&, const Tensors<float>&);
template ProductPtr<double> make_strum(const Case&, const Tensors<double>&);
template ProductPtr<float> make_strum(const Case&, const Tensors<strum::bfloat16>&);
template ProductPtr<std::complex<float>> make_strum(const Case&,
                                                    const Tensors<std::complex<float>>&);
template ProductPtr<std::complex<double>> make_strum(const Case&,
                                                     const Tensors<std::complex<double>>&);

}  // namespace bench

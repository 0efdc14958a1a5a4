// Linear: an operator, a bias and an activation in one pass over the output.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "strum/nn/layer.hpp"

namespace strum::inline STRUM_ABI {

template <class GateOp, class ValueOp>
class GatedLinear;

/// y = f(A·x + bias), or f(A·x + bias) + residual: apply() and apply_residual(). Without an
/// activation the residual may be y itself (y += A·x + bias), with the same bits.
///
/// Any LinearOp in float or double can be A. Where it is made of Kronecker-sparse factors (Dense,
/// BlockDiagonal, LowRank, KroneckerSparse, Monarch, their transposes, and AnyLinearOp that holds
/// one), bias, f and residual are applied to outputs that are still in L1: they cost their
/// arithmetic and no memory traffic. After any other operator they are one more pass over y. The
/// bits are the same, and a sample's are the same whatever batch and layout it comes in.
///
/// Parameters: the operator's under their own names, and `bias (rows)` if there is one.
template <class OpType>
class Linear : public detail::LayerBase<Linear<OpType>, typename OpType::Scalar> {
 public:
  using Op = OpType;
  using Scalar = typename Op::Scalar;
  static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double>,
                "strum: layers compute in float or double");

  /// Without a bias.
  explicit Linear(Op op, Activation activation = Activation::identity)
      : op_(std::move(op)), activation_(activation) {}

  /// Throws ShapeError unless bias is (rows).
  Linear(Op op, Tensor<Scalar> bias, Activation activation = Activation::identity)
      : op_(std::move(op)), bias_(std::move(bias)), activation_(activation) {
    detail::check_shape(*bias_, {rows()}, name(), "bias");
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Linear"; }
  [[nodiscard]] Index rows() const { return op_.rows(); }
  [[nodiscard]] Index cols() const { return op_.cols(); }
  [[nodiscard]] const Op& op() const { return op_; }
  [[nodiscard]] Activation activation() const { return activation_; }
  [[nodiscard]] bool has_bias() const { return bias_.has_value(); }

  /// Scratch that one call on `batch` samples takes from a Workspace: the operator's.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return detail::layer_workspace_bytes(op_, batch);
  }

  [[nodiscard]] Index parameter_count() const {
    return op_.parameter_count() + (bias_ ? bias_->size() : 0);
  }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    if constexpr (requires { op_.parameters(); }) list = op_.parameters();
    if (bias_) list.push_back({"bias", bias_->shape()});
    return list;
  }
  /// A copy of a parameter, narrow weights widened. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    if (bias_ && parameter == "bias") return *bias_;
    if constexpr (requires { op_.get(parameter); })
      return op_.get(parameter).template cast<Scalar>();
    else
      detail::refuse_parameter(name(), parameter);
  }
  /// Throws ValueError for an unknown name, ShapeError for another shape than parameters() says.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    if (bias_ && parameter == "bias") {
      detail::check_shape(values, {rows()}, name(), parameter);
      bias_ = values;
    } else if constexpr (requires { op_.set(parameter, values); }) {
      op_.set(parameter, values);
    } else {
      detail::refuse_parameter(name(), parameter);
    }
  }

 private:
  friend class detail::LayerBase<Linear, Scalar>;
  template <class GateOp, class ValueOp>
  friend class GatedLinear;

  using Input = MatrixView<const Scalar>;
  using Output = MatrixView<Scalar>;

  void run(const char* verb, const Input& x, const Input* residual, const Output& y,
           Workspace& workspace) const {
    const bool in_place = activation_ == Activation::identity;
    detail::check_layer(name(), verb, rows(), cols(), x, residual, y, in_place);
    if (y.size() > 0) run_unchecked(x, nullptr, residual, y, workspace);
  }

  /// y = f(A·x + bias) · gate + residual, each of the two null where there is none.
  void run_unchecked(const Input& x, const Input* gate, const Input* residual, const Output& y,
                     Workspace& workspace) const {
    kernels::Epilogue<Scalar> epilogue{.bias = bias_ ? bias_->data() : nullptr,
                                       .activation = activation_};
    Scalar beta = 0;
    if (gate != nullptr) {
      epilogue.gate = gate->data();
      epilogue.gate_row = gate->row_stride();
      epilogue.gate_col = gate->col_stride();
    }
    if (residual != nullptr && residual->data() == y.data()) {
      beta = 1;  // y itself, as the checks have seen to
    } else if (residual != nullptr) {
      epilogue.residual = residual->data();
      epilogue.residual_row = residual->row_stride();
      epilogue.residual_col = residual->col_stride();
    }
    detail::run_layer(op_, x, beta, y, epilogue, workspace);
  }

  Op op_;
  std::optional<Tensor<Scalar>> bias_;
  Activation activation_;
};

}  // namespace strum::inline STRUM_ABI

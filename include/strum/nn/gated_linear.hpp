// GatedLinear: two layers on one input, multiplied; SwiGLU and its relatives (Shazeer 2020).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/nn/linear.hpp"

namespace strum::inline STRUM_ABI {

/// y = gate(x) ⊙ value(x), or that + residual, for two Linear layers of the same shape: apply() and
/// apply_residual(). With gate(x) = SiLU(A·x) and value(x) = B·x it is SwiGLU, see swiglu().
///
/// Some samples at a time go through the value layer, whose outputs wait in L2, and then through
/// the gate layer, whose epilogue multiplies by them. Parameters: those of the two layers under
/// `gate.` and `value.`.
template <class GateOp, class ValueOp = GateOp>
class GatedLinear
    : public detail::LayerBase<GatedLinear<GateOp, ValueOp>, typename GateOp::Scalar> {
 public:
  using Scalar = typename GateOp::Scalar;
  static_assert(std::is_same_v<Scalar, typename ValueOp::Scalar>,
                "strum: the two layers of a GatedLinear have different scalar types");

  /// Throws ShapeError unless both have the same shape.
  GatedLinear(Linear<GateOp> gate, Linear<ValueOp> value)
      : gate_(std::move(gate)), value_(std::move(value)) {
    if (gate_.rows() != value_.rows() || gate_.cols() != value_.cols())
      detail::fail<ShapeError>(name(), ": the gate is ", gate_.rows(), " x ", gate_.cols(),
                               ", the value ", value_.rows(), " x ", value_.cols());
  }

  [[nodiscard]] static constexpr std::string_view name() { return "GatedLinear"; }
  [[nodiscard]] Index rows() const { return gate_.rows(); }
  [[nodiscard]] Index cols() const { return gate_.cols(); }
  [[nodiscard]] const Linear<GateOp>& gate() const { return gate_; }
  [[nodiscard]] const Linear<ValueOp>& value() const { return value_; }

  /// Scratch that one call on `batch` samples takes from a Workspace.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    const Index tile = std::min(batch, kTile);
    return Workspace::rounded(static_cast<std::size_t>(scratch_size(tile)) * sizeof(Scalar)) +
           std::max(gate_.workspace_bytes(tile), value_.workspace_bytes(tile));
  }

  [[nodiscard]] Index parameter_count() const {
    return gate_.parameter_count() + value_.parameter_count();
  }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    for (const ParameterInfo& info : gate_.parameters())
      list.push_back({std::string(kGate) + info.name, info.shape});
    for (const ParameterInfo& info : value_.parameters())
      list.push_back({std::string(kValue) + info.name, info.shape});
    return list;
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    if (parameter.starts_with(kGate)) return gate_.get(parameter.substr(kGate.size()));
    return value_.get(parameter.substr(prefix(parameter)));
  }
  /// Throws ValueError for an unknown name, ShapeError for another shape than parameters() says.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    if (parameter.starts_with(kGate))
      gate_.set(parameter.substr(kGate.size()), values);
    else
      value_.set(parameter.substr(prefix(parameter)), values);
  }

 private:
  friend class detail::LayerBase<GatedLinear, Scalar>;

  using Input = MatrixView<const Scalar>;
  using Output = MatrixView<Scalar>;

  static constexpr std::string_view kGate = "gate.", kValue = "value.";

  /// Samples whose values wait for their gates.
  static constexpr Index kTile = 32;

  /// From sample to sample of the values: whole cache lines, an odd number of them, since samples a
  /// power of two apart would collide in L1.
  [[nodiscard]] Index stride() const {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return ((rows() + kLine - 1) / kLine | 1) * kLine;
  }
  [[nodiscard]] Index scratch_size(Index tile) const { return stride() * tile; }

  static std::size_t prefix(const std::string& parameter) {
    if (!parameter.starts_with(kValue)) detail::refuse_parameter(name(), parameter);
    return kValue.size();
  }

  void run(const char* verb, const Input& x, const Input* residual, const Output& y,
           Workspace& workspace) const {
    detail::check_layer(name(), verb, rows(), cols(), x, residual, y, false);
    if (y.size() == 0) return;
    Workspace::Frame frame(workspace);
    const Index most = std::min(y.cols(), kTile);
    Scalar* const scratch = frame.take<Scalar>(scratch_size(most));
    const bool row_major = y.col_stride() == 1 && y.row_stride() != 1;
    for (Index first = 0; first < y.cols(); first += kTile) {
      const Index tile = std::min(kTile, y.cols() - first);
      const auto part = [&](const auto& m) { return m.block(0, first, m.rows(), tile); };
      const Output values = row_major ? Output(scratch, rows(), tile, tile, 1)
                                      : Output(scratch, rows(), tile, 1, stride());
      const Input in = part(x);
      value_.run_unchecked(in, nullptr, nullptr, values, workspace);
      const Input waiting = values;
      const Input added = residual != nullptr ? part(*residual) : Input();
      gate_.run_unchecked(in, &waiting, residual != nullptr ? &added : nullptr, part(y), workspace);
    }
  }

  Linear<GateOp> gate_;
  Linear<ValueOp> value_;
};

/// SiLU(A·x) ⊙ (B·x), without biases.
template <class GateOp, class ValueOp>
[[nodiscard]] GatedLinear<GateOp, ValueOp> swiglu(GateOp gate, ValueOp value) {
  return {Linear<GateOp>(std::move(gate), Activation::silu), Linear<ValueOp>(std::move(value))};
}

}  // namespace strum::inline STRUM_ABI

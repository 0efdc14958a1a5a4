// ShortConvolution: every channel of a batch of signals convolved with a few taps of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/transforms/channel_operator.hpp"
#include "strum/transforms/lag_filters.hpp"

namespace strum::inline STRUM_ABI {

/// y[t] = Σ_{j < taps} w[j]·u[t − taps + 1 + j] + b of signals B x H x L, u = 0 before its
/// beginning: the causal depthwise convolution in front of a long one (Hyena, M2, Mamba), 2 to 15
/// taps. The newest comes last, as in checkpoints of a depthwise Conv1d cut to its first L outputs.
///
/// Parameters: `weight (H, taps)`, `bias (H)` if there is one. taps multiply-adds per output, by
/// sums of products; beyond some dozens of taps a LongConvolution may be faster.
///
/// As a LinearOp it is the block-diagonal matrix of the channels' banded Toeplitz matrices on
/// (H·L) x batch. With a bias it is no matrix: then only signals may be applied to, and what is a
/// matrix's throws ValueError.
template <class R>
class ShortConvolution : public detail::ChannelOperator<ShortConvolution<R>, R> {
  using Base = detail::ChannelOperator<ShortConvolution, R>;

 public:
  ShortConvolution() = default;

  /// For signals of this length. Throws ShapeError unless weight is (H, taps), taps >= 1, and bias,
  /// if there is one, (H).
  ShortConvolution(Index length, const Tensor<R>& weight,
                   std::optional<Tensor<R>> bias = std::nullopt)
      : Base(channels_of(weight), length), weight_(weight), bias_(std::move(bias)) {
    if (bias_) detail::check_shape(*bias_, {this->channels()}, name(), "bias");
    if (this->rows() == 0) return;
    filters_ = {detail::plan_direct({.length = length, .lags = {0, taps() - 1}}), this->channels()};
    prepare();
  }

  [[nodiscard]] Index taps() const { return weight_.rank() == 2 ? weight_.shape()[1] : 0; }
  [[nodiscard]] bool has_bias() const { return bias_.has_value(); }

  [[nodiscard]] static constexpr std::string_view name() { return "ShortConvolution"; }
  [[nodiscard]] Index parameter_count() const {
    if (this->rows() == 0) return 0;
    return weight_.size() + (bias_ ? bias_->size() : 0);
  }
  /// Real operations per sample, which is H signals: 2·taps per output.
  [[nodiscard]] Index flops() const { return 2 * this->rows() * taps(); }
  [[nodiscard]] std::size_t bytes() const {
    return filters_.bytes() + static_cast<std::size_t>(parameter_count()) * sizeof(R);
  }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    if (this->rows() == 0) return list;
    list.push_back({"weight", weight_.shape()});
    if (bias_) list.push_back({"bias", bias_->shape()});
    return list;
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<R> get(const std::string& parameter) const { return find(*this, parameter); }
  /// Replaces a parameter. Throws ValueError for an unknown name, ShapeError for another shape.
  void set(const std::string& parameter, const Tensor<R>& values) {
    Tensor<R>& held = find(*this, parameter);
    detail::check_shape(values, held.shape(), name(), parameter);
    held = values;
    if (parameter == "weight") prepare();
  }

  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"length", {this->length()}}}};
  }
  [[nodiscard]] static ShortConvolution restore(const Description& description,
                                                const Parameters<R>& parameters) {
    const auto bias = parameters.find("bias");
    return ShortConvolution(description.value("length"),
                            detail::find_parameter(parameters, "weight", name()),
                            bias == parameters.end() ? std::nullopt : std::optional(bias->second));
  }

 private:
  friend Base;
  friend detail::OpAccess;

  [[nodiscard]] static Index channels_of(const Tensor<R>& weight) {
    if (weight.rank() != 2 || weight.shape()[1] < 1)
      detail::fail<ShapeError>(name(), ": weight has shape ", weight.shape(),
                               ", needs (channels, taps), taps at least 1");
    return weight.shape()[0];
  }

  template <class Self>
  [[nodiscard]] static auto& find(Self& self, const std::string& parameter) {
    if (self.rows() > 0 && parameter == "weight") return self.weight_;
    if (self.bias_ && parameter == "bias") return *self.bias_;
    detail::refuse_parameter(name(), parameter);
  }

  /// Lag τ is weight[h, taps − 1 − τ].
  void prepare() {
    for (Index h = 0; h < this->channels(); ++h) {
      const R* const weight = weight_.data() + h * taps();
      std::reverse_copy(weight, weight + taps(), filters_.taps(h));
    }
  }

  void apply_unchecked(Mode mode, R alpha, const MatrixView<const R>& x, R beta,
                       const MatrixView<R>& y, Workspace& workspace) const {
    if (bias_)
      detail::fail<ValueError>(name(), ": with a bias it is not a matrix; apply it to SignalBatch");
    Base::apply_unchecked(mode, alpha, x, beta, y, workspace);
  }

  [[nodiscard]] const detail::LagFilters<R>& core() const { return filters_; }
  [[nodiscard]] static const R* skip() { return nullptr; }
  [[nodiscard]] const R* start() const { return bias_ ? bias_->data() : nullptr; }

  /// Where gradients of the parameters go.
  struct Targets {
    Index taps;
    R *weight = nullptr, *skip = nullptr, *start = nullptr;

    void put(Index h, const R* lags, R, R start_gradient) const {
      if (weight != nullptr) std::reverse_copy(lags, lags + taps, weight + h * taps);
      if (start != nullptr) start[h] = start_gradient;
    }
  };
  [[nodiscard]] Targets targets(Parameters<R>& gradients) const {
    Targets to{taps()};
    for (auto& [parameter, gradient] : gradients) {
      const Tensor<R>& held = find(*this, parameter);
      detail::check_shape(gradient, held.shape(), name(), parameter);
      (parameter == "weight" ? to.weight : to.start) = gradient.data();
    }
    return to;
  }

  Tensor<R> weight_;
  std::optional<Tensor<R>> bias_;
  detail::LagFilters<R> filters_;
};

}  // namespace strum::inline STRUM_ABI

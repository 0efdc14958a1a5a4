// LongConvolution: every channel of a batch of signals convolved with a filter of its own, which
// may be as long as the signals.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/transforms/channel_operator.hpp"
#include "strum/transforms/lag_filters.hpp"

namespace strum::inline STRUM_ABI {

/// What a convolution of signals of length L is.
enum class ConvolutionMode {
  causal,    ///< y[t] = Σ_{τ <= t} k[τ]·u[t − τ]: nothing of the end reaches the beginning
  circular,  ///< y[t] = Σ_τ k[τ]·u[(t − τ) mod L]
  bidirectional  ///< y[t] = Σ_{τ <= t} k[τ]·u[t − τ] + Σ_{τ >= 1} k⁻[τ]·u[t + τ], lag 0 once
};

template <class R>
struct LongConvolutionOptions {
  /// D (H): y[t] += D·u[t].
  std::optional<Tensor<R>> skip = std::nullopt;
  ConvolutionMethod method = ConvolutionMethod::automatic;
};

/// y = post ⊙ (k * (pre ⊙ u) + D·(pre ⊙ u)) of signals B x H x L, one filter per channel (the long
/// convolutions of S4, Hyena and Monarch Mixer; FlashFFTConv's job, Fu et al. 2023).
///
/// Parameters: `filter (H, K)`, k[τ] = filter[h, τ]; bidirectional also `backward_filter (H, K')`,
/// k⁻[τ] = backward_filter[h, τ − 1], as S4, M2 and SGConv pad and flip theirs; `skip (H)` if there
/// is one. 1 <= K, K' <= L: a shorter filter is less work. (The last tap of K' = L has no input.)
///
/// The filters are transformed once, at construction and by set(). Signals go through by sums of
/// products where filters are short, block by block with overlap where they are shorter than the
/// signals, and by one transform of at least L + K − 1 (circular: L) elsewhere: by the counted cost
/// of the shape, so that a signal's result has the same bits in whatever batch. See flops().
///
/// As a LinearOp it is the block-diagonal matrix of the channels' Toeplitz (circular: circulant)
/// matrices on (H·L) x batch, which is the memory of a tensor B x H x L.
template <class R>
class LongConvolution : public detail::ChannelOperator<LongConvolution<R>, R> {
  using Base = detail::ChannelOperator<LongConvolution, R>;

 public:
  using Options = LongConvolutionOptions<R>;

  LongConvolution() = default;

  /// Causal or circular, of signals of this length. Throws ShapeError for sizes that do not fit,
  /// among them a filter longer than the signals, and ValueError for the bidirectional mode.
  LongConvolution(ConvolutionMode mode, Index length, const Tensor<R>& filter, Options options = {})
      : LongConvolution(mode, length, filter, std::nullopt, std::move(options)) {}

  /// Bidirectional. Throws ShapeError for sizes that do not fit, ValueError for the other modes.
  LongConvolution(ConvolutionMode mode, Index length, const Tensor<R>& filter,
                  const Tensor<R>& backward_filter, Options options = {})
      : LongConvolution(mode, length, filter, std::optional(backward_filter), std::move(options)) {}

  [[nodiscard]] ConvolutionMode mode() const { return mode_; }
  /// What was chosen for the shape, or asked for.
  [[nodiscard]] ConvolutionMethod method() const { return filters_.plan().method; }
  /// Of the transforms, 0 where there are none.
  [[nodiscard]] Index transform_length() const { return filters_.plan().transform_length; }

  [[nodiscard]] static constexpr std::string_view name() { return "LongConvolution"; }
  [[nodiscard]] Index parameter_count() const {
    const Index skip = skip_ ? this->channels() : 0;
    return this->rows() == 0 ? 0 : this->channels() * filters_.taps_count() + skip;
  }
  /// Real operations per sample, which is H signals: 2·taps for each output of the sums, 5n·log₂ n
  /// + 3n for each piece that goes through transforms of length n, 2 for each output with a skip.
  [[nodiscard]] Index flops() const {
    if (this->rows() == 0) return 0;
    return this->channels() * static_cast<Index>(filters_.flops()) + (skip_ ? 2 * this->rows() : 0);
  }
  [[nodiscard]] std::size_t bytes() const {
    Index reals = filter_.size() + (backward_filter_ ? backward_filter_->size() : 0);
    if (skip_) reals += skip_->size();
    return filters_.bytes() + static_cast<std::size_t>(reals) * sizeof(R);
  }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    if (this->rows() == 0) return list;
    list.push_back({"filter", filter_.shape()});
    if (backward_filter_) list.push_back({"backward_filter", backward_filter_->shape()});
    if (skip_) list.push_back({"skip", skip_->shape()});
    return list;
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<R> get(const std::string& parameter) const { return find(*this, parameter); }
  /// Replaces a parameter. Throws ValueError for an unknown name, ShapeError for another shape.
  void set(const std::string& parameter, const Tensor<R>& values) {
    Tensor<R>& held = find(*this, parameter);
    detail::check_shape(values, held.shape(), name(), parameter);
    held = values;
    if (parameter != "skip") prepare();
  }

  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"mode", {static_cast<Index>(mode_)}},
             {"length", {this->length()}},
             {"method", {static_cast<Index>(asked_)}}}};
  }
  [[nodiscard]] static LongConvolution restore(const Description& description,
                                               const Parameters<R>& parameters) {
    const Index mode = description.value("mode"), method = description.value("method");
    if (mode < 0 || mode > 2 || method < 0 || method > 3)
      detail::fail<ValueError>(name(), ": there is no mode ", mode, " with method ", method);
    const auto optional = [&](const char* key) -> std::optional<Tensor<R>> {
      const auto found = parameters.find(key);
      return found == parameters.end() ? std::nullopt : std::optional(found->second);
    };
    return LongConvolution(static_cast<ConvolutionMode>(mode), description.value("length"),
                           detail::find_parameter(parameters, "filter", name()),
                           optional("backward_filter"),
                           {optional("skip"), static_cast<ConvolutionMethod>(method)});
  }

 private:
  friend Base;
  friend detail::OpAccess;

  LongConvolution(ConvolutionMode mode, Index length, const Tensor<R>& filter,
                  std::optional<Tensor<R>> backward_filter, Options options)
      : Base(channels_of(filter, "filter"), length),
        mode_(mode),
        asked_(options.method),
        filter_(filter),
        backward_filter_(std::move(backward_filter)),
        skip_(std::move(options.skip)) {
    if ((mode == ConvolutionMode::bidirectional) != backward_filter_.has_value())
      detail::fail<ValueError>(name(), ": a backward filter is what bidirectional ones have, and ",
                               "they alone");
    check_taps(filter_, "filter");
    if (backward_filter_) check_taps(*backward_filter_, "backward_filter");
    if (skip_) detail::check_shape(*skip_, {this->channels()}, name(), "skip");
    if (this->rows() == 0) return;
    const detail::Lags lags{
        backward_filter_ ? std::min(backward_filter_->shape()[1], length - 1) : 0,
        filter_.shape()[1] - 1};
    const bool circular = mode == ConvolutionMode::circular;
    filters_ = {detail::make_convolution_plan<R>(length, lags, circular, options.method),
                this->channels()};
    prepare();
  }

  [[nodiscard]] static Index channels_of(const Tensor<R>& filter, const char* what) {
    if (filter.rank() != 2)
      detail::fail<ShapeError>(name(), ": ", what, " has shape ", filter.shape(),
                               ", needs (channels, taps)");
    return filter.shape()[0];
  }
  void check_taps(const Tensor<R>& filter, const char* what) const {
    if (channels_of(filter, what) != this->channels())
      detail::fail<ShapeError>(name(), ": ", what, " has ", filter.shape()[0], " channels, filter ",
                               this->channels());
    const Index taps = filter.shape()[1];
    if (taps < 1 || taps > this->length())
      detail::fail<ShapeError>(name(), ": ", what, " has ", taps, " taps, signals have length ",
                               this->length());
  }

  /// Of a constant operator or not.
  template <class Self>
  [[nodiscard]] static auto& find(Self& self, const std::string& parameter) {
    if (self.rows() > 0 && parameter == "filter") return self.filter_;
    if (self.backward_filter_ && parameter == "backward_filter") return *self.backward_filter_;
    if (self.skip_ && parameter == "skip") return *self.skip_;
    detail::refuse_parameter(name(), parameter);
  }

  /// Lag τ >= 0 is filter[h, τ], lag −τ < 0 backward_filter[h, τ − 1].
  void prepare() {
    const Index back = filters_.plan().lags.back, taps = filter_.shape()[1];
    for (Index h = 0; h < this->channels(); ++h) {
      R* const lags = filters_.taps(h);
      for (Index tau = 1; tau <= back; ++tau) lags[back - tau] = (*backward_filter_)(h, tau - 1);
      std::copy_n(filter_.data() + h * taps, taps, lags + back);
      filters_.prepare(h, detail::thread_workspace());
    }
  }

  [[nodiscard]] const detail::LagFilters<R>& core() const { return filters_; }
  [[nodiscard]] const R* skip() const { return skip_ ? skip_->data() : nullptr; }
  [[nodiscard]] static const R* start() { return nullptr; }

  /// Where gradients of the parameters go.
  struct Targets {
    Index back, taps, backward_taps;
    R *filter = nullptr, *backward_filter = nullptr, *skip = nullptr, *start = nullptr;

    void put(Index h, const R* lags, R skip_gradient, R) const {
      if (filter != nullptr) std::copy_n(lags + back, taps, filter + h * taps);
      if (backward_filter != nullptr) {
        R* const to = backward_filter + h * backward_taps;
        std::reverse_copy(lags, lags + back, to);
        std::fill(to + back, to + backward_taps, R(0));  // a lag as long as the signal
      }
      if (skip != nullptr) skip[h] = skip_gradient;
    }
  };
  [[nodiscard]] Targets targets(Parameters<R>& gradients) const {
    Targets to{filters_.plan().lags.back, filter_.shape()[1],
               backward_filter_ ? backward_filter_->shape()[1] : 0};
    for (auto& [parameter, gradient] : gradients) {
      const Tensor<R>& held = find(*this, parameter);
      detail::check_shape(gradient, held.shape(), name(), parameter);
      (&held == &filter_     ? to.filter
       : parameter == "skip" ? to.skip
                             : to.backward_filter) = gradient.data();
    }
    return to;
  }

  ConvolutionMode mode_ = ConvolutionMode::causal;
  ConvolutionMethod asked_ = ConvolutionMethod::automatic;
  Tensor<R> filter_;
  std::optional<Tensor<R>> backward_filter_, skip_;
  detail::LagFilters<R> filters_;
};

}  // namespace strum::inline STRUM_ABI

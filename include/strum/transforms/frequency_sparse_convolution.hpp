// FrequencySparseConvolution: long convolutions whose filters have low frequencies only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/transforms/channel_operator.hpp"
#include "strum/transforms/pruned_filters.hpp"

namespace strum::inline STRUM_ABI {

/// y[t] = (k * u)[t], 0 <= t < L, of signals B x H x L extended with zeros to the period N, k the
/// periodic filter whose spectrum is that of `filter` for the bins below `keep` and zero from there
/// on (the frequency-sparse convolutions of FlashFFTConv, Fu et al. 2023):
///
///     y = irfft(F ⊙ rfft(u, N), N)[0 … L − 1],   F[f] = rfft(filter, N)[f] for f < keep, else 0.
///
/// **Such a filter is not causal**, whatever `filter` was: an output depends on inputs that come
/// after it. N = 2L is what FlashFFTConv takes in the place of a causal convolution, N = L makes it
/// circular. What is zero is not multiplied, nor computed where N is divisible by a power of two P
/// and keep <= N/(2P): then the transforms are P of length N/P, see detail::PrunedFilters. P goes
/// by the cost of the shape, or is given. It saves log₂ P of the log₂ N levels of the transforms:
/// with 64 bins of N = 8192 a third of the time in double, a tenth in float, where copies into the
/// phases take as long as they save. It pays for few bins of many, a hundredth rather than a tenth.
///
/// Parameters: `filter (H, K)`, K <= N; `skip (H)` if there is one, y += D·u.
template <class R>
class FrequencySparseConvolution
    : public detail::ChannelOperator<FrequencySparseConvolution<R>, R> {
  using Base = detail::ChannelOperator<FrequencySparseConvolution, R>;

 public:
  FrequencySparseConvolution() = default;

  /// Throws ShapeError unless filter is (H, K), 1 <= K <= N and L <= N, ValueError unless 1 <= keep
  /// <= N/2 + 1 and `phases`, if not 0, is a power of two that divides N, 1 or at most N/(2·keep).
  FrequencySparseConvolution(Index length, Index period, Index keep, const Tensor<R>& filter,
                             std::optional<Tensor<R>> skip = std::nullopt, Index phases = 0)
      : Base(channels_of(filter), length), filter_(filter), skip_(std::move(skip)) {
    const Index taps = filter.shape()[1];
    if (taps < 1 || taps > period)
      detail::fail<ShapeError>(name(), ": filter has ", taps, " taps, the period is ", period);
    if (length > period)
      detail::fail<ShapeError>(name(), ": signals of length ", length, ", the period is ", period);
    if (keep < 1 || keep > period / 2 + 1)
      detail::fail<ValueError>(name(), ": ", keep, " bins of the ", period / 2 + 1,
                               " of a period of ", period);
    if (skip_) detail::check_shape(*skip_, {this->channels()}, name(), "skip");
    if (phases != 0 && phases != 1 &&
        (phases < 0 || (phases & (phases - 1)) != 0 || period % phases != 0 ||
         keep > period / (2 * phases)))
      detail::fail<ValueError>(name(), ": ", phases, " phases for ", keep, " bins of period ",
                               period);
    keep_ = keep;
    period_ = period;
    if (this->rows() == 0) return;
    filters_ = {length, period, keep, taps, this->channels(), phases};
    prepare();
  }

  /// N.
  [[nodiscard]] Index period() const { return period_; }
  /// Bins that are not zero.
  [[nodiscard]] Index keep() const { return keep_; }
  /// P.
  [[nodiscard]] Index phases() const { return filters_.phases(); }

  [[nodiscard]] static constexpr std::string_view name() { return "FrequencySparseConvolution"; }
  [[nodiscard]] Index parameter_count() const {
    return this->rows() == 0 ? 0 : filter_.size() + (skip_ ? skip_->size() : 0);
  }
  /// Real operations per sample, which is H signals: 5·N·log₂(N/P) + 6·keep each, with P > 1 phases
  /// also 14·P·keep; 2 for each output with a skip.
  [[nodiscard]] Index flops() const {
    if (this->rows() == 0) return 0;
    return this->channels() * static_cast<Index>(filters_.flops()) + (skip_ ? 2 * this->rows() : 0);
  }
  [[nodiscard]] std::size_t bytes() const {
    return filters_.bytes() + static_cast<std::size_t>(parameter_count()) * sizeof(R);
  }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    if (this->rows() == 0) return list;
    list.push_back({"filter", filter_.shape()});
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
    if (parameter == "filter") prepare();
  }

  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"length", {this->length()}},
             {"period", {period_}},
             {"keep", {keep_}},
             {"phases", {phases()}}}};
  }
  [[nodiscard]] static FrequencySparseConvolution restore(const Description& description,
                                                          const Parameters<R>& parameters) {
    const auto skip = parameters.find("skip");
    return FrequencySparseConvolution(
        description.value("length"), description.value("period"), description.value("keep"),
        detail::find_parameter(parameters, "filter", name()),
        skip == parameters.end() ? std::nullopt : std::optional(skip->second),
        description.value("phases"));
  }

 private:
  friend Base;
  friend detail::OpAccess;

  [[nodiscard]] static Index channels_of(const Tensor<R>& filter) {
    if (filter.rank() != 2)
      detail::fail<ShapeError>(name(), ": filter has shape ", filter.shape(),
                               ", needs (channels, taps)");
    return filter.shape()[0];
  }

  template <class Self>
  [[nodiscard]] static auto& find(Self& self, const std::string& parameter) {
    if (self.rows() > 0 && parameter == "filter") return self.filter_;
    if (self.skip_ && parameter == "skip") return *self.skip_;
    detail::refuse_parameter(name(), parameter);
  }

  void prepare() {
    for (Index h = 0; h < this->channels(); ++h)
      filters_.prepare(h, filter_.data() + h * filter_.shape()[1], detail::thread_workspace());
  }

  [[nodiscard]] const detail::PrunedFilters<R>& core() const { return filters_; }
  [[nodiscard]] const R* skip() const { return skip_ ? skip_->data() : nullptr; }
  [[nodiscard]] static const R* start() { return nullptr; }

  /// Where gradients of the parameters go.
  struct Targets {
    Index taps;
    R *filter = nullptr, *skip = nullptr, *start = nullptr;

    void put(Index h, const R* lags, R skip_gradient, R) const {
      if (filter != nullptr) std::copy_n(lags, taps, filter + h * taps);
      if (skip != nullptr) skip[h] = skip_gradient;
    }
  };
  [[nodiscard]] Targets targets(Parameters<R>& gradients) const {
    Targets to{filter_.shape()[1]};
    for (auto& [parameter, gradient] : gradients) {
      const Tensor<R>& held = find(*this, parameter);
      detail::check_shape(gradient, held.shape(), name(), parameter);
      (parameter == "filter" ? to.filter : to.skip) = gradient.data();
    }
    return to;
  }

  detail::OwnedSize period_, keep_;
  Tensor<R> filter_;
  std::optional<Tensor<R>> skip_;
  detail::PrunedFilters<R> filters_;
};

}  // namespace strum::inline STRUM_ABI

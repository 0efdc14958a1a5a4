// FourierSynthesis: from Fourier coefficients to the values of their series at bin centres.
#pragma once

#include <string>
#include <string_view>

#include "strum/nn/fourier_matrix.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI {

/// y_j = ½·Re c_0 + Σ_{k=1}^{N} (Re c_k·cos(πk·z_j) − Im c_k·sin(πk·z_j)),  z_j = −1 + (2j + 1)/m,
///
/// for x = (Re c_0, ..., Re c_N, Im c_0, ..., Im c_N) and m bins: the density on [−1, 1] of the
/// Fourier head (Gillman et al. 2024) with c_0 for norm. Im c_0 has no part in it. The matrix is
/// fixed: no parameters, none counted, none stored. m·(2N + 2) multiply-adds per sample.
template <class ScalarType>
class FourierSynthesis : public LinearOpBase<FourierSynthesis<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  FourierSynthesis() = default;

  /// N = `frequencies`, m = `bins`. Throws ShapeError unless N >= 0 and m >= 1.
  FourierSynthesis(Index frequencies, Index bins)
      : frequencies_(frequencies), matrix_(matrix(frequencies, bins).matrix()) {}

  [[nodiscard]] Index rows() const { return matrix_.rows(); }
  [[nodiscard]] Index cols() const { return matrix_.cols(); }
  /// N.
  [[nodiscard]] Index frequencies() const { return frequencies_; }
  /// m.
  [[nodiscard]] Index bins() const { return rows(); }

  [[nodiscard]] static constexpr std::string_view name() { return "FourierSynthesis"; }
  [[nodiscard]] Index parameter_count() const { return 0; }
  [[nodiscard]] Index flops() const { return matrix_.flops(); }
  [[nodiscard]] std::size_t bytes() const { return matrix_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return matrix_.workspace_bytes(batch);
  }

  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { matrix_.prepare_transpose(); }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const { return {}; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"frequencies", {frequencies_}}, {"bins", {bins()}}}};
  }
  [[nodiscard]] static FourierSynthesis restore(const Description& description,
                                                const Parameters<Scalar>&) {
    return FourierSynthesis(description.value("frequencies"), description.value("bins"));
  }

 private:
  friend detail::OpAccess;

  /// Never inlined: gcc 12 would warn of overflows in loops over sizes that were refused before.
  STRUM_NEVER_INLINE static Tensor<Scalar> matrix(Index frequencies, Index bins) {
    detail::check_fourier_sizes(frequencies, bins, name());
    const Index count = frequencies + 1;
    Tensor<Scalar> values({bins, 2 * count});
    for (Index j = 0; j < bins; ++j) {
      values(j, 0) = Scalar(0.5);
      for (Index k = 1; k < count; ++k) {
        const Index angle = detail::bin_angle(k, j, bins);
        values(j, k) = static_cast<Scalar>(detail::cos_pi(angle, bins));
        values(j, count + k) = static_cast<Scalar>(-detail::sin_pi(angle, bins));
      }
    }
    return values;
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    detail::OpAccess::run(matrix_, mode, alpha, x, beta, y, workspace);
  }

  Index frequencies_ = 0;
  Dense<Scalar> matrix_;
};

}  // namespace strum::inline STRUM_ABI

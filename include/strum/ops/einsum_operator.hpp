// EinsumOperator: every linear map that two einsums over factored inputs and outputs make.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/shared_factor.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of an EinsumOperator: x is (γ, β, α), y is (φ, ε, δ), ρ is the rank between them.
struct EinsumShape {
  Index alpha, beta, gamma, delta, epsilon, phi, rho;

  [[nodiscard]] Index rows() const { return detail::checked_product(phi, epsilon, delta, kWhere); }
  [[nodiscard]] Index cols() const { return detail::checked_product(gamma, beta, alpha, kWhere); }
  /// Of z (g, b, r, f, d), the vector between the two factors.
  [[nodiscard]] Index hidden() const {
    return detail::checked_product(detail::checked_product(gamma, beta, rho, kWhere), phi, delta,
                                   kWhere);
  }

  /// Of one b: KS(γ, ρ·φ·δ, α, 1), rows (r, f, d), from x[g, b, :] to z[g, b, :].
  [[nodiscard]] kernels::FactorShape first() const {
    (void)hidden();
    const Index rows_of_block = detail::checked_product(rho, phi, delta, kWhere);
    kernels::FactorShape f = detail::factor_shape(gamma, rows_of_block, alpha, 1);
    f.x_alpha = beta * alpha;
    f.y_alpha = beta * rows_of_block;
    f.cols = gamma > 0 ? (gamma - 1) * f.x_alpha + alpha : 0;
    f.rows = gamma > 0 ? (gamma - 1) * f.y_alpha + rows_of_block : 0;
    return f;
  }

  /// Of one d: KS(φ, ε, γ·β·ρ, 1), columns (g, b, r), in units of δ: every φ-th element of z.
  [[nodiscard]] kernels::FactorShape second() const {
    kernels::FactorShape f =
        detail::factor_shape(phi, epsilon, detail::checked_product(gamma, beta, rho, kWhere), 1);
    f.x_alpha = 1;
    f.x_gamma = phi;
    return f;
  }

  friend bool operator==(const EinsumShape&, const EinsumShape&) = default;

 private:
  static constexpr const char* kWhere = "EinsumOperator";
};

/// Two einsums (Potapczynski et al. 2024), for x of shape (γ, β, α) and y of (φ, ε, δ), row-major:
///
///     z[f, d, r, g, b] = Σ_a A[f, d, r, g, a] · x[g, b, a]
///     y[f, e, d]       = Σ_{r, g, b} B[f, e, r, g, b] · z[f, d, r, g, b]
///
/// Low rank, Kronecker, tensor train, Monarch and BTT are those with some sizes 1 (β = δ = 1:
/// TwoCoreBlockTensorTrain). Parameters: `A (φ, δ, ρ, γ, α)`, `B (φ, ε, ρ, γ, β)`. All b share A
/// and all d share B, as views of the same packed weights, so the operator holds and counts
/// φ·ρ·γ·(δ·α + ε·β) of them, and makes β and δ times as many multiply-adds with them:
/// φ·ρ·γ·β·δ·(α + ε) per sample.
template <class ScalarType, class WeightType = ScalarType>
class EinsumOperator : public LinearOpBase<EinsumOperator<ScalarType, WeightType>, ScalarType> {
 public:
  using Scalar = ScalarType;
  using Weight = detail::CheckedWeight<WeightType, ScalarType>;
  template <class Other>
  using WithWeights = EinsumOperator<Scalar, Other>;

  EinsumOperator() = default;

  /// From A (φ, δ, ρ, γ, α) and B (φ, ε, ρ, γ, β), both of Weight or of Scalar. Throws ShapeError
  /// unless they agree.
  template <WeightOf<ScalarType> Source = Weight>
  EinsumOperator(const Tensor<Source>& a, const Tensor<Source>& b)
      : shape_(shape_of(a.shape(), b.shape())) {
    const EinsumShape& s = shape_;
    first_ = {first_tensor(s), a.data(), s.beta, {1, s.alpha}, {1, s.first().b}};
    second_ = {second_tensor(s), b.data(), s.delta, {s.delta, 1}, {s.delta, 1}};
  }

  [[nodiscard]] const EinsumShape& shape() const { return shape_; }
  [[nodiscard]] Index rows() const { return first_.empty() ? 0 : shape_.rows(); }
  [[nodiscard]] Index cols() const { return first_.empty() ? 0 : shape_.cols(); }

  /// Elements of A and B.
  [[nodiscard]] Index parameter_count() const {
    return first_.empty() ? 0 : element_count(first_) + element_count(second_);
  }
  [[nodiscard]] Index flops() const {
    return kMultiplyAddFlops<Scalar> * (first_.multiply_adds() + second_.multiply_adds());
  }
  [[nodiscard]] std::size_t bytes() const { return first_.bytes() + second_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (first_.empty() || batch <= 0) return 0;
    const Index samples = std::min(batch, kTile);
    return Workspace::rounded(static_cast<std::size_t>(hidden_row() * samples) * sizeof(Scalar)) +
           std::max(first_.workspace_bytes(samples), second_.workspace_bytes(samples));
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const {
    first_.prepare_transpose();
    second_.prepare_transpose();
  }

  [[nodiscard]] static constexpr std::string_view name() { return "EinsumOperator"; }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    if (first_.empty()) return {};
    return {{"A", first_.tensor().tensor_shape}, {"B", second_.tensor().tensor_shape}};
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Weight> get(const std::string& parameter) const {
    return is_first(parameter) ? first_.get() : second_.get();
  }
  /// Replaces a parameter. Throws ValueError for an unknown name and ShapeError for another shape.
  template <WeightOf<ScalarType> Source = Weight>
  void set(const std::string& parameter, const Tensor<Source>& values) {
    auto& factor = is_first(parameter) ? first_ : second_;
    detail::check_shape(values, factor.tensor().tensor_shape, name(), parameter);
    factor.set(values.data());
  }

  [[nodiscard]] Description describe() const {
    const EinsumShape& s = shape_;
    return {std::string(name()),
            {{"input", {s.gamma, s.beta, s.alpha}},
             {"output", {s.phi, s.epsilon, s.delta}},
             {"rank", {s.rho}}},
            std::string(detail::kWeightName<Scalar, Weight>)};
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static EinsumOperator restore(const Description&,
                                              const Parameters<Source>& parameters) {
    return EinsumOperator(detail::find_parameter(parameters, "A", name()),
                          detail::find_parameter(parameters, "B", name()));
  }

 private:
  friend detail::OpAccess;
  using Factor = detail::SharedFactor<Scalar, Weight>;

  /// Samples that go through both factors together, as in the fused chain.
  static constexpr Index kTile = 64;

  static EinsumShape shape_of(const Shape& a, const Shape& b) {
    if (a.size() != 5 || b.size() != 5 || a[0] != b[0] || a[2] != b[2] || a[3] != b[3])
      detail::fail<ShapeError>("EinsumOperator: A has shape ", a, ", B ", b,
                               "; they need (phi, delta, rho, gamma, alpha) and (phi, epsilon, "
                               "rho, gamma, beta)");
    return {.alpha = a[4],
            .beta = b[4],
            .gamma = a[3],
            .delta = a[1],
            .epsilon = b[1],
            .phi = a[0],
            .rho = a[2]};
  }

  /// w[g][(r, f, d)][a] = A[f, d, r, g, a].
  static detail::FactorTensor first_tensor(const EinsumShape& s) {
    const Shape shape = {s.phi, s.delta, s.rho, s.gamma, s.alpha};
    return detail::reordered_tensor("A", shape, s.first(), detail::axes_of(shape, {3, 2, 0, 1, 4}));
  }

  /// w[f][e][(g, b, r)] = B[f, e, r, g, b].
  static detail::FactorTensor second_tensor(const EinsumShape& s) {
    const Shape shape = {s.phi, s.epsilon, s.rho, s.gamma, s.beta};
    return detail::reordered_tensor("B", shape, s.second(),
                                    detail::axes_of(shape, {0, 1, 3, 4, 2}));
  }

  static Index element_count(const Factor& factor) {
    return detail::element_count(factor.tensor().tensor_shape, name());
  }

  static bool is_first(const std::string& parameter) {
    if (parameter != "A" && parameter != "B") detail::refuse_parameter(name(), parameter);
    return parameter == "A";
  }

  /// Leading dimension of z: an odd number of cache lines, so that samples do not collide in L1.
  [[nodiscard]] Index hidden_row() const {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return (detail::ceil_div(shape_.hidden(), kLine) | 1) * kLine;
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    Scalar* const z = frame.take<Scalar>(hidden_row() * std::min(x.cols(), kTile));
    const Factor& before = transposes(mode) ? second_ : first_;
    const Factor& behind = transposes(mode) ? first_ : second_;
    const bool samples_contiguous =
        x.col_stride() == 1 && y.col_stride() == 1 && (x.row_stride() != 1 || y.row_stride() != 1);
    for (Index first = 0; first < x.cols(); first += kTile) {
      const Index samples = std::min(x.cols() - first, kTile);
      const MatrixView<Scalar> hidden =
          samples_contiguous ? MatrixView<Scalar>(z, shape_.hidden(), samples, samples, 1)
                             : MatrixView<Scalar>(z, shape_.hidden(), samples, 1, hidden_row());
      before.apply(mode, Scalar(1), x.block(0, first, x.rows(), samples), Scalar(0), hidden,
                   workspace);
      behind.apply(mode, alpha, hidden, beta, y.block(0, first, y.rows(), samples), workspace);
    }
  }

  EinsumShape shape_{};
  Factor first_, second_;
};

}  // namespace strum::inline STRUM_ABI

// SpectralSparse (FourierFT): matrices with few coefficients in the 2-D Fourier transform.
#pragma once

#include <algorithm>
#include <complex>
#include <numeric>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/transforms/real_fft.hpp"
#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/transform_op.hpp"

namespace strum::inline STRUM_ABI {

/// W = scale·Re ifft2(S), S m x n with S[p_k, q_k] = v_k and zeros elsewhere:
///
///     W[i, j] = scale/(m·n)·Re Σ_k v_k·e^{2πi(p_k·i/m + q_k·j/n)},
///
/// the update of a FourierFT adapter (Gao et al. 2024). Of complex scalars W is scale·ifft2(S), not
/// its real part. (Scales that are no integers: 0.5 * op.)
///
/// W is never formed: y is one transform of length n, K products that carry bin q_k to bin p_k, and
/// one transform of length m, O(n·log n + K + m·log m) whatever K is. Parameter: `values (K)` = v;
/// the entries belong to the description. |error| <= O(log m·n)·eps·scale/(m·n)·‖v‖₁·√max(m, n)·
/// ‖x‖₂.
template <class ScalarType>
class SpectralSparse : public detail::SignalOp<SpectralSparse<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<SpectralSparse, ScalarType>;
  using R = Real<ScalarType>;
  using Complex = std::complex<R>;
  using Transform = std::conditional_t<kIsComplex<ScalarType>, Fft<R>, RealFft<R>>;

 public:
  using Scalar = ScalarType;

  SpectralSparse() = default;

  /// m x n from the places of v_k in S: p_k and q_k. Throws ShapeError unless there are as many
  /// rows, columns and values, at least one, ValueError for a place outside or named twice.
  SpectralSparse(Index m, Index n, const std::vector<Index>& entry_rows,
                 const std::vector<Index>& entry_cols, const Tensor<Scalar>& values,
                 Index scale = 1)
      : sizes_{m, n}, scale_(scale), entries_{entry_rows, entry_cols} {
    detail::check_vector(values, name(), "values");
    (void)detail::checked_product(m, n, name());
    if (static_cast<Index>(entry_rows.size()) != values.size() ||
        entry_rows.size() != entry_cols.size())
      detail::fail<ShapeError>(name(), ": ", values.size(), " values at ", entry_rows.size(),
                               " rows and ", entry_cols.size(), " columns");
    check_entries();
    transforms_[0] = Transform(m);
    transforms_[1] = Transform(n);
    this->assign({{"values", values}});
  }

  [[nodiscard]] Index rows() const { return sizes_[0]; }
  [[nodiscard]] Index cols() const { return sizes_[1]; }
  [[nodiscard]] Index scale() const { return scale_; }
  /// p_k, and q_k.
  [[nodiscard]] const std::vector<Index>& entry_rows() const { return entries_[0]; }
  [[nodiscard]] const std::vector<Index>& entry_cols() const { return entries_[1]; }

  [[nodiscard]] Index flops() const {
    if (this->empty()) return 0;
    const Index transforms = detail::fft_flops(rows()) + detail::fft_flops(cols());
    return (kIsComplex<Scalar> ? transforms : transforms / 2) +
           (kIsComplex<Scalar> ? 8 : 4) * this->parameter_count();
  }
  [[nodiscard]] std::size_t bytes() const {
    return 2 * this->stored_bytes() + 2 * entries_[0].size() * sizeof(Index);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    const Index m = rows(), n = cols();
    return this->dense_of([&](Index i, Index j) {
      std::complex<double> sum = 0;
      for (std::size_t k = 0; k < coefficients_.size(); ++k) {
        const auto v = std::complex<double>(this->stored()[static_cast<Index>(k)]);
        sum += v * turn(entries_[0][k] * i, m) * turn(entries_[1][k] * j, n);
      }
      sum *= factor();
      if constexpr (kIsComplex<Scalar>)
        return static_cast<Scalar>(sum);
      else
        return static_cast<Scalar>(sum.real());
    });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "SpectralSparse"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"shape", {rows(), cols()}},
             {"entry_rows", entries_[0]},
             {"entry_cols", entries_[1]},
             {"scale", {scale()}}}};
  }
  [[nodiscard]] static SpectralSparse restore(const Description& description,
                                              const Parameters<Scalar>& parameters) {
    const Tensor<Scalar>& values = detail::find_parameter(parameters, "values", name());
    const std::vector<Index>& shape = description.list("shape", 2);
    const auto count = static_cast<std::size_t>(values.size());
    return SpectralSparse(shape[0], shape[1], description.list("entry_rows", count),
                          description.list("entry_cols", count), values,
                          description.value("scale"));
  }

 private:
  friend Base;

  /// e^{2πi·a/n}.
  [[nodiscard]] static std::complex<double> turn(Index a, Index n) {
    return {detail::cos_pi(2 * (a % n), n), detail::sin_pi(2 * (a % n), n)};
  }
  [[nodiscard]] double factor() const {
    return static_cast<double>(scale()) /
           (static_cast<double>(rows()) * static_cast<double>(cols()));
  }

  void check_entries() const {
    const Index m = rows(), n = cols();
    std::vector<Index> places;
    for (std::size_t k = 0; k < entries_[0].size(); ++k) {
      const Index p = entries_[0][k], q = entries_[1][k];
      if (p < 0 || p >= m || q < 0 || q >= n)
        detail::fail<ValueError>(name(), ": entry (", p, ", ", q, ") of ", m, " x ", n);
      places.push_back(p * n + q);
    }
    std::sort(places.begin(), places.end());
    if (const auto twice = std::adjacent_find(places.begin(), places.end()); twice != places.end())
      detail::fail<ValueError>(name(), ": entry (", *twice / n, ", ", *twice % n,
                               ") is there twice");
  }

  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& v = parameters[0].values;
    coefficients_.resize(static_cast<std::size_t>(v.size()));
    for (Index k = 0; k < v.size(); ++k)
      coefficients_[static_cast<std::size_t>(k)] =
          static_cast<Scalar>(static_cast<Wide>(v[k]) * factor());
  }
  using Wide = std::conditional_t<kIsComplex<Scalar>, std::complex<double>, double>;

  [[nodiscard]] Index size(std::size_t side) const { return sizes_[side]; }
  /// Numbers of a spectrum of side 0 (rows) or 1 (columns): of real signals those that matter.
  [[nodiscard]] Index bins(std::size_t side) const {
    return kIsComplex<Scalar> ? size(side) : size(side) / 2 + 1;
  }
  void to_spectrum(std::size_t side, const Scalar* x, Complex* f, Workspace& workspace) const {
    const MatrixView<const Scalar> in(x, size(side), 1);
    const MatrixView<Complex> out(f, bins(side), 1);
    if constexpr (kIsComplex<Scalar>)  // e^{+...}: an inverse that is not scaled
      transforms_[side].inverse(in, out, Norm::forward, workspace);
    else
      transforms_[side].forward(in, out, Norm::backward, workspace);
  }
  /// Σ_j x_j·e^{2πiqj/n} from what to_spectrum() leaves.
  [[nodiscard]] Complex bin(std::size_t side, const Complex* f, Index q) const {
    if constexpr (kIsComplex<Scalar>) return f[q];
    return 2 * q <= size(side) ? std::conj(f[q]) : f[size(side) - q];
  }
  /// Adds c·e^{2πipi/m}, or its real part, to the signal whose spectrum z is: of real signals both
  /// p and m − p count, but where they are the same.
  void add(std::size_t side, Complex* z, Index p, Complex c) const {
    if constexpr (kIsComplex<Scalar>) {
      z[p] += c;
    } else {
      const Index m = size(side);
      const bool alone = p == 0 || 2 * p == m;
      if (2 * p > m)
        z[m - p] += R(0.5) * std::conj(c);
      else
        z[p] += alone ? c : R(0.5) * c;
    }
  }

  /// Bins of the one side carried to those of the other; conj(W)·x = conj(W·conj(x)).
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const std::size_t to = transposes(mode) ? 1 : 0, from = 1 - to;
    const bool conjugate = kIsComplex<Scalar> && conjugates(mode);
    Workspace::Frame frame(workspace);
    Complex* const f = frame.take<Complex>(bins(from));
    Complex* const z = frame.take<Complex>(bins(to));
    if (conjugate) {
      for (Index j = 0; j < bins(from); ++j) f[j] = std::conj(Complex(x[j]));
      x = reinterpret_cast<const Scalar*>(f);
    }
    to_spectrum(from, x, f, workspace);
    std::fill_n(z, bins(to), Complex());
    for (std::size_t k = 0; k < coefficients_.size(); ++k)
      add(to, z, entries_[to][k], product(coefficients_[k], bin(from, f, entries_[from][k])));
    transforms_[to].inverse(MatrixView<const Complex>(z, bins(to), 1),
                            MatrixView<Scalar>(y, size(to), 1), Norm::forward, workspace);
    for (Index i = 0; conjugate && i < size(to); ++i) y[i] = Eigen::numext::conj(y[i]);
  }
  [[nodiscard]] static Complex product(const Scalar& a, const Complex& b) {
    if constexpr (kIsComplex<Scalar>)
      return detail::multiply(a, b);
    else
      return a * b;
  }
  [[nodiscard]] std::size_t run_bytes() const {
    const auto numbers = [](Index count) {
      return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(Complex));
    };
    return numbers(bins(0)) + numbers(bins(1)) +
           std::max(transforms_[0].workspace_bytes(1), transforms_[1].workspace_bytes(1));
  }

  /// dv_k = conj of scale/(m·n)·Σ_ij e^{2πi(...)}·conj(dy_i)·x_j: the bins of conj(dy) and x.
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    std::vector<Complex> f(static_cast<std::size_t>(bins(1))), g(static_cast<std::size_t>(bins(0)));
    std::vector<Scalar> conjugated(static_cast<std::size_t>(rows()));
    const R factor = static_cast<R>(this->factor());
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      for (std::size_t i = 0; i < conjugated.size(); ++i)
        conjugated[i] = Eigen::numext::conj(out[i]);
      to_spectrum(1, in, f.data(), workspace);
      to_spectrum(0, conjugated.data(), g.data(), workspace);
      for (std::size_t k = 0; k < coefficients_.size(); ++k) {
        const Complex sum = factor * std::conj(detail::multiply(bin(0, g.data(), entries_[0][k]),
                                                                bin(1, f.data(), entries_[1][k])));
        if constexpr (kIsComplex<Scalar>)
          grads[0][k] += sum;
        else
          grads[0][k] += sum.real();
      }
    });
  }

  detail::OwnedSize sizes_[2], scale_;
  std::vector<Index> entries_[2];
  Transform transforms_[2];
  std::vector<Scalar> coefficients_;  // v·scale/(m·n), rounded once
};

}  // namespace strum::inline STRUM_ABI

#include "limits.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>

#include <unistd.h>

#include "isa.hpp"
#include "strum/core/buffer.hpp"
#include "timing.hpp"

namespace bench {
namespace {

/// Operations per second in the best of many short runs: an interruption spoils one run, not the
/// result, and the first ones see a clock that has not yet risen.
template <class S>
double measure_peak(int runs) {
  constexpr Index kIterations = 50'000;  // 0.1 ms
  const IsaKernels<S>& kernels = active_kernels<S>();
  S operands[kChains + 2];
  for (int i = 0; i < kChains; ++i) operands[i] = S(i + 1);
  operands[kChains] = operands[kChains + 1] = S(0.5);  // every chain tends to 1
  const auto run = [&] {
    volatile S result = kernels.multiply_adds(kIterations, operands);
    (void)result;
  };
  return static_cast<double>(kIterations * kernels.flops_per_iteration) /
         fewest_seconds(wall_seconds, run, runs, 0);
}

/// Capacity of a data cache of the first core, or 0. The files come first: under a hypervisor
/// sysconf has been seen to give the L3 of all cores of the host.
Index cache_bytes(int level, int sysconf_name) {
  for (int index = 0; index < 8; ++index) {
    std::string folder = "/sys/devices/system/cpu/cpu0/cache/index";
    folder.append(std::to_string(index)).append("/");
    int found = 0;
    std::string type, size;
    if (!(std::ifstream(folder + "level") >> found && std::ifstream(folder + "type") >> type &&
          std::ifstream(folder + "size") >> size))
      break;
    if (found == level && type != "Instruction")
      return std::stoll(size) * (size.back() == 'M' ? 1 << 20 : size.back() == 'K' ? 1 << 10 : 1);
  }
  return sysconf_name < 0 ? 0 : std::max<Index>(0, sysconf(sysconf_name));
}

std::vector<Level> find_levels() {
  std::vector<Level> found;
#if defined(_SC_LEVEL1_DCACHE_SIZE)
  constexpr int kNames[] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE};
#else
  constexpr int kNames[] = {-1, -1, -1};
#endif
  for (int level = 1; level <= 3; ++level)
    if (const Index bytes = cache_bytes(level, kNames[level - 1]); bytes > 0)
      found.push_back({std::string("L").append(std::to_string(level)), bytes, 0, 0});
  found.push_back({"DRAM", 0, 0, 0});
  return found;
}

/// Bytes per second of reading and copying, by size.
class Bandwidth {
 public:
  enum class Kind { read, copy };

  Bandwidth() : memory_(kBytes / Index{sizeof(float)}) {
    std::fill_n(memory_.data(), memory_.size(), 1.0f);
    for (Level& level : levels_) {
      // Half of a cache, a quarter of the shared one, whose rest belongs to others.
      const Index bytes =
          level.bytes == 0 ? kBytes / 2 : level.bytes / (level.name == "L3" ? 4 : 2);
      level.read = measure(Kind::read, bytes, 30);
      level.copy = measure(Kind::copy, bytes, 30);
    }
  }

  [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }

  [[nodiscard]] const Level& level_of(Index bytes) const {
    return *std::find_if(levels_.begin(), levels_.end(),
                         [&](const Level& l) { return l.bytes == 0 || bytes * 4 <= l.bytes * 3; });
  }

  /// At `bytes`, or of the level that easily holds that much, whichever is higher: how much of a
  /// cache that is filled to the brim is there depends on which pages were got.
  double rate(Kind kind, Index bytes) {
    double& best = best_[{kind, bytes}];
    best = std::max(best, measure(kind, bytes, 5));
    const Level& level = level_of(bytes);
    return std::max(best, kind == Kind::read ? level.read : level.copy);
  }

 private:
  static constexpr Index kBytes = Index{256} << 20;

  double measure(Kind kind, Index bytes, int runs) {
    const Index granularity = kReadGranularity * (kind == Kind::read ? 1 : 2);
    const Index wanted = bytes / Index{sizeof(float)} / granularity * granularity;
    const Index count =
        std::clamp(wanted, granularity, memory_.size() / 2 / granularity * granularity);
    double fewest = 1e9;
    for (int run = 0; run < runs; ++run) {
      place_ = (place_ + kPage * 37) % (memory_.size() - count);
      float* const p = memory_.data() + place_;
      fewest = std::min(fewest, fewest_seconds(
                                    wall_seconds, [&] { pass(kind, p, count); }, 2, 1e-4));
    }
    return static_cast<double>(count * Index{sizeof(float)}) / fewest;
  }

  static void pass(Kind kind, float* p, Index count) {
    if (kind == Kind::read) {
      volatile float sum = active_table().read(p, count);
      (void)sum;
    } else {
      active_table().copy(p, p + count / 2, count / 2);
    }
  }

  static constexpr Index kPage = 4096 / Index{sizeof(float)};

  strum::Buffer<float> memory_;
  Index place_ = 0;
  std::vector<Level> levels_ = find_levels();
  std::map<std::pair<Kind, Index>, double> best_;
};

Bandwidth& bandwidth() {
  static Bandwidth measured;
  return measured;
}

}  // namespace

template <class S>
double peak() {
  static double best = measure_peak<S>(400);
  return best = std::max(best, measure_peak<S>(10));
}
template double peak<float>();
template double peak<double>();

const std::vector<Level>& levels() { return bandwidth().levels(); }

const Level& level_of(Index bytes) { return bandwidth().level_of(bytes); }

double read_seconds(Index bytes) {
  return static_cast<double>(bytes) / bandwidth().rate(Bandwidth::Kind::read, bytes);
}

double copy_seconds(Index bytes) {
  return static_cast<double>(bytes) / bandwidth().rate(Bandwidth::Kind::copy, bytes);
}

template <class S>
double least_seconds(double flops, Index weight_bytes, Index vector_bytes) {
  return std::max({flops / peak<S>(), read_seconds(weight_bytes), copy_seconds(vector_bytes)});
}
template double least_seconds<float>(double, Index, Index);
template double least_seconds<double>(double, Index, Index);

}  // namespace bench

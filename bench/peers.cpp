#include "peers.hpp"

#include <algorithm>

#include "strum/core/error.hpp"

namespace bench {

const std::vector<Peer>& peers() {
  static const std::vector<Peer> found = {
    peer_eigen,
#if defined(STRUM_BENCH_OPENBLAS)
    peer_openblas,
#endif
#if defined(STRUM_BENCH_ONEDNN)
    peer_onednn,
#endif
#if defined(STRUM_BENCH_LIBXSMM)
    peer_libxsmm,
    peer_libxsmm_tiled,
#endif
  };
  return found;
}

const Peer& find_peer(std::string_view name) {
  const auto peer =
      std::find_if(peers().begin(), peers().end(), [&](const Peer& p) { return p.name == name; });
  if (peer == peers().end())
    strum::detail::fail<strum::ValueError>("strum_bench: no library '", name, "'");
  return *peer;
}

}  // namespace bench

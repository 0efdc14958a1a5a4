#!/bin/sh
# From a bare machine to a result in one command:
#
#     sh cmake/bootstrap.sh demo     build the library and run the example on built-in matrices
#     sh cmake/bootstrap.sh test     build and run the tests
#     sh cmake/bootstrap.sh bench    build and run the benchmarks, and write build/release/bench/report.md
#
# Further arguments go to the program that is run (compress, ctest, strum_bench; without any, the
# last measures the grid of the report, in 5 to 10 minutes). Missing packages
# are installed on Debian 12, Ubuntu 24.04 and newer, where this is root or sudo works; elsewhere
# CMake downloads the missing headers if there is a network, and otherwise the packages are named.
set -eu

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
}

missing=  # the command that would install what could not be installed

say() { printf '%s\n' "$*"; }
die() {
  printf 'bootstrap: %s\n' "$*" >&2
  [ -z "$missing" ] || printf 'bootstrap: to be had by: %s\n' "$missing" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
now() { date +%s; }

# stage HEADING COMMAND...: runs the command under a heading and says how long it took.
stage() {
  heading=$1; shift
  printf '\n== %s\n' "$heading"
  stage_begin=$(now)
  status=0
  "$@" || status=$?
  say "-- $heading: $(($(now) - stage_begin)) s"
  [ "$status" -eq 0 ] || die "\"$heading\" failed: $*"
}

cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

has_compiler() { [ -n "${CXX:-}" ] || have c++ || have g++ || have clang++; }

# Is there a CMake, and is it 3.25 or newer?
has_cmake() {
  have cmake || return 1
  cmake --version | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || (v[1] == 3 && v[2] >= 25)) }'
}

debian_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# The Debian packages that are not there. A compiler, CMake or Ninja from elsewhere will do.
missing_debian_packages() {
  has_compiler || printf 'g++ '
  has_cmake || printf 'cmake '
  have ninja || printf 'ninja-build '
  for package in libeigen3-dev libxsimd-dev nlohmann-json3-dev libcli11-dev $extra_debian; do
    debian_installed "$package" || printf '%s ' "$package"
  done
}

# Runs a command as root, or fails if there is no way to.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@"
  else
    return 1
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

install_debian() {
  packages=$(missing_debian_packages)
  if [ -z "$packages" ]; then
    say "everything is there"
    return 0
  fi
  say "installing: $packages"
  # shellcheck disable=SC2086  # a list of words
  if ! { apt_get update && apt_get install -y --no-install-recommends $packages; }; then
    say "could not install them; trying without"
    missing="apt-get install $packages(as root)"
  fi
}

# The libraries that strum_bench compares strum with. It leaves out what cannot be had.
install_peers() {
  have apt-get && have dpkg-query || return 0
  updated=
  for package in libxsmm-dev libopenblas-dev libdnnl-dev libfftw3-dev; do
    debian_installed "$package" && continue
    [ -n "$updated" ] || apt_get update || say "package lists are old"
    updated=1
    apt_get install -y --no-install-recommends "$package" || say "without $package"
  done
}

install_brew() {
  packages=
  has_cmake || packages="$packages cmake"
  have ninja || packages="$packages ninja"
  for formula in eigen xsimd nlohmann-json cli11 $extra_brew; do
    { have brew && brew list --formula "$formula" >/dev/null 2>&1; } ||
      packages="$packages $formula"
  done
  if [ -z "$packages" ]; then
    say "everything is there"
  else
    missing="brew install$packages"
    say "not found; to be had by: $missing"
  fi
}

install_packages() {
  if have apt-get && have dpkg-query; then
    install_debian
  elif [ "$(uname -s)" = Darwin ]; then
    install_brew
  else
    say "neither apt-get nor macOS: using what is there"
  fi
}

check_tools() {
  has_compiler || die "no C++ compiler (Debian, Ubuntu: g++; macOS: xcode-select --install)"
  have ninja || die "no Ninja (Debian, Ubuntu: ninja-build; macOS: brew install ninja)"
  has_cmake || die "CMake 3.25 or newer is needed, found: $(
    if have cmake; then cmake --version | head -n 1; else echo none; fi
  ) (Debian 12, Ubuntu 24.04 or newer: cmake; macOS: brew install cmake; anywhere: pip install cmake)"
}

what=${1:-}
[ $# -eq 0 ] || shift
case $what in
  demo) preset="demo";    extra_debian=;                 extra_brew= ;;
  test) preset="test";    extra_debian="libgtest-dev libspectra-dev"
        extra_brew="googletest spectra" ;;
  bench) preset="release"; extra_debian="libgtest-dev libbenchmark-dev"
         extra_brew="googletest google-benchmark" ;;
  -h | --help | help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
begin=$(now)

stage "packages" install_packages
[ "$what" != bench ] || stage "peers" install_peers
check_tools
stage "configure" cmake --preset "$preset"

case $what in
  demo)
    stage "build" cmake --build --preset demo -j "$(cores)"
    stage "demo" build/demo/examples/compress "$@"
    ;;
  test)
    stage "build" cmake --build --preset test -j "$(cores)"
    stage "test" ctest --preset test -j "$(cores)" "$@"
    ;;
  bench)
    stage "build" cmake --build --preset release -j "$(cores)" \
      --target strum_bench strum_bench_report
    results=build/release/bench
    [ $# -gt 0 ] || set -- --grid
    stage "bench" $results/strum_bench --passes=3 --benchmark_min_time=0.06 "$@" \
      --benchmark_out=$results/run.json
    stage "report" $results/strum_bench_report $results/run.json
    ;;
esac
printf '\n== done in %s s\n' $(($(now) - begin))

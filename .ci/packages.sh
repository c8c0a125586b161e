# SPDX-License-Identifier: BSL-1.0
# shellcheck shell=bash disable=SC2034
# Sourced by examples/run, tests/run and .ci/run: the Debian packages that each needs, and how to get them.

build_packages=(g++ cmake ninja-build pkg-config
    libboost1.81-dev libboost-url1.81-dev libpugixml-dev)

test_packages=(libgtest-dev libgmock-dev python3)

# Network namespaces with a packet counter, the control points of others, and another HTTP server to compare with. The
# largest is the browser: Chromium takes 360 MB.
segment_packages=(iproute2 nftables
    gupnp-tools python3-gi gir1.2-gupnp-1.6 libupnp-dev nmap
    miniupnpc libminiupnpc-dev minissdpd minidlna vlc-bin vlc-plugin-base
    chromium curl nginx patch)

fuzz_packages=(clang libclang-rt-14-dev)

lint_packages=(cppcheck)

# Peers and tools of tests/bench.
bench_packages=(iproute2 valgrind libupnp-dev libgupnp-1.6-dev libbenchmark-dev)

ci_packages=("${fuzz_packages[@]}" clang-format git)

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Debian starts a server when it is installed and at every boot; the tests start their own, and want no other.
servers=(minissdpd minidlna nginx)
policy=/usr/sbin/policy-rc.d

install_packages() (
    if [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101 # start nothing\n' >$policy
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
    for package in "$@"; do
        [[ " ${servers[*]} " != *" $package "* ]] || update-rc.d "$package" disable
    done
)

# need_packages NAME...: installs what is missing as root; anybody else is told what to type.
need_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null; then
        echo "Not a Debian system, so nothing is installed here. Needed are, by their Debian names: $*"
        return
    fi
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "Packages are missing, and only root can install them. Please run" >&2
        echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        echo "and start this again. (Debian then starts servers among them: ${servers[*]}. Run by root, this does not.)" >&2
        exit 2
    fi
    echo "--- installing ${missing[*]}"
    install_packages "${missing[@]}"
}

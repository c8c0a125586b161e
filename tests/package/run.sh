#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# One step of the package tests: run.sh STEP SOURCE WORK ARGUMENT...
# Each step builds as a stranger would: in a folder of its own, with default flags, knowing only what is installed.
set -euo pipefail

step=$1
source=$(realpath "$2")
work=$3
shift 3
here=$source/tests/package

version=$(sed -n 's/^#define ONLINK_VERSION_STRING "\(.*\)"/\1/p' "$source/include/onlink/version.hpp")

fail() {
    echo "FAILED: $*"
    exit 1
}

# cmake_build SOURCE BUILD [OPTION...]
cmake_build() {
    local from=$1 build=$2
    shift 2
    cmake -S "$from" -B "$build" -G Ninja "$@"
    cmake --build "$build"
}

expect_stranger_to_run() {
    local printed
    printed=$("$1") || fail "$1 exits with $?"
    echo "$printed"
    [[ $printed == "onlink $version: a sound light"* ]] || fail "the stranger's program does not know version $version"
}

# The static library, as the surrounding build has made it.
install_static() {
    local build=$1
    rm -rf "$work/static"
    cmake --install "$build" --prefix "$work/static"
}

# Hardened if the surrounding build is.
install_shared() {
    local harden=$1
    rm -rf "$work/shared"
    cmake_build "$source" "$work/build-shared" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
        -DONLINK_HARDEN="$harden" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DONLINK_TESTS=OFF -DONLINK_EXAMPLES=OFF
    cmake --install "$work/build-shared" --prefix "$work/shared" --strip
}

# As firmware has it: nothing of the libraries that we use is left to find at run time. Unoptimised, because only that
# it builds and links matters here.
install_bundled() {
    rm -rf "$work/bundled"
    cmake_build "$source" "$work/build-bundled" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
        -DONLINK_BUNDLE=ON -DONLINK_TERSE=ON -DONLINK_TESTS=OFF -DONLINK_EXAMPLES=OFF
    cmake --install "$work/build-bundled" --prefix "$work/bundled"
}

# expect_nothing_left_to_find KIND PROGRAM
expect_nothing_left_to_find() {
    [ "$1" = bundled ] || return 0
    local needed
    needed=$(objdump --private-headers "$2" | sed -n 's/^ *NEEDED *//p')
    ! grep -E 'boost|pugixml' <<<"$needed" || fail "a bundled program needs these"
}

find_package() {
    local kind=$1 build=$work/find_package-$1
    rm -rf "$build"
    cmake_build "$here/find_package" "$build" -DCMAKE_PREFIX_PATH="$work/$kind" -DONLINK_EXPECTED_VERSION="$version"
    expect_stranger_to_run "$build/stranger"
    expect_nothing_left_to_find "$kind" "$build/stranger"
}

pkg_config() {
    local kind=$1 prefix=$work/$1 static=()
    PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name onlink.pc)")
    export PKG_CONFIG_PATH
    if [ "$kind" != shared ]; then
        static=(--static)
    fi
    [ "$(pkg-config --modversion onlink)" = "$version" ] || fail "onlink.pc does not know version $version"
    local flags
    flags=$(pkg-config "${static[@]}" --cflags --libs onlink)
    echo "pkg-config says: $flags"
    # Unquoted on purpose: the flags are words for the compiler.
    # shellcheck disable=SC2086
    "${CXX:-g++}" -std=c++20 -o "$work/pkg_config-$kind" "$here/stranger/main.cpp" $flags
    LD_LIBRARY_PATH=$(dirname "$(find "$prefix" -name 'libonlink.*' -print -quit)")
    export LD_LIBRARY_PATH
    expect_stranger_to_run "$work/pkg_config-$kind"
    expect_nothing_left_to_find "$kind" "$work/pkg_config-$kind"
}

# The bill of materials names what is linked, in the versions that are there.
sbom() {
    PKG_CONFIG_PATH=$(dirname "$(find "$work/static" -name onlink.pc)")
    export PKG_CONFIG_PATH
    python3 -B "$here/sbom.py" "$(find "$work/static" -name onlink.spdx.json)" "$version"
}

add_subdirectory() {
    local build=$work/add_subdirectory targets
    rm -rf "$work/embedded"
    # Unoptimised, because only the fact that it builds matters here.
    cmake_build "$here/add_subdirectory" "$build" -DONLINK_SOURCE="$source" -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_CXX_FLAGS_DEBUG=-O0
    expect_stranger_to_run "$build/stranger"

    targets=$(cmake --build "$build" --target help)
    if grep -E '(binary_light|onlink_testable|gtest)' <<<"$targets"; then
        fail "our tests or examples are part of the stranger's build"
    fi
    ctest --test-dir "$build" -N | grep -q 'Total Tests: 0' || fail "our tests are among the stranger's"
    cmake --install "$build" --prefix "$work/embedded"
    [ ! -e "$work/embedded/include/onlink" ] || fail "the stranger installs our headers"
}

# Anything else exported is in the way of whoever links us, and part of our ABI by accident. Weak symbols of std and
# boost are templates that both sides instantiate; they are merged by design.
exported_symbols() {
    local library symbols foreign
    library=$(find "$work/shared" -name 'libonlink.so' -print -quit)
    [ -n "$library" ] || fail "no libonlink.so is installed"
    symbols=$(nm --dynamic --demangle --defined-only "$library" | cut -d' ' -f2-)
    grep -q '^T onlink::' <<<"$symbols" || fail "no function of onlink is exported"
    foreign=$(grep -vE '^[A-Za-z] ((typeinfo|typeinfo name|vtable|VTT|guard variable|construction vtable) for )?onlink::' \
        <<<"$symbols" |
        grep -vE '^[A-Za-z] ([^(]* )?onlink::' |
        grep -vE '^[VWu] .*\b(std|boost|__gnu_cxx)::' || true)
    if [ -n "$foreign" ]; then
        echo "$foreign"
        fail "the shared library exports what is not onlink's"
    fi
    echo "$(wc -l <<<"$symbols") symbols, all of onlink or shared templates of std and boost"
}

# What ONLINK_HARDEN asks for is in the shared library, and so is what the linker has to do of it.
hardened() {
    local library
    library=$(find "$work/shared" -name 'libonlink.so' -print -quit)
    [ -n "$library" ] || fail "no libonlink.so is installed"
    python3 -B "$source/tests/architecture/built_files.py" "$work/build-shared" "$library"
}

mkdir -p "$work"
"$step" "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# The targets for OSS-Fuzz and whatever takes what it takes (ClusterFuzzLite): build.sh of such a project is
#
#     exec "$SRC/onlink/tests/fuzz/oss_fuzz_build.sh"
#
# By its rules: CXX, CXXFLAGS and LIB_FUZZING_ENGINE say how, OUT gets the programs, each with its seeds and its
# dictionary, WORK is for what is in between. Boost and pugixml are those of the image, built with the standard
# library that CXXFLAGS name; what of them is shared goes with the programs.
#
# ONLINK_FUZZ_BUILT: a folder where they have been built already; tests/fuzz/try_package has it.
set -euo pipefail

: "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}" "${WORK:?}"
source=$(realpath "$(dirname "$0")/../..")
build=${ONLINK_FUZZ_BUILT:-$WORK/onlink}

if [ -z "${ONLINK_FUZZ_BUILT-}" ]; then
    # Their flags say which sanitizers; ours would come on top.
    cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DBUILD_SHARED_LIBS=OFF \
        -DONLINK_FUZZ=ON -DONLINK_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" \
        -DONLINK_TESTS=OFF -DONLINK_EXAMPLES=OFF -DONLINK_INSTALL=OFF \
        -DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath,'\$ORIGIN/lib'" -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON
    cmake --build "$build"
fi

mkdir -p "$OUT/lib" "$OUT/wire"
cp "$source"/tests/wire/* "$OUT/wire/"
for dictionary in "$source"/tests/fuzz/dictionaries/*.dict; do
    name=$(basename "$dictionary" .dict)
    program=$build/tests/fuzz/fuzz_$name
    cp "$program" "$OUT/"
    cp "$dictionary" "$OUT/fuzz_$name.dict"
    rm -f "$OUT/fuzz_${name}_seed_corpus.zip"
    (cd "$source/tests/fuzz/corpus/$name" &&
        python3 -m zipfile -c "$OUT/fuzz_${name}_seed_corpus.zip" ./*)
    ldd "$program" | sed -n 's/.* => \(.*lib\(boost\|pugixml\)[^ ]*\) .*/\1/p' | xargs -r cp -t "$OUT/lib"
done

// SPDX-License-Identifier: BSL-1.0
// Put in front of each source by ONLINK_TERSE: where a check of libstdc++ fails, the program ends as it does
// of any, but without a text. As in a libstdc++ that was configured without `verbose`: the texts name whole
// signatures.
#ifndef ONLINK_BASE_TERSE_ASSERTIONS_HPP
#define ONLINK_BASE_TERSE_ASSERTIONS_HPP

#include <cstddef>

#if defined(_GLIBCXX_ASSERTIONS) && defined(__glibcxx_assert)
#    undef __glibcxx_assert
#    define __glibcxx_assert(condition)                                                                      \
        do {                                                                                                 \
            if (__builtin_expect(!bool(condition), false))                                                   \
                __builtin_abort();                                                                           \
        } while (false)
#endif

#endif

// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SSE__
#include <immintrin.h>
#endif

namespace flurry {

/// While one lives, this thread's numbers too small for full precision are zero: what decays for long
/// would otherwise end in numbers a hundred times slower. Does nothing where the processor cannot.
class FlushDenormals {
 public:
#ifdef __SSE__
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040U); }  // FTZ and DAZ
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() = default;
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#ifdef __SSE__
  unsigned before_;
#endif
};

}  // namespace flurry

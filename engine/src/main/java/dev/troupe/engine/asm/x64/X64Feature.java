package dev.troupe.engine.asm.x64;

/**
 * CPU features that rows of {@link X64Op} may require. The order is part of recorded artifacts' bit
 * masks: append only.
 */
public enum X64Feature {
  /** The x86-64 baseline: every 64-bit processor (SSE2, CMOV, CMPXCHG8B, FXSAVE). */
  BASE,
  SSE3,
  SSSE3,
  SSE41,
  SSE42,
  POPCNT,
  CX16,
  MOVBE,
  /** XSAVE and XGETBV, enabled by the operating system (OSXSAVE). */
  XSAVE,
  XSAVEOPT,
  XSAVEC,
  LZCNT,
  ADX,
  BMI1,
  BMI2,
  /** AVX, with the ymm state enabled by the operating system (XGETBV), not by CPUID alone. */
  AVX,
  AVX2,
  FMA,
  /** AVX-512 foundation, DQ, BW and VL, with zmm and mask state enabled by the operating system. */
  AVX512F,
  /** Fast {@code rep movsb} and {@code rep stosb}. */
  ERMS,
  /** SHA-256 in the xmm registers. */
  SHA;

  /** This feature as a bit of a feature mask. */
  public long bit() {
    return 1L << ordinal();
  }
}

package dev.troupe.engine.contract;

import java.util.EnumSet;
import java.util.Set;

/**
 * Processor features that compiled code may use beyond x86-64-v2 (SSE4.2, POPCNT), which is
 * required. An artifact lists those it was compiled for; it loads where all of them are present.
 */
public enum IsaFeature {
  BMI1("bmi1"),
  BMI2("bmi2"),
  LZCNT("lzcnt"),
  MOVBE("movbe"),
  AVX("avx"),
  AVX2("avx2"),
  FMA("fma"),
  AVX512("avx512f+vl+bw+dq");

  private final String label;

  IsaFeature(String label) {
    this.label = label;
  }

  /** The name in metadata and messages. */
  public String label() {
    return label;
  }

  /** No feature beyond the required ones. */
  public static Set<IsaFeature> none() {
    return EnumSet.noneOf(IsaFeature.class);
  }
}

package dev.troupe.engine.text;

/** A constant in a script. Floats are bit patterns, so that NaN payloads survive. */
public sealed interface WastValue {
  /** {@code i32.const}. */
  record I32(int value) implements WastValue {}

  /** {@code i64.const}. */
  record I64(long value) implements WastValue {}

  /** {@code f32.const}. */
  record F32(int bits) implements WastValue {}

  /** {@code f64.const}. */
  record F64(long bits) implements WastValue {}

  /** {@code v128.const}: lanes 0 and 1 of {@code i64x2}. */
  record V128(long low, long high) implements WastValue {}

  /**
   * {@code ref.null}.
   *
   * @param heapType the heap type as written; empty when it was left out
   */
  record RefNull(String heapType) implements WastValue {}

  /** {@code ref.extern n}: the host's reference number n. */
  record RefExtern(int number) implements WastValue {}

  /** {@code ref.host n}: the host's reference number n, seen as {@code anyref}. */
  record RefHost(int number) implements WastValue {}
}

package dev.troupe.engine.ssa;

import java.util.Locale;

/**
 * Type of a value. References to functions are carried as {@link #I64}, the address of what {@link
 * dev.troupe.engine.contract.FuncRefLayout} describes; 0 is null.
 */
public enum SsaType {
  I32(4, true),
  I64(8, true),
  F32(4, false),
  F64(8, false),
  V128(16, false),
  /**
   * A reference that the collector knows: see {@link dev.troupe.engine.contract.GcLayout}. It may
   * be another number after every call, so nothing is computed from it but comparisons, tags and
   * addresses of loads and stores.
   */
  REF(8, false);

  private final int bytes;
  private final boolean integer;

  SsaType(int bytes, boolean integer) {
    this.bytes = bytes;
    this.integer = integer;
  }

  /** Size of a value in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Size of a value in bits. */
  public int bits() {
    return bytes * 8;
  }

  /** Whether this is {@link #I32} or {@link #I64}. */
  public boolean isInteger() {
    return integer;
  }

  /** Whether this is {@link #F32} or {@link #F64}. */
  public boolean isFloat() {
    return this == F32 || this == F64;
  }

  /** The name used by printer and parser. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.troupe.engine.ssa;

import java.util.Locale;

/**
 * How many bytes an access moves and how a loaded value is extended to the controlling type of its
 * instruction. Stores use the {@code _U} rows and write the low bytes.
 */
public enum MemoryAccess {
  INT8_S(1, true),
  INT8_U(1, false),
  INT16_S(2, true),
  INT16_U(2, false),
  /** 32 bits sign-extended to i64. */
  INT32_S(4, true),
  /** 32 bits: the whole of an i32, or zero-extended to i64. */
  INT32_U(4, false),
  INT64(8, false),
  FLOAT32(4, false),
  FLOAT64(8, false),
  VECTOR128(16, false);

  private final int bytes;
  private final boolean signExtends;

  MemoryAccess(int bytes, boolean signExtends) {
    this.bytes = bytes;
    this.signExtends = signExtends;
  }

  /** Bytes read or written. */
  public int bytes() {
    return bytes;
  }

  /** Whether a load copies the sign bit upwards. */
  public boolean signExtends() {
    return signExtends;
  }

  /** The access that moves all of {@code type}. */
  public static MemoryAccess whole(SsaType type) {
    return switch (type) {
      case I32 -> INT32_U;
      case I64 -> INT64;
      case F32 -> FLOAT32;
      case F64 -> FLOAT64;
      case V128 -> VECTOR128;
    };
  }

  /** Whether an instruction with this controlling type may use this access. */
  public boolean fits(SsaType type) {
    return switch (this) {
      case INT8_S, INT8_U, INT16_S, INT16_U, INT32_U -> type.isInteger();
      case INT32_S, INT64 -> type == SsaType.I64;
      case FLOAT32 -> type == SsaType.F32;
      case FLOAT64 -> type == SsaType.F64;
      case VECTOR128 -> type == SsaType.V128;
    };
  }

  /** The name used by printer and parser. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

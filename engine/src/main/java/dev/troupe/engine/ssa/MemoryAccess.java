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
  VECTOR128(16, false),
  // Loads of vectors that read less. All lanes are what is read:
  SPLAT8(1, false),
  SPLAT16(2, false),
  SPLAT32(4, false),
  SPLAT64(8, false),
  // The lowest lane is what is read, the rest is zero:
  ZERO32(4, false),
  ZERO64(8, false),
  // Every lane is extended to twice its width:
  EXTEND8X8_S(8, false),
  EXTEND8X8_U(8, false),
  EXTEND16X4_S(8, false),
  EXTEND16X4_U(8, false),
  EXTEND32X2_S(8, false),
  EXTEND32X2_U(8, false);

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

  /** Whether a load makes a vector of less than 16 bytes; stores have no such access. */
  public boolean isPartialVector() {
    return ordinal() > VECTOR128.ordinal();
  }

  /** Whether a load of an integer copies the sign bit upwards. */
  public boolean signExtends() {
    return signExtends;
  }

  /** The access that moves all of {@code type}. */
  public static MemoryAccess whole(SsaType type) {
    return switch (type) {
      case I32 -> INT32_U;
      case I64, REF -> INT64;
      case F32 -> FLOAT32;
      case F64 -> FLOAT64;
      case V128 -> VECTOR128;
    };
  }

  /** Whether an instruction with this controlling type may use this access. */
  public boolean fits(SsaType type) {
    return switch (this) {
      case INT8_S, INT8_U, INT16_S, INT16_U, INT32_U -> type.isInteger();
      case INT32_S -> type == SsaType.I64;
      case INT64 -> type == SsaType.I64 || type == SsaType.REF;
      case FLOAT32 -> type == SsaType.F32;
      case FLOAT64 -> type == SsaType.F64;
      case VECTOR128,
          SPLAT8,
          SPLAT16,
          SPLAT32,
          SPLAT64,
          ZERO32,
          ZERO64,
          EXTEND8X8_S,
          EXTEND8X8_U,
          EXTEND16X4_S,
          EXTEND16X4_U,
          EXTEND32X2_S,
          EXTEND32X2_U ->
          type == SsaType.V128;
    };
  }

  /** The name used by printer and parser. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.troupe.engine.text;

import java.util.List;

/** What a script expects of one result. */
public sealed interface WastPattern {
  /** Exactly this value, bit for bit; a null reference of any type equals any other. */
  record Exactly(WastValue value) implements WastPattern {}

  /**
   * {@code nan:canonical}: only the quiet bit of the payload is set, either sign.
   *
   * @param widthBits 32 or 64
   */
  record CanonicalNan(int widthBits) implements WastPattern {}

  /**
   * {@code nan:arithmetic}: the quiet bit of the payload is set, either sign.
   *
   * @param widthBits 32 or 64
   */
  record ArithmeticNan(int widthBits) implements WastPattern {}

  /**
   * A vector whose lanes have patterns of their own.
   *
   * @param laneBits 32 or 64
   * @param lanes lowest first; {@link WastValue.F32} or {@link WastValue.F64} and NaN classes
   */
  record Lanes(int laneBits, List<WastPattern> lanes) implements WastPattern {
    public Lanes {
      lanes = List.copyOf(lanes);
    }
  }

  /**
   * Any reference of a kind that is not null.
   *
   * @param kind {@code func}, {@code extern}, {@code any}, {@code eq}, {@code i31}, {@code struct},
   *     {@code array} or {@code exn}
   */
  record AnyReference(String kind) implements WastPattern {}

  /** At least one of these. */
  record Either(List<WastPattern> choices) implements WastPattern {
    public Either {
      choices = List.copyOf(choices);
    }
  }

  /** Whether a floating-point bit pattern is a canonical NaN of this width. */
  static boolean isCanonicalNan(long bits, int widthBits) {
    return widthBits == 32
        ? (bits & 0x7FFF_FFFFL) == 0x7FC0_0000L
        : (bits & 0x7FFF_FFFF_FFFF_FFFFL) == 0x7FF8_0000_0000_0000L;
  }

  /** Whether a floating-point bit pattern is an arithmetic NaN of this width. */
  static boolean isArithmeticNan(long bits, int widthBits) {
    return widthBits == 32
        ? (bits & 0x7FC0_0000L) == 0x7FC0_0000L
        : (bits & 0x7FF8_0000_0000_0000L) == 0x7FF8_0000_0000_0000L;
  }
}

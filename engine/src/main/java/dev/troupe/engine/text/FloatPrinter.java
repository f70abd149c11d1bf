package dev.troupe.engine.text;

/** Floating-point bit patterns as literals that read back to the same bits. */
final class FloatPrinter {
  private FloatPrinter() {}

  /** An f32 given by its bits. */
  static String f32(int bits) {
    float value = Float.intBitsToFloat(bits);
    String sign = bits < 0 ? "-" : "";
    int fraction = bits & 0x7F_FFFF;
    if (Float.isNaN(value)) {
      return sign + (fraction == 0x40_0000 ? "nan" : "nan:0x" + Integer.toHexString(fraction));
    }
    return Float.isInfinite(value) ? sign + "inf" : Float.toString(value);
  }

  /** An f64 given by its bits. */
  static String f64(long bits) {
    double value = Double.longBitsToDouble(bits);
    String sign = bits < 0 ? "-" : "";
    long fraction = bits & 0xF_FFFF_FFFF_FFFFL;
    if (Double.isNaN(value)) {
      boolean canonical = fraction == 0x8_0000_0000_0000L;
      return sign + (canonical ? "nan" : "nan:0x" + Long.toHexString(fraction));
    }
    return Double.isInfinite(value) ? sign + "inf" : Double.toString(value);
  }
}

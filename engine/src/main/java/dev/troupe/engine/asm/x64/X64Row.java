package dev.troupe.engine.asm.x64;

import java.util.ArrayList;
import java.util.List;

/** Parses and validates the notation of the rows of {@link X64Op}. */
final class X64Row {
  private static final String FLAG_LETTERS = "oszapcd";

  private X64Row() {}

  /** Parses a comma-separated operand list. */
  static X64Operand[] operands(String text) {
    if (text.isEmpty()) {
      return new X64Operand[0];
    }
    List<X64Operand> operands = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(',', start);
      if (end < 0) {
        end = text.length();
      }
      operands.add(X64Operand.parse(text.substring(start, end).strip()));
      start = end + 1;
    }
    return operands.toArray(new X64Operand[0]);
  }

  /** Parses encodings separated by {@code |}; the first usable one is taken. */
  static X64Encoding[] encodings(String text) {
    List<X64Encoding> encodings = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf('|', start);
      if (end < 0) {
        end = text.length();
      }
      encodings.add(X64Encoding.parse(text.substring(start, end)));
      start = end + 1;
    }
    return encodings.toArray(new X64Encoding[0]);
  }

  /** Turns flag letters (overflow, sign, zero, adjust, parity, carry, direction) into a mask. */
  static int flags(String letters) {
    int mask = 0;
    for (int i = 0; i < letters.length(); i++) {
      int bit = FLAG_LETTERS.indexOf(letters.charAt(i));
      if (bit < 0) {
        throw new IllegalArgumentException("unknown flag: " + letters);
      }
      mask |= 1 << bit;
    }
    return mask;
  }

  /**
   * Checks that operands and encodings of a row fit each other.
   *
   * @throws IllegalArgumentException naming the rule that the row breaks
   */
  static void validate(X64Operand[] operands, X64Encoding[] encodings, X64Feature feature) {
    int places = 0;
    int values = 0;
    int immediateBits = 0;
    for (X64Operand operand : operands) {
      int bit = 1 << placeGroup(operand.place());
      if (operand.place() != X64Operand.Place.FIXED) {
        require((places & bit) == 0, "two operands in one place");
      }
      places |= bit;
      if (operand.isValue()) {
        values++;
      }
      if (operand.isImmediate()) {
        immediateBits = operand.memoryBits();
      }
    }
    require(values <= 4, "more than four operands");
    for (int i = 0; i < encodings.length; i++) {
      boolean conditional = encodings[i].accumulatorOnly || encodings[i].immediateIsOne;
      require(!conditional || i + 1 < encodings.length, "the last encoding must fit always");
      validateEncoding(places, immediateBits, encodings[i], feature);
    }
  }

  private static void validateEncoding(
      int places, int immediateBits, X64Encoding encoding, X64Feature feature) {
    boolean hasReg = has(places, X64Operand.Place.REG);
    boolean hasRm = has(places, X64Operand.Place.RM);
    require(
        encoding.accumulatorOnly || (hasReg || hasRm) == encoding.modRm,
        "ModRM exactly where an operand needs it");
    require(!hasReg || encoding.accumulatorOnly || encoding.digit < 0, "/r and /digit together");
    require(hasReg || !encoding.modRm || encoding.digit >= 0, "/r without a register operand");
    require(
        has(places, X64Operand.Place.OPCODE) == encoding.registerInOpcode, "+r without operand");
    require(!has(places, X64Operand.Place.VVVV) || encoding.vex, "vvvv needs VEX");
    require(
        has(places, X64Operand.Place.IMMEDIATE_REGISTER) == encoding.registerInImmediate,
        "is4 without operand");
    require(
        has(places, X64Operand.Place.RELATIVE) == (encoding.relativeBytes != 0),
        "branch distance without operand");
    require(
        (immediateBits != 0) == (encoding.immediateBytes != 0 || encoding.immediateIsOne),
        "immediate without operand");
    require(encoding.immediateBytes * 8 <= immediateBits, "immediate wider than its operand");
    require(!encoding.vex || feature != X64Feature.BASE, "VEX needs a feature");
    require(!(encoding.vex && encoding.lock), "VEX excludes lock");
    require(encoding.opcode2 < 0 || !encoding.modRm, "second opcode byte excludes ModRM");
  }

  private static boolean has(int places, X64Operand.Place place) {
    return (places & 1 << placeGroup(place)) != 0;
  }

  /** The three forms of ModRM.rm exclude each other, as do the two immediates. */
  private static int placeGroup(X64Operand.Place place) {
    return switch (place) {
      case RM, RM_REGISTER, RM_MEMORY -> X64Operand.Place.RM.ordinal();
      case IMMEDIATE, UNSIGNED_IMMEDIATE -> X64Operand.Place.IMMEDIATE.ordinal();
      case REG, VVVV, OPCODE, IMMEDIATE_REGISTER, FIXED, RELATIVE -> place.ordinal();
    };
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }
}

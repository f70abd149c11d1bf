package dev.troupe.engine.asm.x64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A row of {@link X64Op}, parsed and validated. */
final class X64Row {
  /** The flags that comparisons set: all but direction. */
  static final int ARITHMETIC_FLAGS = 0x3F;

  private static final String FLAG_LETTERS = "oszapcd";

  final X64Operand[] operands;
  final X64Operand[] implicit;
  final X64Encoding[] encodings;
  final int flagsWritten;
  final int flagsRead;

  /** The operands that the caller passes as register or memory. */
  final X64Operand[] values;

  /**
   * Which of the values goes to ModRM.reg, ModRM.rm, VEX.vvvv, the opcode and the immediate's high
   * nibble; -1 if none.
   */
  final int regValue;

  final int rmValue;
  final int vvvvValue;
  final int opcodeValue;
  final int nibbleValue;

  /** Position of the immediate among the operands, or -1. */
  final int immediateOperand;

  /** Width of the operation: that of the first register or memory operand, in bits; else 64. */
  final int operationBits;

  /** Whether one of the values may be an 8-bit register. */
  final boolean hasByteRegister;

  private X64Row(
      X64Operand[] operands, X64Operand[] implicit, X64Encoding[] encodings, String flags) {
    this.operands = operands;
    this.implicit = implicit;
    this.encodings = encodings;
    int bar = flags.indexOf('<');
    this.flagsWritten = flags(bar < 0 ? flags : flags.substring(0, bar));
    this.flagsRead = bar < 0 ? 0 : flags(flags.substring(bar + 1));
    List<X64Operand> found = new ArrayList<>();
    int[] where = new int[X64Operand.Place.values().length];
    Arrays.fill(where, -1);
    int immediate = -1;
    int bits = 0;
    boolean bytes = false;
    for (int i = 0; i < operands.length; i++) {
      X64Operand operand = operands[i];
      if (operand.isValue()) {
        where[placeGroup(operand.place())] = found.size();
        found.add(operand);
        bytes |= operand.registerBits() == 8;
      } else if (operand.isImmediate()) {
        immediate = i;
      }
      if (bits == 0 && operand.allowsRegister()) {
        bits = operand.registerBits();
      } else if (bits == 0 && operand.allowsMemory()) {
        bits = operand.memoryBits();
      }
    }
    this.values = found.toArray(new X64Operand[0]);
    this.regValue = where[X64Operand.Place.REG.ordinal()];
    this.rmValue = where[X64Operand.Place.RM.ordinal()];
    this.vvvvValue = where[X64Operand.Place.VVVV.ordinal()];
    this.opcodeValue = where[X64Operand.Place.OPCODE.ordinal()];
    this.nibbleValue = where[X64Operand.Place.IMMEDIATE_REGISTER.ordinal()];
    this.immediateOperand = immediate;
    this.operationBits = bits == 0 ? 64 : bits;
    this.hasByteRegister = bytes;
  }

  /**
   * Parses the notation of a row.
   *
   * @throws IllegalArgumentException naming the rule that the row breaks
   */
  static X64Row parse(
      String operands, String encodings, String flags, String implicit, X64Feature feature) {
    X64Row row = new X64Row(operands(operands), operands(implicit), encodings(encodings), flags);
    validate(row.operands, row.encodings, feature);
    return row;
  }

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

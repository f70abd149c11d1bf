package dev.troupe.engine.asm.x64;

/**
 * One way to encode a row of {@link X64Op}, parsed from the row's notation.
 *
 * <p>Notation, close to the vendor manual: optional prefixes {@code 66 F2 F3 F0}, {@code W}
 * (REX.W), map {@code 0F 0F38 0F3A} or {@code
 * VEX.{LZ,LIG,128,256}.{NP,66,F2,F3}.{0F,0F38,0F3A}.{W0,W1,WIG}} or the same with {@code EVEX} (128
 * or 512 bits), opcode, an optional second opcode byte, then
 *
 * <ul>
 *   <li>{@code /r} (ModRM with a register) or {@code /0} to {@code /7}; {@code +r} register in the
 *       opcode; {@code +cc} condition
 *   <li>{@code ib iw id io} immediate of 1, 2, 4, 8 bytes; {@code is4} register in the high nibble
 *       of an immediate byte; {@code cb cd} branch distance
 *   <li>{@code 1}: usable only for the immediate 1, which is then not encoded; {@code acc}: usable
 *       only when the first operand is the accumulator, which is then not encoded
 * </ul>
 */
final class X64Encoding {
  /** Opcode maps, in VEX numbering; 0 is the one-byte map. */
  private static final int MAP_0F = 1;

  private static final int MAP_0F38 = 2;
  private static final int MAP_0F3A = 3;

  /** F0 prefix. */
  final boolean lock;

  /** 0x66, 0xF2, 0xF3 or 0. */
  final int prefix;

  /** VEX or EVEX prefix. */
  final boolean vex;

  /** EVEX prefix, without masking, broadcasting and registers above 15. */
  final boolean evex;

  final boolean wide;
  final boolean vex256;

  /** Vectors of 512 bits; with EVEX only. */
  final boolean evex512;

  final int map;
  final int opcode;

  /** Second opcode byte, or -1. */
  final int opcode2;

  final boolean modRm;

  /** ModRM.reg as an opcode extension, or -1. */
  final int digit;

  final boolean registerInOpcode;
  final boolean conditionInOpcode;
  final boolean registerInImmediate;
  final boolean accumulatorOnly;
  final boolean immediateIsOne;

  /** Size of the immediate: 0, 1, 2, 4 or 8. */
  final int immediateBytes;

  /** Size of the branch distance: 0, 1 or 4. */
  final int relativeBytes;

  private X64Encoding(Parser parser) {
    this.lock = parser.lock;
    this.prefix = parser.prefix;
    this.vex = parser.vex;
    this.evex = parser.evex;
    this.wide = parser.wide;
    this.vex256 = parser.vex256;
    this.evex512 = parser.evex512;
    this.map = parser.map;
    this.opcode = parser.opcode;
    this.opcode2 = parser.opcode2;
    this.modRm = parser.modRm;
    this.digit = parser.digit;
    this.registerInOpcode = parser.registerInOpcode;
    this.conditionInOpcode = parser.conditionInOpcode;
    this.registerInImmediate = parser.registerInImmediate;
    this.accumulatorOnly = parser.accumulatorOnly;
    this.immediateIsOne = parser.immediateIsOne;
    this.immediateBytes = parser.immediateBytes;
    this.relativeBytes = parser.relativeBytes;
  }

  /** VEX.pp for the prefix. */
  int vexPrefixCode() {
    return switch (prefix) {
      case 0x66 -> 1;
      case 0xF3 -> 2;
      case 0xF2 -> 3;
      default -> 0;
    };
  }

  /**
   * Parses one encoding.
   *
   * @throws IllegalArgumentException if the notation is wrong
   */
  static X64Encoding parse(String text) {
    Parser parser = new Parser();
    int start = 0;
    int length = text.length();
    while (start < length) {
      int end = text.indexOf(' ', start);
      if (end < 0) {
        end = length;
      }
      if (end > start) {
        parser.token(text.substring(start, end), end < length);
      }
      start = end + 1;
    }
    if (parser.opcode < 0) {
      throw new IllegalArgumentException("encoding without opcode: " + text);
    }
    return new X64Encoding(parser);
  }

  private static final class Parser {
    boolean lock;
    int prefix;
    boolean vex;
    boolean evex;
    boolean wide;
    boolean vex256;
    boolean evex512;
    int map;
    int opcode = -1;
    int opcode2 = -1;
    boolean modRm;
    int digit = -1;
    boolean registerInOpcode;
    boolean conditionInOpcode;
    boolean registerInImmediate;
    boolean accumulatorOnly;
    boolean immediateIsOne;
    int immediateBytes;
    int relativeBytes;

    void token(String token, boolean moreFollow) {
      switch (token) {
        case "W" -> wide = true;
        case "0F" -> {
          if (map == 0) {
            map = MAP_0F;
          } else {
            opcodeByte(0x0F);
          }
        }
        case "0F38" -> map = MAP_0F38;
        case "0F3A" -> map = MAP_0F3A;
        case "/r" -> modRm = true;
        case "/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7" -> {
          modRm = true;
          digit = token.charAt(1) - '0';
        }
        case "+r" -> registerInOpcode = true;
        case "+cc" -> conditionInOpcode = true;
        case "ib" -> immediateBytes = 1;
        case "iw" -> immediateBytes = 2;
        case "id" -> immediateBytes = 4;
        case "io" -> immediateBytes = 8;
        case "is4" -> registerInImmediate = true;
        case "cb" -> relativeBytes = 1;
        case "cd" -> relativeBytes = 4;
        case "1" -> immediateIsOne = true;
        case "acc" -> accumulatorOnly = true;
        case "66", "F2", "F3", "F0" -> prefixOrOpcode(token, moreFollow);
        default -> {
          if (token.startsWith("VEX.") || token.startsWith("EVEX.")) {
            evex = token.startsWith("E");
            vex(token);
          } else {
            opcodeByte(Integer.parseInt(token, 16));
          }
        }
      }
    }

    private void prefixOrOpcode(String token, boolean moreFollow) {
      boolean isPrefix = map == 0 && opcode < 0 && moreFollow;
      int value = Integer.parseInt(token, 16);
      if (!isPrefix) {
        opcodeByte(value);
      } else if (value == 0xF0) {
        lock = true;
      } else if (prefix != 0) {
        throw new IllegalArgumentException("two prefixes: " + token);
      } else {
        prefix = value;
      }
    }

    private void opcodeByte(int value) {
      if (opcode < 0) {
        opcode = value;
      } else if (opcode2 < 0) {
        opcode2 = value;
      } else {
        throw new IllegalArgumentException("three opcode bytes");
      }
    }

    private void vex(String token) {
      String[] parts = token.split("\\.");
      if (parts.length != 5) {
        throw new IllegalArgumentException("VEX needs length, prefix, map and W: " + token);
      }
      vex = true;
      vex256 =
          switch (parts[1]) {
            case "LZ", "LIG", "128", "512" -> false;
            case "256" -> true;
            default -> throw new IllegalArgumentException("VEX length: " + token);
          };
      evex512 = parts[1].equals("512");
      if (evex ? vex256 : evex512) {
        throw new IllegalArgumentException("VEX has 128 or 256 bits, EVEX 128 or 512: " + token);
      }
      prefix =
          switch (parts[2]) {
            case "NP" -> 0;
            case "66" -> 0x66;
            case "F2" -> 0xF2;
            case "F3" -> 0xF3;
            default -> throw new IllegalArgumentException("VEX prefix: " + token);
          };
      map =
          switch (parts[3]) {
            case "0F" -> MAP_0F;
            case "0F38" -> MAP_0F38;
            case "0F3A" -> MAP_0F3A;
            default -> throw new IllegalArgumentException("VEX map: " + token);
          };
      wide =
          switch (parts[4]) {
            case "W0", "WIG" -> false;
            case "W1" -> true;
            default -> throw new IllegalArgumentException("VEX W: " + token);
          };
    }
  }
}

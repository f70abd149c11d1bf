package dev.troupe.engine.asm.x64;

/**
 * Registers as plain ints: 0 to 15 are the general registers in hardware numbering, 16 to 31 are
 * xmm0 to xmm15 (ymm registers share the numbers of their xmm halves).
 */
public final class X64Reg {
  public static final int RAX = 0;
  public static final int RCX = 1;
  public static final int RDX = 2;
  public static final int RBX = 3;
  public static final int RSP = 4;
  public static final int RBP = 5;
  public static final int RSI = 6;
  public static final int RDI = 7;
  public static final int R8 = 8;
  public static final int R9 = 9;
  public static final int R10 = 10;
  public static final int R11 = 11;
  public static final int R12 = 12;
  public static final int R13 = 13;
  public static final int R14 = 14;
  public static final int R15 = 15;
  public static final int XMM0 = 16;
  public static final int XMM1 = 17;
  public static final int XMM2 = 18;
  public static final int XMM3 = 19;
  public static final int XMM4 = 20;
  public static final int XMM5 = 21;
  public static final int XMM6 = 22;
  public static final int XMM7 = 23;
  public static final int XMM8 = 24;
  public static final int XMM9 = 25;
  public static final int XMM10 = 26;
  public static final int XMM11 = 27;
  public static final int XMM12 = 28;
  public static final int XMM13 = 29;
  public static final int XMM14 = 30;
  public static final int XMM15 = 31;

  /** Number of registers, general and vector together. */
  public static final int COUNT = 32;

  private static final String[] LEGACY = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};

  private X64Reg() {}

  public static boolean isGeneral(int register) {
    return register >= 0 && register < 16;
  }

  public static boolean isVector(int register) {
    return register >= 16 && register < 32;
  }

  /**
   * The name that objdump prints for a register used with this width.
   *
   * @param bits 8, 16, 32 or 64 for general registers; 128 (or any scalar width up to it), 256 and
   *     512 for vector registers
   */
  public static String name(int register, int bits) {
    if (isVector(register)) {
      return (bits == 512 ? "zmm" : bits == 256 ? "ymm" : "xmm") + (register - 16);
    }
    if (!isGeneral(register)) {
      throw new IllegalStateException("no such register: " + register);
    }
    if (register >= 8) {
      String suffix =
          switch (bits) {
            case 8 -> "b";
            case 16 -> "w";
            case 32 -> "d";
            case 64 -> "";
            default -> throw new IllegalStateException("general register of " + bits + " bits");
          };
      return "r" + register + suffix;
    }
    String legacy = LEGACY[register];
    return switch (bits) {
      case 8 -> register < 4 ? legacy.charAt(0) + "l" : legacy + "l";
      case 16 -> legacy;
      case 32 -> "e" + legacy;
      case 64 -> "r" + legacy;
      default -> throw new IllegalStateException("general register of " + bits + " bits");
    };
  }

  /** The 64-bit general or 128-bit vector name: for messages and listings. */
  public static String name(int register) {
    return name(register, isVector(register) ? 128 : 64);
  }
}

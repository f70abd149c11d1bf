package dev.troupe.engine.regalloc;

/**
 * Program points. Instruction i owns four:
 *
 * <pre>
 * 4i      GAP    inserted moves have run; values sit where the instruction's own copies find them
 * 4i + 1  EARLY  fixed and reused registers are filled; early operands are read
 * 4i + 2  LATE   clobbers have happened; late operands are written
 * 4i + 3  END    rest of the late half
 * </pre>
 *
 * <p>Ranges are half open. A value that is copied into a fixed or reused register needs to live
 * only through GAP, so that the register of the copy may be its own. Values change place at GAP
 * points; at others they may only cease to be in a register (their slot holds them).
 */
final class Points {
  static final int GAP = 0;
  static final int EARLY = 1;
  static final int LATE = 2;

  private Points() {}

  static int gap(int instruction) {
    return instruction << 2;
  }

  static int early(int instruction) {
    return instruction << 2 | EARLY;
  }

  static int late(int instruction) {
    return instruction << 2 | LATE;
  }

  static int instruction(int point) {
    return point >> 2;
  }

  static boolean isGap(int point) {
    return (point & 3) == 0;
  }

  static String describe(int point) {
    return (point >> 2)
        + switch (point & 3) {
          case 0 -> "g";
          case 1 -> "e";
          case 2 -> "l";
          default -> "n";
        };
  }
}

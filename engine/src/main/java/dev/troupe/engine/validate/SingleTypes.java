package dev.troupe.engine.validate;

/** Shared arrays of at most one type, so that block types allocate nothing. */
final class SingleTypes {
  private static final int[][] SINGLE = new int[6][];

  static {
    SINGLE[0] = TypeCodes.NONE;
    for (int code = 1; code < SINGLE.length; code++) {
      SINGLE[code] = new int[] {code};
    }
  }

  private SingleTypes() {}

  /** The types of a block whose only result has this code; 0 means no result. */
  static int[] of(int code) {
    return code < SINGLE.length ? SINGLE[code] : new int[] {code};
  }
}

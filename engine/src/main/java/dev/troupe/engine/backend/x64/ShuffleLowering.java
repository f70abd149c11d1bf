package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import org.jspecify.annotations.Nullable;

/// Selection of shuffles: the best single instruction, else `pshufb` of each source.
final class ShuffleLowering {
  private static final int BYTES = 16;

  /// An index of `pshufb` that gives zero.
  private static final int ZERO = 0x80;

  private final VectorBuilder b;
  private final SsaFunction ssa;

  // Of the shuffle being selected: its sources and for each byte which one it is.
  private int left;
  private int right;
  private final int[] bytes = new int[BYTES];
  private final int[] lanes = new int[BYTES];

  ShuffleLowering(VectorBuilder builder) {
    this.b = builder;
    this.ssa = builder.ssa;
  }

  void shuffle(int i) {
    left = ssa.operand(i, 0);
    right = ssa.operand(i, 1);
    boolean same = b.low.facts.root(left) == b.low.facts.root(right);
    boolean usesLeft = false;
    boolean usesRight = false;
    for (int k = 0; k < BYTES; k++) {
      long half = k < 8 ? ssa.vectorLow(i) : ssa.vectorHigh(i);
      int index = (int) (half >>> 8 * (k & 7)) & 0x1F;
      bytes[k] = same ? index & 0xF : index;
      usesLeft |= bytes[k] < BYTES;
      usesRight |= bytes[k] >= BYTES;
    }
    if (usesLeft && usesRight) {
      if (!withZero(i) && !two(i, left, right)) {
        exchange();
        if (!two(i, right, left)) {
          exchange();
          general(i);
        }
      }
      return;
    }
    for (int k = 0; k < BYTES; k++) {
      bytes[k] &= 0xF;
    }
    one(i, usesLeft ? left : right);
  }

  /// Names the other source first.
  private void exchange() {
    for (int k = 0; k < BYTES; k++) {
      bytes[k] ^= BYTES;
    }
  }

  /// Writes the bytes as lanes of this size; says whether they are whole ones.
  private boolean asLanes(int laneBytes) {
    for (int k = 0; k < BYTES; k++) {
      int within = k % laneBytes;
      if (within == 0) {
        lanes[k / laneBytes] = bytes[k] / laneBytes;
      }
      if (bytes[k] != bytes[k - within] + within || bytes[k - within] % laneBytes != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean areLanes(int... wanted) {
    for (int k = 0; k < wanted.length; k++) {
      if (lanes[k] != wanted[k]) {
        return false;
      }
    }
    return true;
  }

  /// The immediate that has four lanes from `from` on in two bits each.
  private int selector(int from) {
    int imm = 0;
    for (int k = 0; k < 4; k++) {
      imm |= (lanes[from + k] & 3) << 2 * k;
    }
    return imm;
  }

  // ---- one source

  private void one(int i, int source) {
    int result = b.result(i);
    if (asLanes(4)) {
      if (areLanes(0, 1, 2, 3)) {
        int vector = b.low.use(source);
        b.out.add(MachPseudo.COPY, 0);
        b.out.define(result);
        b.out.use(vector);
      } else {
        b.unary(result, X64Op.PSHUFD, selector(0), b.low.use(source));
      }
      return;
    }
    if (asLanes(2) && words(result, source)) {
      return;
    }
    int vector = b.low.use(source);
    int distance = rotation();
    if (distance >= 0) {
      b.binary(result, X64Op.PALIGNR, distance, vector, vector);
    } else if (b.avx2 && isSplat(1)) {
      b.out.row(X64Op.VPBROADCASTB, null, 0, result, vector);
    } else if (b.avx2 && isSplat(2)) {
      b.out.row(X64Op.VPBROADCASTW, null, 0, result, vector);
    } else {
      b.binary(result, X64Op.PSHUFB, vector, mask(0));
    }
  }

  /// Whether all lanes are the first one.
  private boolean isSplat(int laneBytes) {
    for (int k = 0; k < BYTES; k++) {
      if (bytes[k] != k % laneBytes) {
        return false;
      }
    }
    return true;
  }

  /// Words that move in one half only.
  private boolean words(int result, int source) {
    boolean lowInPlace = areLanes(0, 1, 2, 3);
    boolean highInPlace = true;
    boolean stayLow = true;
    boolean stayHigh = true;
    for (int k = 0; k < 4; k++) {
      highInPlace &= lanes[4 + k] == 4 + k;
      stayLow &= lanes[k] < 4;
      stayHigh &= lanes[4 + k] >= 4;
    }
    if (highInPlace && stayLow) {
      b.unary(result, X64Op.PSHUFLW, selector(0), b.low.use(source));
      return true;
    }
    if (lowInPlace && stayHigh) {
      b.unary(result, X64Op.PSHUFHW, selector(4), b.low.use(source));
      return true;
    }
    return false;
  }

  /// By how many bytes all rotate, or -1.
  private int rotation() {
    for (int k = 0; k < BYTES; k++) {
      if (bytes[k] != (bytes[0] + k & 0xF)) {
        return -1;
      }
    }
    return bytes[0];
  }

  /// The operand of `pshufb` for the bytes that come from one source: 0 or 16 and up.
  private Addr mask(int first) {
    long[] halves = new long[2];
    for (int k = 0; k < BYTES; k++) {
      int index = bytes[k] - first;
      long selected = index >= 0 && index < BYTES ? index : ZERO;
      halves[k / 8] |= selected << 8 * (k & 7);
    }
    return b.literal(halves[0], halves[1]);
  }

  // ---- two sources

  /// Where one of the sources is zero, `pshufb` of the other makes the zeros.
  private boolean withZero(int i) {
    boolean leftZero = isZero(left);
    if (!leftZero && !isZero(right)) {
      return false;
    }
    int source = leftZero ? right : left;
    b.binary(b.result(i), X64Op.PSHUFB, b.low.use(source), mask(leftZero ? BYTES : 0));
    return true;
  }

  private boolean isZero(int value) {
    int constant = b.low.definer(value, SsaOp.VCONST);
    return constant != NONE && ssa.vectorLow(constant) == 0 && ssa.vectorHigh(constant) == 0;
  }

  /// Selects an instruction that takes the sources in this order, if there is one.
  private boolean two(int i, int first, int second) {
    X64Op unpack = unpack();
    if (unpack != null) {
      b.binaryValue(i, b.result(i), unpack, first, second);
      return true;
    }
    if (asLanes(8)) {
      int imm = lanes[0] & 1 | (lanes[1] & 1) << 1;
      if (lanes[0] < 2 && lanes[1] >= 2) {
        immediate(i, X64Op.SHUFPD, imm, first, second);
        return true;
      }
    }
    if (asLanes(2) && blends()) {
      int imm = 0;
      for (int k = 0; k < 8; k++) {
        imm |= (lanes[k] >= 8 ? 1 : 0) << k;
      }
      immediate(i, X64Op.PBLENDW, imm, first, second);
      return true;
    }
    int distance = bytes[0];
    if (distance < BYTES && isConcatenation()) {
      // The second source is the upper half of what is shifted right.
      immediate(i, X64Op.PALIGNR, distance, second, first);
      return true;
    }
    return asLanes(4) && doubleWords(i, first, second);
  }

  private void immediate(int i, X64Op row, int imm, int first, int second) {
    int x = b.low.use(first);
    b.binary(b.result(i), row, imm, x, b.low.use(second));
  }

  private @Nullable X64Op unpack() {
    if (asLanes(8)) {
      return areLanes(0, 2) ? X64Op.PUNPCKLQDQ : areLanes(1, 3) ? X64Op.PUNPCKHQDQ : null;
    }
    if (asLanes(4)) {
      return areLanes(0, 4, 1, 5) ? X64Op.PUNPCKLDQ : areLanes(2, 6, 3, 7) ? X64Op.PUNPCKHDQ : null;
    }
    if (asLanes(2)) {
      return areLanes(0, 8, 1, 9, 2, 10, 3, 11)
          ? X64Op.PUNPCKLWD
          : areLanes(4, 12, 5, 13, 6, 14, 7, 15) ? X64Op.PUNPCKHWD : null;
    }
    int half = bytes[0];
    for (int k = 0; k < BYTES; k++) {
      if (bytes[k] != half + k / 2 + (k & 1) * BYTES) {
        return null;
      }
    }
    return half == 0 ? X64Op.PUNPCKLBW : half == 8 ? X64Op.PUNPCKHBW : null;
  }

  /// Whether every word stays where it is in its source.
  private boolean blends() {
    for (int k = 0; k < 8; k++) {
      if ((lanes[k] & 7) != k) {
        return false;
      }
    }
    return true;
  }

  private boolean isConcatenation() {
    for (int k = 0; k < BYTES; k++) {
      if (bytes[k] != bytes[0] + k) {
        return false;
      }
    }
    return true;
  }

  /// Two lanes of the first source and then two of the second; or one lane of the second put among
  /// those of the first.
  private boolean doubleWords(int i, int first, int second) {
    if (lanes[0] < 4 && lanes[1] < 4 && lanes[2] >= 4 && lanes[3] >= 4) {
      immediate(i, X64Op.SHUFPS, selector(0), first, second);
      return true;
    }
    int moved = NONE;
    for (int k = 0; k < 4; k++) {
      if (lanes[k] != k) {
        if (moved != NONE || lanes[k] < 4) {
          return false;
        }
        moved = k;
      }
    }
    immediate(i, X64Op.INSERTPS_RR, (lanes[moved] & 3) << 6 | moved << 4, first, second);
    return true;
  }

  private void general(int i) {
    int fromLeft = b.binary(X64Op.PSHUFB, b.low.use(left), mask(0));
    int fromRight = b.binary(X64Op.PSHUFB, b.low.use(right), mask(BYTES));
    b.binary(b.result(i), X64Op.POR, fromLeft, fromRight);
  }
}

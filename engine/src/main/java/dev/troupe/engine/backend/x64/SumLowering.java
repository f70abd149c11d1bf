package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import org.jspecify.annotations.Nullable;

/// Trees of sums as one address, for `lea` and for memory operands: at most two terms, one of them
/// shifted left by a little, and a constant. Inner sums and shifts go into the address if nobody
/// else wants them.
///
/// An address of three parts takes a cycle more than a plain sum on some processors; the additions
/// and shifts that it replaces take at least as many.
final class SumLowering {
  private static final int MOST_TERMS = 2;
  static final int MOST_SCALE_LOG2 = 3;

  private final Lowering low;
  private final SsaFunction ssa;
  private final SsaType type;
  private final int[] term = new int[MOST_TERMS];
  private int terms;

  /// The term that is shifted, and by how much.
  private int scaled = NONE;

  private int scaleLog2;
  private long displacement;
  private final IntList inner = new IntList(4);

  private SumLowering(Lowering low, SsaType type) {
    this.low = low;
    this.ssa = low.ssa;
    this.type = type;
  }

  /// The sum of two values as an address, if that saves an instruction; else null, and nothing has
  /// changed.
  ///
  /// @param sum the instruction that adds them, or that accesses memory there
  /// @param offset to add
  static @Nullable Addr address(Lowering low, int sum, SsaType type, int a, int b, long offset) {
    SumLowering tree = new SumLowering(low, type);
    tree.displacement = offset;
    boolean constant = low.isConstant(a) || low.isConstant(b);
    int budget = constant ? MOST_TERMS : 1;
    boolean fits = tree.add(a, sum, budget) && tree.add(b, sum, budget);
    return fits && !tree.inner.isEmpty() ? tree.build() : null;
  }

  /// Adds a value to the sum.
  ///
  /// @param budget how many terms it may become
  private boolean add(int value, int user, int budget) {
    if (low.isConstant(value)) {
      displacement += low.constant(value);
      if (type == SsaType.I32) {
        int wrapped = (int) displacement;
        displacement = wrapped;
      }
      return displacement == (int) displacement;
    }
    int sum = ssa.valueType(value) == type ? low.onlyUser(value, SsaOp.IADD, user) : NONE;
    if (sum != NONE && ssa.controllingType(sum) == type) {
      int a = ssa.operand(sum, 0);
      int b = ssa.operand(sum, 1);
      boolean constant = low.isImmediate(a) || low.isImmediate(b);
      if (constant || budget == MOST_TERMS) {
        inner.add(sum);
        int share = constant ? budget : 1;
        return add(a, sum, share) && add(b, sum, share);
      }
    }
    return term(value, user);
  }

  private boolean term(int value, int user) {
    if (terms == MOST_TERMS) {
      return false;
    }
    int shift = scaled == NONE ? smallShift(value, user) : NONE;
    if (shift == NONE) {
      term[terms++] = value;
      return true;
    }
    inner.add(shift);
    scaled = terms;
    scaleLog2 = (int) low.constant(ssa.operand(shift, 1));
    term[terms++] = ssa.operand(shift, 0);
    return true;
  }

  /// A shift that may become part of the address: nobody else wants it, or all who want it are sums
  /// as well.
  private int smallShift(int value, int user) {
    int shift = low.definer(value, SsaOp.SHL);
    if (shift == NONE || ssa.valueType(value) != type || ssa.controllingType(shift) != type) {
      return NONE;
    }
    boolean summed = low.facts.isOnlySummed(value) && !low.isWanted(value);
    if (!summed && low.onlyUser(value, SsaOp.SHL, user) == NONE) {
      return NONE;
    }
    int amount = ssa.operand(shift, 1);
    boolean small =
        low.isConstant(amount)
            && low.constant(amount) >= 1
            && low.constant(amount) <= MOST_SCALE_LOG2
            && !low.isConstant(ssa.operand(shift, 0));
    return small ? shift : NONE;
  }

  private @Nullable Addr build() {
    if (terms == 0) {
      return null;
    }
    for (int k = 0; k < inner.size(); k++) {
      if (low.isExclusive(ssa.result(inner.get(k)))) {
        low.absorb(inner.get(k));
      }
    }
    int offset = (int) displacement;
    if (terms == 1) {
      int only = low.use(term[0]);
      if (scaled == NONE) {
        return Addr.value(only, offset);
      }
      // Without a base the displacement takes four bytes.
      return scaleLog2 == 1
          ? Addr.indexed(only, only, 0, offset)
          : Addr.scaled(only, scaleLog2, offset);
    }
    int first = low.use(term[0]);
    int second = low.use(term[1]);
    return scaled == 0
        ? Addr.indexed(second, first, scaleLog2, offset)
        : Addr.indexed(first, second, scaleLog2, offset);
  }
}

package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * Bounds of integer values as unsigned numbers, from one walk in reverse postorder. Parameters of
 * loop headers get bounds from {@link InductionBounds} where they advance by a constant; other
 * values that go around a loop have only the bounds that their operation alone implies.
 *
 * <p>Bounds of an i64 are kept below 2^61, so that sums of them do not overflow; what may be larger
 * is unknown.
 */
public final class UnsignedRanges {
  private static final int NONE = SsaFunction.NONE;
  private static final long I32_MOST = 0xFFFF_FFFFL;

  /** The largest bound of an i64 that is not unknown. */
  static final long MOST = (1L << 61) - 1;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final long[] low;
  private final long[] high;
  private final long[] repeats;
  // The result of the transfer functions.
  private long least;
  private long most;

  private UnsignedRanges(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    this.flow = flow;
    this.function = flow.function();
    this.low = new long[function.valueCount()];
    this.high = new long[function.valueCount()];
    for (int v = 0; v < high.length; v++) {
      high[v] = function.valueType(v) == SsaType.I32 ? I32_MOST : -1;
    }
    this.repeats = new long[loops.size()];
    Arrays.fill(repeats, -1);
    InductionBounds induction = new InductionBounds(flow, dominators, loops, this);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      if (loops.isHeader(block)) {
        induction.bound(loops.loop(block));
      } else {
        join(block);
      }
      walk(block);
    }
  }

  /** The ranges of {@code flow}'s function as it is now. */
  public static UnsignedRanges of(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    return new UnsignedRanges(flow, dominators, loops);
  }

  /** The least that {@code value} can be, as an unsigned number. */
  public long min(int value) {
    return low[value];
  }

  /** The most that {@code value} can be, as an unsigned number; negative if that is unknown. */
  public long max(int value) {
    return high[value];
  }

  /**
   * How often a loop that is one block goes back to its start, if that is the same whenever it is
   * entered; otherwise negative.
   */
  public long repeats(int loop) {
    return repeats[loop];
  }

  void setRepeats(int loop, long times) {
    repeats[loop] = times;
  }

  /** Whether {@code value} is an integer with a known upper bound. */
  boolean isBounded(int value) {
    return function.valueType(value).isInteger() && high[value] >= 0;
  }

  void set(int value, long minimum, long maximum) {
    assert minimum >= 0 && minimum <= maximum : "range of v" + value;
    low[value] = minimum;
    high[value] = maximum;
  }

  // ---- parameters

  private void join(int block) {
    if (flow.incomingCount(block) == 0) {
      return;
    }
    for (int p = 0; p < function.parameterCount(block); p++) {
      int parameter = function.parameter(block, p);
      if (function.valueType(parameter).isInteger() && joinArguments(block, p)) {
        set(parameter, least, most);
      }
    }
  }

  /** The range that covers an argument of all edges; says whether it is bounded. */
  private boolean joinArguments(int block, int position) {
    long minimum = Long.MAX_VALUE;
    long maximum = -1;
    for (int e = 0; e < flow.incomingCount(block); e++) {
      int edge = flow.incoming(block, e);
      int argument = function.argument(edge, position);
      if (!isBounded(argument)) {
        return false;
      }
      minimum = Math.min(minimum, low[argument]);
      maximum = Math.max(maximum, high[argument]);
    }
    least = minimum;
    most = maximum;
    return maximum >= 0;
  }

  /**
   * What the operation of {@code value} alone says, for a value that the walk has not reached: its
   * operands are then as unknown as they can be.
   */
  void anticipate(int value) {
    int definer = function.definingInstruction(value);
    if (definer != NONE) {
      visit(definer);
    }
  }

  // ---- instructions

  private void walk(int block) {
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      visit(i);
    }
  }

  private void visit(int i) {
    if (function.resultCount(i) != 1) {
      return;
    }
    int result = function.result(i);
    SsaType type = function.valueType(result);
    if (!type.isInteger()) {
      return;
    }
    long ceiling = type == SsaType.I32 ? I32_MOST : MOST;
    if (transfer(i, function.op(i), ceiling) && most <= ceiling && least >= 0) {
      set(result, least, most);
    }
  }

  private boolean range(long minimum, long maximum) {
    least = minimum;
    most = maximum;
    return maximum >= 0;
  }

  private boolean transfer(int i, SsaOp op, long ceiling) {
    return switch (op) {
      case ICONST -> {
        long bits = function.immediate(i) & (ceiling == I32_MOST ? I32_MOST : -1);
        yield range(bits, bits);
      }
      case ICMP, FCMP -> range(0, 1);
      case CLZ, CTZ, POPCNT -> range(0, 64);
      case LOAD, CTX_LOAD, RAW_LOAD -> loaded(function.access(i));
      case UEXTEND, WRAP, SEXTEND -> converted(function.operand(i, 0), op);
      case SELECT -> selected(function.operand(i, 1), function.operand(i, 2));
      case IADD, ISUB, IMUL, IAND, IOR, IXOR, SHL, USHR, SSHR, UDIV, UREM ->
          binary(op, function.operand(i, 0), function.operand(i, 1), ceiling);
      default -> false;
    };
  }

  private boolean loaded(MemoryAccess access) {
    return access.bytes() <= 4 && !access.signExtends() && range(0, (1L << access.bytes() * 8) - 1);
  }

  private boolean converted(int value, SsaOp op) {
    long ceiling = op == SsaOp.SEXTEND ? Integer.MAX_VALUE : I32_MOST;
    return isBounded(value) && high[value] <= ceiling && range(low[value], high[value]);
  }

  private boolean selected(int left, int right) {
    return isBounded(left)
        && isBounded(right)
        && range(Math.min(low[left], low[right]), Math.max(high[left], high[right]));
  }

  private boolean binary(SsaOp op, int a, int b, long ceiling) {
    if (op == SsaOp.IAND) {
      return and(a, b);
    }
    if (op == SsaOp.UREM) {
      return isBounded(b) && high[b] > 0 && range(0, high[b] - 1);
    }
    if (!isBounded(a) || !isBounded(b)) {
      return false;
    }
    return switch (op) {
      case IADD -> add(low[a] + low[b], high[a] + high[b], ceiling);
      case ISUB -> low[a] >= high[b] && range(low[a] - high[b], high[a] - low[b]);
      case IMUL ->
          Math.multiplyHigh(high[a], high[b]) == 0 && range(low[a] * low[b], high[a] * high[b]);
      case IOR -> range(Math.max(low[a], low[b]), fill(high[a] | high[b]));
      case IXOR -> range(0, fill(high[a] | high[b]));
      case UDIV -> low[b] > 0 && range(low[a] / high[b], high[a] / low[b]);
      default -> shift(op, a, b, ceiling);
    };
  }

  /** A sum that exceeds an i32 on every path is one that wraps around once on every path. */
  private boolean add(long minimum, long maximum, long ceiling) {
    if (ceiling == I32_MOST && minimum > I32_MOST) {
      return range(minimum - I32_MOST - 1, maximum - I32_MOST - 1);
    }
    return range(minimum, maximum);
  }

  private boolean and(int a, int b) {
    if (!isBounded(a) && !isBounded(b)) {
      return false;
    }
    long other = isBounded(b) ? high[b] : Long.MAX_VALUE;
    return range(0, isBounded(a) ? Math.min(high[a], other) : other);
  }

  private boolean shift(SsaOp op, int a, int b, long ceiling) {
    if (low[b] != high[b] || low[b] > (ceiling == I32_MOST ? 31 : 63)) {
      return false;
    }
    int amount = (int) low[b];
    return switch (op) {
      case SHL -> high[a] <= ceiling >>> amount && range(low[a] << amount, high[a] << amount);
      case USHR -> range(low[a] >> amount, high[a] >> amount);
      case SSHR ->
          (ceiling != I32_MOST || high[a] <= Integer.MAX_VALUE)
              && range(low[a] >> amount, high[a] >> amount);
      default -> false;
    };
  }

  /** The number with all bits set up to the highest of {@code bits}. */
  private static long fill(long bits) {
    return bits == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(bits);
  }
}

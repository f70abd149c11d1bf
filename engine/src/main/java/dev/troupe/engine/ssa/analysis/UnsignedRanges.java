package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * Bounds of integer values as unsigned numbers, and the bits that they may have set, from one walk
 * in preorder of the dominator tree. Parameters of loop headers get bounds from {@link
 * InductionBounds} where they advance by a constant; other values that go around a loop have only
 * the bounds that their operation alone implies.
 *
 * <p>During the walk more is known: behind the edge of a branch its condition, behind an access to
 * memory that it did not trap. What this says holds in the blocks that the place dominates and is
 * forgotten when the walk leaves them. Values that are computed there, and arguments that are
 * passed from there, keep what followed from it.
 *
 * <p>Bounds of an i64 are kept below 2^61, so that sums of them do not overflow; what may be larger
 * is unknown.
 *
 * <p>Ranges {@link #ofData of data} hold on paths too that a processor only guesses: no condition
 * and no access says anything, and loops go a little beyond their ends.
 */
public final class UnsignedRanges {
  private static final int NONE = SsaFunction.NONE;
  private static final long I32_MOST = 0xFFFF_FFFFL;
  private static final int MOST_STEPS = 8;

  /**
   * More iterations than a processor can have begun without knowing whether the loop goes on: each
   * is an instruction at least, and the largest windows hold some five hundred.
   */
  private static final int SPECULATED_ITERATIONS = 4096;

  /** The largest bound of an i64 that is not unknown. */
  static final long MOST = (1L << 61) - 1;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final InductionBounds induction;
  private final PossibleBits possibleBits;
  private final RangeConditions conditions;
  private final boolean onlyData;
  private long[] low;
  private long[] high;
  private long[] bits;
  private int known;
  private int current = NONE;
  // How many edges have passed an argument to a parameter.
  private final int[] arrivals;
  private final long[] repeats;
  // The result of the transfer functions.
  private long least;
  private long most;

  // What was known before a condition narrowed it, and where each block's part begins.
  private final IntList narrowed = new IntList();
  private long[] before = new long[48];
  private final IntList scopeBlock = new IntList();
  private final IntList scopeStart = new IntList();

  private UnsignedRanges(
      ControlFlow flow, DominatorTree dominators, LoopTree loops, boolean onlyData) {
    this.onlyData = onlyData;
    this.flow = flow;
    this.function = flow.function();
    this.dominators = dominators;
    this.loops = loops;
    this.induction =
        new InductionBounds(flow, dominators, loops, this, onlyData ? SPECULATED_ITERATIONS : 0);
    this.possibleBits = new PossibleBits(function, this);
    this.conditions = new RangeConditions(function, this);
    this.low = new long[function.valueCount()];
    this.high = new long[function.valueCount()];
    this.repeats = new long[loops.size()];
    Arrays.fill(repeats, -1);
    this.bits = new long[function.valueCount()];
    this.arrivals = new int[function.valueCount()];
    adopt();
  }

  /** The ranges of {@code flow}'s function as it is now, from a whole walk. */
  public static UnsignedRanges of(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    UnsignedRanges ranges = walking(flow, dominators, loops);
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      ranges.enter(block);
      for (int i = flow.function().firstInstruction(block); i != NONE; ) {
        ranges.visit(i);
        i = flow.function().next(i);
      }
    }
    ranges.forget(0);
    return ranges;
  }

  /**
   * Ranges for a pass that walks by itself: it calls {@link #enter} for each block in preorder of
   * the dominator tree and {@link #visit} for each instruction, in the form that the pass gave it.
   */
  public static UnsignedRanges walking(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    return new UnsignedRanges(flow, dominators, loops, false);
  }

  /**
   * Like {@link #walking}, with what follows from data alone. An index that these ranges bound is
   * bounded on a mispredicted path as well.
   */
  public static UnsignedRanges ofData(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    return new UnsignedRanges(flow, dominators, loops, true);
  }

  /** The least that {@code value} can be, as an unsigned number. */
  public long min(int value) {
    return value < known ? low[value] : 0;
  }

  /** The most that {@code value} can be, as an unsigned number; negative if that is unknown. */
  public long max(int value) {
    return value < known ? high[value] : unknownMost(value);
  }

  /** The bits that may be set in {@code value}; an i32 counts as zero-extended. */
  public long possibleBits(int value) {
    return value < known ? bits[value] : PossibleBits.all(function.valueType(value));
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
    return function.valueType(value).isInteger() && max(value) >= 0;
  }

  private long unknownMost(int value) {
    return function.valueType(value) == SsaType.I32 ? I32_MOST : -1;
  }

  void set(int value, long minimum, long maximum) {
    assert minimum >= 0 && minimum <= maximum : "range of v" + value;
    low[value] = minimum;
    high[value] = maximum;
    bits[value] = PossibleBits.fill(maximum);
  }

  private void setUnknown(int value) {
    low[value] = 0;
    high[value] = unknownMost(value);
    bits[value] = PossibleBits.all(function.valueType(value));
  }

  /** Takes in values that were made since the last time. */
  private void adopt() {
    int count = function.valueCount();
    if (count > low.length) {
      low = Arrays.copyOf(low, count * 2);
      high = Arrays.copyOf(high, count * 2);
      bits = Arrays.copyOf(bits, count * 2);
    }
    while (known < count) {
      setUnknown(known++);
    }
  }

  // ---- the walk

  /** Comes to {@code block}: what held in blocks that do not dominate it is forgotten. */
  public void enter(int block) {
    while (!scopeBlock.isEmpty()
        && !dominators.dominates(scopeBlock.get(scopeBlock.size() - 1), block)) {
      scopeBlock.removeLast();
      forget(scopeStart.removeLast());
    }
    current = block;
    scopeBlock.add(block);
    scopeStart.add(narrowed.size());
    if (!onlyData && flow.incomingCount(block) == 1) {
      conditions.taken(flow.incoming(block, 0));
    }
    if (loops.isHeader(block)) {
      resetParameters(block);
      induction.bound(loops.loop(block));
    } else if (block != function.entry()) {
      checkParameters(block);
    }
  }

  /**
   * Narrows to what holds when control takes {@code edge} after it came through {@code from}, as
   * far as blocks with one predecessor lead back; returns what to {@link #forget} afterwards.
   */
  int follow(int edge, int from) {
    int start = narrowed.size();
    int each = edge;
    for (int steps = 0; !onlyData && steps < MOST_STEPS; steps++) {
      conditions.taken(each);
      int block = function.sourceBlock(each);
      if (block == from || flow.incomingCount(block) != 1) {
        break;
      }
      each = flow.incoming(block, 0);
    }
    return start;
  }

  /** Undoes what was narrowed since the list had {@code size} entries. */
  void forget(int size) {
    while (narrowed.size() > size) {
      int value = narrowed.removeLast();
      int entry = 3 * narrowed.size();
      low[value] = before[entry];
      high[value] = before[entry + 1];
      bits[value] = before[entry + 2];
    }
  }

  /** Notes that {@code value} is between the two numbers here; says whether that is news. */
  boolean narrow(int value, long minimum, long maximum) {
    if (!function.valueType(value).isInteger() || value >= known) {
      return false;
    }
    long newLow = Math.max(low[value], minimum);
    long newHigh = high[value] < 0 ? maximum : Math.min(high[value], maximum);
    if (high[value] < 0 && maximum >= MOST || newLow > newHigh) {
      // No bound, or a place that is never reached.
      return false;
    }
    if (newLow == low[value] && newHigh == high[value]) {
      return false;
    }
    int entry = 3 * narrowed.size();
    if (entry == before.length) {
      before = Arrays.copyOf(before, entry * 2);
    }
    narrowed.add(value);
    before[entry] = low[value];
    before[entry + 1] = high[value];
    before[entry + 2] = bits[value];
    low[value] = newLow;
    high[value] = newHigh;
    bits[value] &= PossibleBits.fill(newHigh);
    return true;
  }

  // ---- parameters

  private void resetParameters(int block) {
    for (int p = 0; p < function.parameterCount(block); p++) {
      setUnknown(function.parameter(block, p));
    }
  }

  /** Parameters that some edge has not passed an argument to are unknown. */
  private void checkParameters(int block) {
    for (int p = 0; p < function.parameterCount(block); p++) {
      int parameter = function.parameter(block, p);
      if (arrivals[parameter] != flow.incomingCount(block)) {
        setUnknown(parameter);
      }
    }
  }

  /** Passes on what is known of the arguments where the edge leaves. */
  private void pass(int edge, boolean isOneOfMany) {
    int target = function.target(edge);
    int count = function.argumentCount(edge);
    if (count == 0 || dominators.enter(target) <= dominators.enter(current)) {
      // The walk was there: it is a loop header, or the graph is irreducible.
      return;
    }
    int start = narrowed.size();
    if (!onlyData && isOneOfMany) {
      conditions.taken(edge);
    }
    for (int p = 0; p < count; p++) {
      int parameter = function.parameter(target, p);
      if (function.valueType(parameter).isInteger() && parameter < arrivals.length) {
        arrive(parameter, function.argument(edge, p));
      }
    }
    forget(start);
  }

  private void arrive(int parameter, int argument) {
    if (arrivals[parameter]++ == 0) {
      low[parameter] = low[argument];
      high[parameter] = high[argument];
      bits[parameter] = bits[argument];
      return;
    }
    boolean bounded = high[parameter] >= 0 && high[argument] >= 0;
    low[parameter] = bounded ? Math.min(low[parameter], low[argument]) : 0;
    high[parameter] = bounded ? Math.max(high[parameter], high[argument]) : -1;
    bits[parameter] |= bits[argument];
  }

  /**
   * What the operation of {@code value} alone says, for a value that the walk has not reached: its
   * operands are then as unknown as they can be. A value that the walk has passed keeps what it
   * has: what is known of its operands here need not hold where it is used elsewhere.
   */
  void anticipate(int value) {
    int definer = function.definingInstruction(value);
    int block = definer == NONE ? NONE : function.block(definer);
    if (block != NONE
        && function.resultCount(definer) == 1
        && dominators.enter(block) >= dominators.enter(current)) {
      result(definer, function.op(definer), value);
    }
  }

  /** Knows {@code value}, if it is a constant, before the walk has reached it. */
  void anticipateConstant(int value) {
    if (value < known && function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST) {
      result(function.definingInstruction(value), SsaOp.ICONST, value);
    }
  }

  // ---- instructions

  /** Computes what {@code i}, in its present form, says about its results and operands. */
  public void visit(int i) {
    adopt();
    int edges = function.edgeCount(i);
    for (int n = 0; n < edges; n++) {
      pass(function.edge(i, n), edges > 1);
    }
    SsaOp op = function.op(i);
    if (function.resultCount(i) == 1) {
      result(i, op, function.result(i));
    }
    if (!onlyData && (op == SsaOp.LOAD || op == SsaOp.STORE)) {
      accessed(i);
    }
  }

  private void result(int i, SsaOp op, int result) {
    SsaType type = function.valueType(result);
    if (!type.isInteger()) {
      return;
    }
    long ceiling = type == SsaType.I32 ? I32_MOST : MOST;
    boolean bounded = transfer(i, op, ceiling) && most <= ceiling && least >= 0;
    if (!bounded) {
      least = 0;
      most = unknownMost(result);
    }
    long possible = possibleBits.result(i, op, type);
    if (most >= 0) {
      possible &= PossibleBits.fill(most);
    }
    if (possible >= 0 && possible <= ceiling && (most < 0 || possible < most)) {
      most = possible;
      least = Math.min(least, most);
    }
    low[result] = least;
    high[result] = most;
    bits[result] = possible;
  }

  /**
   * Behind an access its last byte is known to be inside a memory of at most 2^32 bytes, or of as
   * many as its index was clamped to.
   */
  private void accessed(int i) {
    int index = function.operand(i, 0);
    long end = function.offset(i) + function.access(i).bytes();
    if (function.definingOp(index, SsaOp.TRAP) == SsaOp.INDEX_CLAMP) {
      int clamp = function.definingInstruction(index);
      long most = max(function.operand(clamp, 1)) - end;
      if (end > 0 && most >= 0) {
        narrow(function.operand(clamp, 0), 0, most);
      }
    } else if (function.valueType(index) == SsaType.I32 && end > 1 && end <= I32_MOST) {
      narrow(index, 0, I32_MOST + 1 - end);
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
      case LOAD, CTX_LOAD, RAW_LOAD, FIELD_LOAD, ELEMENT_LOAD -> loaded(function.access(i));
      case UEXTEND, WRAP, SEXTEND -> converted(function.operand(i, 0), op);
      case SELECT -> selected(function.operand(i, 1), function.operand(i, 2));
      case IADD, ISUB, IMUL, IAND, IOR, IXOR, SHL, USHR, SSHR, UDIV, UREM ->
          binary(op, function.operand(i, 0), function.operand(i, 1), ceiling);
      case INDEX_CLAMP -> clamped(function.operand(i, 0), function.operand(i, 1));
      default -> false;
    };
  }

  private boolean clamped(int index, int end) {
    long most = isBounded(index) ? Math.min(high[index], high[end]) : high[end];
    return isBounded(end) && range(Math.min(low[index], low[end]), most);
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
      case IOR -> range(Math.max(low[a], low[b]), PossibleBits.fill(high[a] | high[b]));
      case IXOR -> range(0, PossibleBits.fill(high[a] | high[b]));
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
}

package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * Copies the body of loops that are one block. Where a value of a copy is that of the first
 * iteration plus a constant it is computed so, and what it was computed from may go.
 */
final class LoopCopier {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_DEPTH = 4;

  private final SsaFunction function;
  // Of values of the block being copied: what stands for them in the current copy, and if that is
  // the value plus a constant, the constant.
  private final int[] copyOf;
  private final long[] distance;
  private final boolean[] isLinear;
  // What stands behind an unrolled loop for the values in it.
  private final int[] last;
  private final int[] scratch = new int[8];

  LoopCopier(SsaFunction function) {
    this.function = function;
    int size = function.valueCount();
    this.copyOf = new int[size];
    this.distance = new long[size];
    this.isLinear = new boolean[size];
    this.last = new int[size];
    Arrays.fill(last, NONE);
  }

  /** By how much an integer of the block grows each time round; 0 if that is not known. */
  long step(int header, int value) {
    return step(header, value, MOST_DEPTH);
  }

  private long step(int header, int value, int depth) {
    if (!function.valueType(value).isInteger() || function.definingBlock(value) != header) {
      return 0;
    }
    if (function.isParameter(value)) {
      return stepOfParameter(header, value);
    }
    int i = function.definingInstruction(value);
    if (function.op(i) != SsaOp.IADD || depth == 0) {
      return 0;
    }
    long total = 0;
    for (int k = 0; k < 2; k++) {
      int operand = function.operand(i, k);
      if (function.definingBlock(operand) == header && !isConstant(operand)) {
        long each = step(header, operand, depth - 1);
        if (each == 0) {
          return 0;
        }
        total += each;
      }
    }
    return total;
  }

  private long stepOfParameter(int header, int parameter) {
    int argument = function.argument(selfEdge(header), function.definingPosition(parameter));
    int sum = function.definingInstruction(argument);
    return sum != NONE
            && function.op(sum) == SsaOp.IADD
            && function.operand(sum, 0) == parameter
            && isConstant(function.operand(sum, 1))
        ? constant(function.operand(sum, 1))
        : 0;
  }

  private int selfEdge(int header) {
    int terminator = function.terminator(header);
    int edge = function.edge(terminator, 0);
    return function.target(edge) == header ? edge : function.edge(terminator, 1);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  /** Runs the first {@code count} iterations in a block of their own, without tests. */
  void peel(int header, IntList entries, int count) {
    int front = function.newBlock();
    function.insertBlockAfter(front, function.previousBlock(header));
    int parameters = function.parameterCount(header);
    boolean isOnly = entries.size() == 1;
    for (int p = 0; p < parameters; p++) {
      int parameter = function.parameter(header, p);
      int first =
          isOnly
              ? function.argument(entries.get(0), p)
              : function.addParameter(front, function.valueType(parameter));
      map(parameter, first, false, 0);
    }
    for (int e = 0; e < entries.size(); e++) {
      function.setTarget(entries.get(e), front);
      if (isOnly) {
        function.clearArguments(entries.get(e));
      }
    }
    int terminator = function.terminator(header);
    int branch = function.newInstruction(SsaOp.BR, SsaType.I32, scratch, 0);
    function.setWasmOffset(branch, function.wasmOffset(terminator));
    function.append(branch, front);
    for (int copy = 0; copy < count; copy++) {
      if (copy > 0) {
        advance(header, false);
      }
      copyBody(header, branch, false);
    }
    int edge = selfEdge(header);
    int[] arguments = new int[parameters];
    for (int p = 0; p < parameters; p++) {
      arguments[p] = mapped(header, function.argument(edge, p));
    }
    function.addEdge(branch, header, arguments, parameters);
  }

  /** Makes one iteration of the loop do the work of {@code count}. */
  void unroll(int header, int count) {
    int terminator = function.terminator(header);
    int end = function.previous(terminator);
    identity(header);
    for (int copy = 1; copy < count; copy++) {
      advance(header, true);
      copyBody(header, terminator, true, end);
    }
    for (int n = 0; n < 2; n++) {
      int edge = function.edge(terminator, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        function.setArgument(edge, k, mapped(header, function.argument(edge, k)));
      }
    }
    function.setOperand(terminator, 0, mapped(header, function.operand(terminator, 0)));
    for (int p = 0; p < function.parameterCount(header); p++) {
      remember(function.parameter(header, p));
    }
    for (int i = function.firstInstruction(header); i != NONE; i = function.next(i)) {
      for (int r = 0; r < function.resultCount(i); r++) {
        remember(function.result(i, r));
      }
      if (i == end) {
        break;
      }
    }
  }

  private void remember(int value) {
    if (copyOf[value] != value) {
      last[value] = copyOf[value];
    }
  }

  /** Lets uses behind unrolled loops see the values of the last copy. */
  void finish() {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        for (int k = 0; k < function.operandCount(i); k++) {
          function.setOperand(i, k, seenFrom(b, function.operand(i, k)));
        }
        for (int n = 0; n < function.edgeCount(i); n++) {
          int edge = function.edge(i, n);
          for (int k = 0; k < function.argumentCount(edge); k++) {
            function.setArgument(edge, k, seenFrom(b, function.argument(edge, k)));
          }
        }
      }
    }
  }

  private int seenFrom(int block, int value) {
    return value < last.length && last[value] != NONE && function.definingBlock(value) != block
        ? last[value]
        : value;
  }

  // ---- one copy

  private void map(int value, int to, boolean linear, long by) {
    copyOf[value] = to;
    isLinear[value] = linear;
    distance[value] = by;
  }

  private int mapped(int header, int value) {
    return isInside(header, value) ? copyOf[value] : value;
  }

  private boolean isInside(int header, int value) {
    return value < copyOf.length && function.definingBlock(value) == header;
  }

  private void identity(int header) {
    for (int p = 0; p < function.parameterCount(header); p++) {
      int parameter = function.parameter(header, p);
      map(parameter, parameter, true, 0);
    }
    for (int i = function.firstInstruction(header); i != NONE; i = function.next(i)) {
      for (int r = 0; r < function.resultCount(i); r++) {
        map(function.result(i, r), function.result(i, r), true, 0);
      }
    }
  }

  /** Goes on to the next iteration: the parameters become what the last copy passes on. */
  private void advance(int header, boolean linear) {
    int edge = selfEdge(header);
    int count = function.parameterCount(header);
    int[] next = new int[count];
    boolean[] known = new boolean[count];
    long[] by = new long[count];
    for (int p = 0; p < count; p++) {
      int argument = function.argument(edge, p);
      long step = stepOfParameter(header, function.parameter(header, p));
      next[p] = mapped(header, argument);
      known[p] = linear && step != 0 && isLinear[argument];
      by[p] = known[p] ? step + distance[argument] : 0;
    }
    for (int p = 0; p < count; p++) {
      map(function.parameter(header, p), next[p], known[p], by[p]);
    }
  }

  private void copyBody(int header, int place, boolean linear) {
    copyBody(header, place, linear, function.previous(function.terminator(header)));
  }

  private void copyBody(int header, int place, boolean linear, int end) {
    for (int i = function.firstInstruction(header); i != NONE; i = function.next(i)) {
      if (!linear || !shift(header, i, place)) {
        copy(header, i, place);
      }
      if (i == end) {
        return;
      }
    }
  }

  /** Whether the current copy of {@code value} is the value plus a constant. */
  private boolean isShifted(int header, int value) {
    return !isInside(header, value) || isLinear[value];
  }

  private long shiftOf(int header, int value) {
    return isInside(header, value) ? distance[value] : 0;
  }

  /** Copies an instruction whose result is that of the first iteration plus a constant. */
  private boolean shift(int header, int i, int place) {
    SsaOp op = function.op(i);
    if (op == SsaOp.ICONST || op == SsaOp.FCONST) {
      map(function.result(i), function.result(i), true, 0);
      return true;
    }
    if (op != SsaOp.IADD && op != SsaOp.ISUB && op != SsaOp.SHL && op != SsaOp.IMUL) {
      return false;
    }
    int a = function.operand(i, 0);
    int b = function.operand(i, 1);
    if (!isShifted(header, a) || !isShifted(header, b)) {
      return false;
    }
    long left = shiftOf(header, a);
    long right = shiftOf(header, b);
    boolean scales = op == SsaOp.SHL || op == SsaOp.IMUL;
    if (scales && !isConstant(b)) {
      return false;
    }
    SsaType type = function.controllingType(i);
    long by =
        switch (op) {
          case IADD -> left + right;
          case ISUB -> left - right;
          case SHL -> left << (constant(b) & type.bits() - 1);
          default -> left * constant(b);
        };
    by = type == SsaType.I32 ? (int) by : by;
    int result = function.result(i);
    map(result, by == 0 ? result : plus(result, type, by, i, place), true, by);
    return true;
  }

  private int plus(int value, SsaType type, long constant, int origin, int place) {
    int base = value;
    long sum = constant;
    if (function.op(origin) == SsaOp.IADD && isConstant(function.operand(origin, 1))) {
      // Sums with one constant are what the other passes know.
      base = function.operand(origin, 0);
      sum += constant(function.operand(origin, 1));
    }
    scratch[1] = number(type, sum, origin, place);
    scratch[0] = base;
    return link(function.newInstruction(SsaOp.IADD, type, scratch, 2), origin, place);
  }

  private int number(SsaType type, long bits, int origin, int place) {
    int number = function.newInstruction(SsaOp.ICONST, type, scratch, 0);
    function.setImmediate(number, type == SsaType.I32 ? (int) bits : bits);
    return link(number, origin, place);
  }

  private int link(int instruction, int origin, int place) {
    function.setWasmOffset(instruction, function.wasmOffset(origin));
    function.addResults(instruction);
    function.insertBefore(instruction, place);
    return function.result(instruction);
  }

  private void copy(int header, int i, int place) {
    SsaOp op = function.op(i);
    int count = function.operandCount(i);
    int[] operands = count <= scratch.length ? scratch : new int[count];
    for (int k = 0; k < count; k++) {
      operands[k] = mapped(header, function.operand(i, k));
    }
    SsaType type = op.isTyped() ? function.controllingType(i) : SsaType.I32;
    if (op == SsaOp.IADD && isConstant(operands[0]) && isConstant(operands[1])) {
      // Counters of peeled iterations.
      long sum = constant(operands[0]) + constant(operands[1]);
      map(function.result(i), number(type, sum, i, place), false, 0);
      return;
    }
    int copy = function.newInstruction(op, type, operands, count);
    function.setImmediate(copy, function.immediate(i));
    function.setDetail(copy, function.detail(i));
    function.setAuxiliary(copy, function.auxiliary(i));
    function.setRegion(copy, function.region(i));
    link(copy, i, place);
    for (int r = 0; r < function.resultCount(i); r++) {
      map(function.result(i, r), function.result(copy, r), false, 0);
    }
  }
}

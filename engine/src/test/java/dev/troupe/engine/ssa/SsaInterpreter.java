package dev.troupe.engine.ssa;

import java.util.Arrays;

/**
 * Runs a function instruction by instruction. Values are longs: i32 sign-extended, f32 as its bits
 * in the low half. Traps are {@link SsaMachine.Trap}.
 */
public final class SsaInterpreter {
  /** The function took more steps than it was allowed. */
  public static final class OutOfSteps extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final SsaFunction function;
  private final SsaMachine machine;
  private final long[] values;
  // The upper halves of vectors.
  private final long[] upper;
  private long steps;

  private SsaInterpreter(SsaFunction function, SsaMachine machine, long steps) {
    this.function = function;
    this.machine = machine;
    this.values = new long[function.valueCount()];
    this.upper = new long[function.valueCount()];
    this.steps = steps;
  }

  /**
   * Runs {@code function} to its return.
   *
   * @throws SsaMachine.Trap when it traps
   * @throws OutOfSteps after {@code steps} instructions
   */
  public static long[] run(SsaFunction function, SsaMachine machine, long[] arguments, long steps) {
    return new SsaInterpreter(function, machine, steps).run(arguments);
  }

  private long[] run(long[] arguments) {
    int block = function.entry();
    for (int k = 0; k < arguments.length; k++) {
      values[function.parameter(block, k)] = arguments[k];
    }
    while (true) {
      int i = function.firstInstruction(block);
      while (!function.op(i).isTerminator()) {
        step();
        execute(i);
        i = function.next(i);
      }
      step();
      int position = 0;
      switch (function.op(i)) {
        case RETURN -> {
          return operands(i, 0);
        }
        case RETURN_CALL -> {
          return machine.returnCall(function.callee(i), operands(i, 0));
        }
        case RETURN_CALL_INDIRECT -> {
          return machine.returnCallIndirect(use(i, 0), use(i, 1), operands(i, 2));
        }
        case TRAP -> throw new SsaMachine.Trap(function.trapKind(i));
        case BR_IF -> position = use(i, 0) != 0 ? 0 : 1;
        case BR_TABLE ->
            position = (int) Math.min(use(i, 0) & 0xFFFF_FFFFL, function.edgeCount(i) - 1);
        default -> {}
      }
      block = follow(function.edge(i, position));
    }
  }

  private void step() {
    if (--steps < 0) {
      throw new OutOfSteps();
    }
  }

  private int follow(int edge) {
    int target = function.target(edge);
    long[] arguments = new long[function.argumentCount(edge)];
    long[] upperArguments = new long[arguments.length];
    for (int k = 0; k < arguments.length; k++) {
      arguments[k] = values[function.argument(edge, k)];
      upperArguments[k] = upper[function.argument(edge, k)];
    }
    for (int k = 0; k < arguments.length; k++) {
      values[function.parameter(target, k)] = arguments[k];
      upper[function.parameter(target, k)] = upperArguments[k];
    }
    return target;
  }

  private long use(int i, int position) {
    return values[function.operand(i, position)];
  }

  private long[] operands(int i, int from) {
    long[] all = new long[function.operandCount(i) - from];
    Arrays.setAll(all, k -> use(i, from + k));
    return all;
  }

  private void define(int i, long... results) {
    for (int k = 0; k < function.resultCount(i); k++) {
      SsaType type = function.valueType(function.result(i, k));
      values[function.result(i, k)] = normal(type, results[k]);
    }
  }

  private static long normal(SsaType type, long bits) {
    return switch (type) {
      case I32 -> (int) bits;
      case F32 -> bits & 0xFFFF_FFFFL;
      case I64, F64, V128 -> bits;
    };
  }

  private void execute(int i) {
    SsaOp op = function.op(i);
    switch (op) {
      case ICONST, FCONST -> define(i, function.immediate(i));
      case SELECT -> define(i, use(i, 0) != 0 ? use(i, 1) : use(i, 2));
      case SPLAT -> {
        long all = use(i, 0);
        if (function.controllingType(i).bytes() == 4) {
          all = all << 32 | all & 0xFFFF_FFFFL;
        }
        defineVector(i, all, all);
      }
      case VADD, VSUB, VMUL, VDIV, VAND, VOR, VXOR ->
          defineVector(
              i,
              lanes(i, op, use(i, 0), use(i, 1)),
              lanes(i, op, upper[function.operand(i, 0)], upper[function.operand(i, 1)]));
      case LOAD, STORE, CTX_LOAD, CTX_STORE, RAW_LOAD, RAW_STORE -> access(i, op);
      case CTX_ADDRESS -> define(i, machine.contextAddress((int) function.offset(i)));
      case TRAP_IF -> {
        if (use(i, 0) != 0) {
          throw new SsaMachine.Trap(function.trapKind(i));
        }
      }
      case CALL -> define(i, machine.call(function.callee(i), operands(i, 0)));
      case CALL_INDIRECT -> define(i, machine.callIndirect(use(i, 0), use(i, 1), operands(i, 2)));
      case CALL_BUILTIN -> define(i, machine.callBuiltin(function.builtin(i), operands(i, 0)));
      default -> pure(i, op);
    }
  }

  private void defineVector(int i, long low, long high) {
    values[function.result(i)] = low;
    upper[function.result(i)] = high;
  }

  /** One half of a vector. */
  private long lanes(int i, SsaOp op, long a, long b) {
    SsaType lane = function.controllingType(i);
    if (lane.bytes() == 8) {
      return lane(op, lane, a, b);
    }
    long low = lane(op, lane, normal(lane, a), normal(lane, b));
    long high = lane(op, lane, normal(lane, a >>> 32), normal(lane, b >>> 32));
    return high << 32 | low & 0xFFFF_FFFFL;
  }

  private static long lane(SsaOp op, SsaType type, long a, long b) {
    boolean isInteger = type.isInteger();
    SsaOp scalar =
        switch (op) {
          case VADD -> isInteger ? SsaOp.IADD : SsaOp.FADD;
          case VSUB -> isInteger ? SsaOp.ISUB : SsaOp.FSUB;
          case VMUL -> isInteger ? SsaOp.IMUL : SsaOp.FMUL;
          case VDIV -> SsaOp.FDIV;
          case VAND -> SsaOp.IAND;
          case VOR -> SsaOp.IOR;
          case VXOR -> SsaOp.IXOR;
          default -> throw new AssertionError(op);
        };
    return isInteger
        ? SsaArithmetic.integer(scalar, type, a, b)
        : SsaArithmetic.floating(scalar, type, a, b);
  }

  /** Linear memory only; the upper half goes first, since it is what may be out of bounds. */
  private void vectorAccess(int i, SsaOp op) {
    int memory = function.memory(i);
    long offset = function.offset(i);
    if (op == SsaOp.STORE) {
      machine.store(memory, index(i), offset + 8, 8, upper[function.operand(i, 1)]);
      machine.store(memory, index(i), offset, 8, use(i, 1));
    } else {
      long high = machine.load(memory, index(i), offset + 8, 8);
      defineVector(i, machine.load(memory, index(i), offset, 8), high);
    }
  }

  private void access(int i, SsaOp op) {
    MemoryAccess access = function.access(i);
    if (access == MemoryAccess.VECTOR128) {
      vectorAccess(i, op);
      return;
    }
    int bytes = access.bytes();
    int offset = (int) function.offset(i);
    switch (op) {
      case STORE ->
          machine.store(function.memory(i), index(i), function.offset(i), bytes, use(i, 1));
      case CTX_STORE -> machine.contextStore(offset, bytes, use(i, 0));
      case RAW_STORE -> machine.rawStore(use(i, 0), offset, bytes, use(i, 1));
      case LOAD ->
          loaded(i, access, machine.load(function.memory(i), index(i), function.offset(i), bytes));
      case CTX_LOAD -> loaded(i, access, machine.contextLoad(offset, bytes));
      case RAW_LOAD -> loaded(i, access, machine.rawLoad(use(i, 0), offset, bytes));
      default -> throw new AssertionError(op);
    }
  }

  private long index(int i) {
    long index = use(i, 0);
    return function.valueType(function.operand(i, 0)) == SsaType.I32 ? index & 0xFFFF_FFFFL : index;
  }

  private void loaded(int i, MemoryAccess access, long bits) {
    int unused = 64 - 8 * access.bytes();
    define(i, access.signExtends() ? bits << unused >> unused : bits);
  }

  private void pure(int i, SsaOp op) {
    SsaType from = function.valueType(function.operand(i, 0));
    long a = use(i, 0);
    long result;
    if (op == SsaOp.ICMP) {
      result = SsaArithmetic.compare(function.intCondition(i), from, a, use(i, 1));
    } else if (op == SsaOp.FCMP) {
      result = SsaArithmetic.compare(function.floatCondition(i), from, a, use(i, 1));
    } else if (function.operandCount(i) == 2) {
      result =
          from.isInteger()
              ? SsaArithmetic.integer(op, from, a, use(i, 1))
              : SsaArithmetic.floating(op, from, a, use(i, 1));
    } else {
      result =
          switch (op) {
            case PROMOTE, DEMOTE, BITCAST, SITOF, UITOF, FTOSI, FTOUI, FTOSI_SAT, FTOUI_SAT ->
                SsaArithmetic.convert(op, from, function.valueType(function.result(i)), a);
            default ->
                from.isInteger()
                    ? SsaArithmetic.integer(op, from, a)
                    : SsaArithmetic.floating(op, from, a);
          };
    }
    define(i, result);
  }
}

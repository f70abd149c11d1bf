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
  private long steps;

  private SsaInterpreter(SsaFunction function, SsaMachine machine, long steps) {
    this.function = function;
    this.machine = machine;
    this.values = new long[function.valueCount()];
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
    for (int k = 0; k < arguments.length; k++) {
      arguments[k] = values[function.argument(edge, k)];
    }
    for (int k = 0; k < arguments.length; k++) {
      values[function.parameter(target, k)] = arguments[k];
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

  private void access(int i, SsaOp op) {
    MemoryAccess access = function.access(i);
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

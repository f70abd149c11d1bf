package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.oracle.Vectors;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.WasmOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a function instruction by instruction. Values are longs: i32 sign-extended, f32 as its bits
 * in the low half, vectors as {@link VectorHandles}. Traps are {@link SsaMachine.Trap}.
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

  /** What references to exceptions refer to. */
  private final List<SsaMachine.Thrown> references = new ArrayList<>();

  /** What the handler that control went to last has caught. */
  private SsaMachine.@Nullable Thrown caught;

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
        case TRY_CALL, TRY_CALL_INDIRECT -> {
          try {
            boolean direct = function.op(i) == SsaOp.TRY_CALL;
            define(
                i,
                direct
                    ? machine.call(function.callee(i), operands(i, 0))
                    : machine.callIndirect(use(i, 0), use(i, 1), operands(i, 2)));
          } catch (SsaMachine.Thrown thrown) {
            position = 1 + handler(i, thrown);
          }
        }
        case THROW -> position = handler(i, new SsaMachine.Thrown(function.tag(i), operands(i, 0)));
        case THROW_REF -> position = handler(i, references.get((int) use(i, 0) - 1));
        case BR_IF -> position = use(i, 0) != 0 ? 0 : 1;
        case BR_TABLE ->
            position = (int) Math.min(use(i, 0) & 0xFFFF_FFFFL, function.edgeCount(i) - 1);
        default -> {}
      }
      block = follow(function.edge(i, position));
    }
  }

  /** The handler of {@code i} that catches; if none does, the exception goes on. */
  private int handler(int i, SsaMachine.Thrown thrown) {
    for (int h = 0; h < function.handlers(i).size(); h++) {
      int tag = function.handlers(i).get(h).tag();
      if (tag == Handler.ANY || tag == thrown.tag()) {
        caught = thrown;
        return h;
      }
    }
    throw thrown;
  }

  private long caught(int offset) {
    if (caught == null) {
      throw new AssertionError("nothing has been caught");
    }
    if (offset == CaughtException.REFERENCE) {
      references.add(caught);
      return references.size();
    }
    int index = 0;
    while (CaughtException.value(index) != offset) {
      index++;
    }
    return caught.values()[index];
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
      case I64, F64, V128, REF -> bits;
    };
  }

  private void execute(int i) {
    SsaOp op = function.op(i);
    switch (op) {
      case ICONST, FCONST -> define(i, function.immediate(i));
      case SELECT -> define(i, use(i, 0) != 0 ? use(i, 1) : use(i, 2));
      case VCONST -> define(i, VectorHandles.of(function.vectorLow(i), function.vectorHigh(i)));
      case SPLAT, EXTRACT, REPLACE, VUNARY, VBINARY, VTERNARY, VSHIFT, VTEST -> vector(i, op);
      case VSHUFFLE ->
          define(
              i,
              Vectors.shuffle(use(i, 0), use(i, 1), function.vectorLow(i), function.vectorHigh(i)));
      case ADD128, SUB128, MUL_WIDE_S, MUL_WIDE_U -> define(i, wide(op, operands(i, 0)));
      case LOAD, STORE, CTX_LOAD, CTX_STORE, RAW_LOAD, RAW_STORE -> access(i, op);
      case ATOMIC_LOAD,
          ATOMIC_STORE,
          ATOMIC_ADD,
          ATOMIC_AND,
          ATOMIC_OR,
          ATOMIC_XOR,
          ATOMIC_EXCHANGE,
          ATOMIC_COMPARE_EXCHANGE ->
          atomic(i, op);
      case FENCE -> {}
      case REF_ADDRESS, REF_TO_BITS, BITS_TO_REF -> define(i, use(i, 0));
      case CTX_ADDRESS -> define(i, machine.contextAddress((int) function.offset(i)));
      case TRAP_IF -> {
        if (use(i, 0) != 0) {
          throw new SsaMachine.Trap(function.trapKind(i));
        }
      }
      case CAUGHT -> define(i, caught((int) function.offset(i)));
      case CALL -> define(i, machine.call(function.callee(i), operands(i, 0)));
      case CALL_INDIRECT -> define(i, machine.callIndirect(use(i, 0), use(i, 1), operands(i, 2)));
      case CALL_BUILTIN -> define(i, machine.callBuiltin(function.builtin(i), operands(i, 0)));
      default -> pure(i, op);
    }
  }

  private static long[] wide(SsaOp op, long[] a) {
    BigInteger result =
        switch (op) {
          case ADD128 -> wide(a[0], a[1]).add(wide(a[2], a[3]));
          case SUB128 -> wide(a[0], a[1]).subtract(wide(a[2], a[3]));
          case MUL_WIDE_S -> BigInteger.valueOf(a[0]).multiply(BigInteger.valueOf(a[1]));
          case MUL_WIDE_U -> wide(a[0], 0).multiply(wide(a[1], 0));
          default -> throw new AssertionError(op);
        };
    return new long[] {result.longValue(), result.shiftRight(64).longValue()};
  }

  private static BigInteger wide(long low, long high) {
    BigInteger unsigned = new BigInteger(Long.toUnsignedString(low));
    return BigInteger.valueOf(high).shiftLeft(64).add(unsigned);
  }

  private void vector(int i, SsaOp op) {
    WasmOp wasm = WasmOp.valueOf(function.vectorOp(i).name());
    long a = use(i, 0);
    define(
        i,
        switch (op) {
          case SPLAT -> Vectors.splat(wasm, a);
          case EXTRACT -> Vectors.extract(wasm, a, function.lane(i));
          case REPLACE -> Vectors.replace(wasm, a, function.lane(i), use(i, 1));
          case VUNARY -> Vectors.unary(wasm, a);
          case VBINARY -> Vectors.binary(wasm, a, use(i, 1));
          case VTERNARY -> Vectors.ternary(wasm, a, use(i, 1), use(i, 2));
          case VSHIFT -> Vectors.shift(wasm, a, use(i, 1));
          default -> Vectors.test(wasm, a);
        });
  }

  /** Linear memory; the upper half goes first, since it is what may be out of bounds. */
  private void vectorAccess(int i, SsaOp op) {
    int memory = function.memory(i);
    long offset = function.offset(i);
    if (op == SsaOp.STORE) {
      machine.store(memory, index(i), offset + 8, 8, VectorHandles.high(use(i, 1)));
      machine.store(memory, index(i), offset, 8, VectorHandles.low(use(i, 1)));
    } else {
      long high = machine.load(memory, index(i), offset + 8, 8);
      define(i, VectorHandles.of(machine.load(memory, index(i), offset, 8), high));
    }
  }

  private void access(int i, SsaOp op) {
    MemoryAccess access = function.access(i);
    if (access == MemoryAccess.VECTOR128 && (op == SsaOp.LOAD || op == SsaOp.STORE)) {
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

  /** One thread runs here: a load and a store do. */
  private void atomic(int i, SsaOp op) {
    int memory = function.memory(i);
    int bytes = function.access(i).bytes();
    long offset = function.offset(i);
    if (op == SsaOp.ATOMIC_STORE) {
      machine.store(memory, index(i), offset, bytes, use(i, 1));
      return;
    }
    long old = machine.load(memory, index(i), offset, bytes);
    long mask = -1L >>> 64 - 8 * bytes;
    long next =
        switch (op) {
          case ATOMIC_ADD -> old + use(i, 1);
          case ATOMIC_AND -> old & use(i, 1);
          case ATOMIC_OR -> old | use(i, 1);
          case ATOMIC_XOR -> old ^ use(i, 1);
          case ATOMIC_EXCHANGE -> use(i, 1);
          case ATOMIC_COMPARE_EXCHANGE -> (use(i, 1) & mask) == (old & mask) ? use(i, 2) : old;
          default -> old;
        };
    if (op != SsaOp.ATOMIC_LOAD) {
      machine.store(memory, index(i), offset, bytes, next);
    }
    define(i, old);
  }

  private long index(int i) {
    long index = use(i, 0);
    return function.valueType(function.operand(i, 0)) == SsaType.I32 ? index & 0xFFFF_FFFFL : index;
  }

  private void loaded(int i, MemoryAccess access, long bits) {
    if (access.isPartialVector()) {
      define(i, partialVector(access, bits));
      return;
    }
    if (access == MemoryAccess.VECTOR128) {
      // A global, which is kept as it is.
      define(i, bits);
      return;
    }
    int unused = 64 - 8 * access.bytes();
    define(i, access.signExtends() ? bits << unused >> unused : bits);
  }

  private static long partialVector(MemoryAccess access, long bits) {
    String name = access.text().replace("extend", "");
    int digits = 0;
    while (digits < name.length() && !Character.isDigit(name.charAt(digits))) {
      digits++;
    }
    String number = name.substring(digits);
    String suffix = digits == 0 ? "" : "_" + name.substring(0, digits);
    return Vectors.loaded("load" + number + suffix, bits);
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
            case REF_TO_BITS, BITS_TO_REF -> a;
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

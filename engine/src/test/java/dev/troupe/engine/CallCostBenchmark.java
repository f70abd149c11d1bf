package dev.troupe.engine;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * What crossing between host and guest costs. A program, not a test: run its {@code main} on an
 * idle machine; it prints the median of several rounds, in nanoseconds. Guests are assembled by
 * hand, so the compiler has no part in the figures.
 */
public final class CallCostBenchmark {
  private static final int ROUNDS = 15;
  private static final long CALLS = 3_000_000;
  private static final MethodHandle PLAIN = NativeEntry.link(plainFunction());

  private final Engine engine = Engine.create();
  private final Store<Integer> store = Store.create(engine, 4);
  private final TypedFunc add;
  private final MethodHandle addHandle;
  private final TypedFunc inlineLoop;

  private CallCostBenchmark() {
    HandModule hand =
        new HandModule(
            "(module (import \"host\" \"f\" (func (param i64) (result i64)))"
                + " (func (export \"inc\") (param i64) (result i64) i64.const 0)"
                + " (func (export \"loop\") (param i64) (result i64) i64.const 0))");
    hand.function(0);
    hand.asm.rm(LEA64, RAX, Mem.base(RDI, 1));
    hand.leave();
    hand.function(40);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 8), RBX);
    hand.asm.rr(MOV64_RM, RBX, RDI);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 0), R15);
    int loop = hand.asm.bindNew();
    hand.asm.rr(MOV64_RM, RDI, RBX);
    int slot = hand.layout().funcRef(0);
    hand.asm.rm(MOV64_RM, R11, Mem.base(R15, slot + FuncRefLayout.CODE));
    hand.asm.rm(MOV64_RM, R15, Mem.base(R15, slot + FuncRefLayout.INSTANCE));
    hand.asm.r(CALL_M, R11);
    hand.asm.rm(MOV64_RM, R15, Mem.base(RSP, 0));
    hand.asm.ri(SUB64_MI, RBX, 1);
    hand.asm.jcc(X64Cond.NE, loop);
    hand.asm.rm(MOV64_RM, RBX, Mem.base(RSP, 8));
    hand.leave();
    Linker<Integer> linker = Linker.create(engine);
    FuncType type = FuncType.of(List.of(NumType.I64), List.of(NumType.I64));
    linker.func("host", "f", type, (caller, call) -> call.returnI64(call.i64(0) + caller.data()));
    Instance instance = linker.instantiate(store, hand.load(engine));
    add = instance.func("inc").typed();
    addHandle = add.asMethodHandle();
    inlineLoop = instance.func("loop").typed();
  }

  /** {@code int f(long)}: returns its argument plus one. */
  private static long plainFunction() {
    Assembler asm = new Assembler();
    asm.rm(LEA64, RAX, Mem.base(RDI, 1));
    asm.op(RET);
    byte[] code = asm.finish();
    long address = VirtualMemory.allocate(VirtualMemory.PAGE_BYTES);
    RawMemory.copyIn(code, 0, address, code.length);
    VirtualMemory.protect(address, VirtualMemory.PAGE_BYTES, Protection.READ_EXECUTE);
    return address;
  }

  private static long plain(long calls) {
    long value = 0;
    try {
      for (long i = 0; i < calls; i++) {
        value = (int) PLAIN.invokeExact(value);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return value;
  }

  private long typed(long calls) {
    long value = 0;
    for (long i = 0; i < calls; i++) {
      value = add.callRaw(value);
    }
    return value;
  }

  private long handle(long calls) {
    long value = 0;
    try {
      for (long i = 0; i < calls; i++) {
        value = (long) addHandle.invokeExact(value);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return value;
  }

  private long hostCalls(long calls) {
    return inlineLoop.callRaw(calls);
  }

  private static void measure(String what, LongUnaryOperator body) {
    double[] nanos = new double[ROUNDS];
    for (int round = -5; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long unused = body.applyAsLong(CALLS);
      double perCall = (System.nanoTime() - start) / (double) CALLS;
      if (round >= 0) {
        nanos[round] = perCall;
      }
      if (unused == Long.MIN_VALUE) {
        throw new IllegalStateException("impossible result");
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-34s %6.1f ns   (min %.1f, max %.1f)%n",
        what, nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1]);
  }

  /** Prints the figures. */
  public static void main(String[] args) {
    CallCostBenchmark benchmark = new CallCostBenchmark();
    measure("plain FFM call", CallCostBenchmark::plain);
    measure("host to guest, TypedFunc.callRaw", benchmark::typed);
    measure("host to guest, method handle", benchmark::handle);
    measure("guest to host and back, inline", benchmark::hostCalls);
    measure("plain FFM call", CallCostBenchmark::plain);
    benchmark.store.close();
    benchmark.engine.close();
  }
}

package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.KernelTimer;
import dev.troupe.engine.os.NativeThread;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.Signals;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.stub.GuestHarness.GuestFiber;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spinning guests share a thread and compute what they compute alone. */
class PreemptionTest {
  private static final int FIBERS = 24;
  private static final long SLICE_NANOS = 200_000;
  private static final long ROUNDS = 3_000_000;

  private final GuestHarness harness = GuestHarness.get();

  /** {@code (seed, rounds) -> (integer hash, float hash)}: flags, registers and stack in use. */
  private static Assembler spinner() {
    Assembler asm = new Assembler();
    asm.rr(MOV64_RM, RAX, RDI);
    asm.rr(MOV64_RM, RCX, RSI);
    asm.rr(CVTSI2SD_64, XMM0, RDI);
    asm.movImm(RDX, Double.doubleToRawLongBits(0.999_999));
    asm.rr(MOVQ_XR, XMM1, RDX);
    asm.movImm(R8, 0x9E37_79B9_7F4A_7C15L);
    asm.movImm(R9, 0);
    int loop = asm.bindNew();
    asm.rr(IMUL64_RM, RAX, R8);
    asm.ri(ROR64_I, RAX, 17);
    asm.rr(ADD64_RM, RAX, RCX);
    asm.ri(ADC64_MI, R9, 0);
    asm.r(PUSH_R, RAX);
    asm.rr(MULSD, XMM0, XMM1);
    asm.rr(CVTSI2SD_64, XMM2, RCX);
    asm.rr(ADDSD, XMM0, XMM2);
    asm.r(POP_R, RDX);
    asm.rr(XOR64_RM, R9, RDX);
    asm.ri(SUB64_MI, RCX, 1);
    asm.jcc(X64Cond.NE, loop);
    asm.rr(ADD64_RM, RAX, R9);
    asm.op(RET);
    return asm;
  }

  @Test
  void spinningFibersShareOneThreadAndStayExact() {
    FuncType type =
        FuncType.of(List.of(NumType.I64, NumType.I64), List.of(NumType.I64, NumType.F64));
    long code = harness.publish(spinner());
    long[][] expected = new long[FIBERS][];
    GuestFiber alone = harness.fiber(type, code);
    for (int i = 0; i < FIBERS; i++) {
      alone.restart().value(0, i * 1234567L).value(1, ROUNDS + i);
      assertThat(alone.enter()).isEqualTo(ExitCode.DONE);
      expected[i] = new long[] {alone.value(0), alone.value(1)};
    }
    Deque<Integer> queue = new ArrayDeque<>();
    GuestFiber[] fibers = new GuestFiber[FIBERS];
    for (int i = 0; i < FIBERS; i++) {
      fibers[i] = harness.fiber(type, code).value(0, i * 1234567L).value(1, ROUNDS + i);
      queue.add(i);
    }
    int preemptions = 0;
    try (KernelTimer timer = KernelTimer.create(Signals.SIGURG, NativeThread.current().id())) {
      timer.arm(SLICE_NANOS, SLICE_NANOS);
      while (!queue.isEmpty()) {
        int next = queue.remove();
        if (fibers[next].enter() == ExitCode.PREEMPTED) {
          long pc = fibers[next].get(StoreContext.EXIT_PC);
          assertThat(pc).isBetween(code, code + 200);
          preemptions++;
          queue.add(next);
        }
      }
    }
    assertThat(preemptions).isGreaterThan(FIBERS);
    for (int i = 0; i < FIBERS; i++) {
      assertThat(new long[] {fibers[i].value(0), fibers[i].value(1)}).isEqualTo(expected[i]);
    }
  }

  @Test
  void everyRegisterSurvivesWithAndWithoutXsave() {
    for (GuestHarness own : List.of(harness, new GuestHarness(CpuFeatures.baseline()))) {
      Assembler asm = new Assembler();
      RegisterPattern pattern = new RegisterPattern(asm);
      pattern.set();
      int spin = asm.bindNew();
      asm.mi(CMP32_MI, Mem.base(R15, InstanceLayout.HANDLE), 0);
      asm.jcc(X64Cond.E, spin);
      pattern.checkAndReturn(RegisterPattern.ALL);
      GuestFiber fiber = own.fiber(FuncType.of(List.of(), List.of(NumType.I64)), own.publish(asm));
      fiber.value(0, -1);
      try (KernelTimer timer = KernelTimer.create(Signals.SIGURG, NativeThread.current().id())) {
        timer.arm(100_000, 100_000);
        for (int i = 0; i < 50; i++) {
          assertThat(fiber.enter()).isEqualTo(ExitCode.PREEMPTED);
          scribble(own);
        }
        RawMemory.putLong(fiber.instance + InstanceLayout.HANDLE, 1);
        fiber.finish();
      }
      assertThat(fiber.value(0)).as("first register that changed").isZero();
    }
  }

  /** Another fiber with other register contents runs in between. */
  private static void scribble(GuestHarness harness) {
    Assembler asm = new Assembler();
    for (int i = 0; i < 16; i++) {
      asm.rr(XORPS, XMM0 + i, XMM0 + i);
    }
    asm.op(RET);
    Scribbler.RUN
        .computeIfAbsent(harness, own -> own.fiber(GuestHarness.NULLARY, own.publish(asm)))
        .restart()
        .finish();
  }

  private static final class Scribbler {
    static final java.util.Map<GuestHarness, GuestFiber> RUN = new java.util.HashMap<>();
  }

  @Test
  void aBulkOperationIsInterruptedAtItsNextChunk() {
    Assembler asm = new Assembler();
    asm.r(PUSH_R, RBX);
    asm.rm(MOV64_RM, RBX, Mem.base(R15, InstanceLayout.BUILTINS));
    asm.m(CALL_M, Mem.base(RBX, Builtin.MEMORY_FILL.tableOffset()));
    asm.r(POP_R, RBX);
    asm.op(RET);
    long bytes = 256L << 20;
    long memory = VirtualMemory.allocate(bytes);
    GuestFiber fiber = harness.fiber(Builtin.MEMORY_FILL.type(), harness.publish(asm));
    fiber.value(0, memory).value(1, 0x5A).value(2, bytes);
    int yields = 0;
    try (KernelTimer timer = KernelTimer.create(Signals.SIGURG, NativeThread.current().id())) {
      timer.arm(200_000, 200_000);
      ExitCode code = fiber.enter();
      while (code != ExitCode.DONE) {
        assertThat(code).isIn(ExitCode.EPOCH, ExitCode.PREEMPTED);
        RawMemory.putIntVolatile(fiber.flag, 0);
        yields++;
        code = fiber.enter();
      }
    }
    assertThat(yields).isPositive();
    assertThat(RawMemory.getByte(memory + bytes - 1)).isEqualTo((byte) 0x5A);
    assertThat(RawMemory.getByte(memory + bytes / 2)).isEqualTo((byte) 0x5A);
    VirtualMemory.unmap(memory, bytes);
  }
}

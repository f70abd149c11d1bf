package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.stub.GuestHarness.GuestFiber;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every way out of a guest and back, for random signatures. */
class ExitStubsTest {
  private static final ValType[] TYPES = {
    NumType.I32, NumType.I64, NumType.F32, NumType.F64, VecType.V128
  };

  private final GuestHarness harness = GuestHarness.get();

  @Test
  void argumentsAndResultsOfHostCallsArrive() {
    long seed = 42;
    Random random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      FuncType type = FuncType.of(types(random), types(random));
      long trampoline = GuestHarness.map(SignatureStubs.hostTrampoline(type, harness.cpu));
      long caller = harness.publish(forwardingCaller(type, trampoline));
      GuestFiber fiber = harness.fiber(type, caller);
      long[] arguments = fill(fiber, type.params(), random);
      assertThat(fiber.enter()).as("seed %d, %s", seed, type).isEqualTo(ExitCode.HOST_CALL);
      check(fiber, type.params(), arguments, "argument of " + type);
      assertThat(fiber.get(StoreContext.CALLEE_INSTANCE)).isEqualTo(fiber.instance);
      assertThat(fiber.get(StoreContext.EXIT_PC)).isBetween(caller, caller + 4096);
      assertThat(fiber.get(StoreContext.EXIT_RSP)).isBetween(fiber.stackTop - 2048, fiber.stackTop);
      for (int i = 0; i < 64; i++) {
        fiber.value(i, 0);
      }
      long[] results = fill(fiber, type.results(), random);
      assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
      check(fiber, type.results(), results, "result of " + type);
    }
  }

  /** A guest function that passes its arguments on and its results back, in a frame of its own. */
  private static Assembler forwardingCaller(FuncType type, long target) {
    Assembler asm = new Assembler();
    int area = CallingConvention.of(type).stackBytes();
    asm.ri(SUB64_MI, RSP, area + 8);
    for (int offset = 0; offset < area; offset += 16) {
      asm.rm(MOVUPS_RM, XMM15, Mem.base(RSP, area + 16 + offset));
      asm.mr(MOVUPS_MR, Mem.base(RSP, offset), XMM15);
    }
    asm.movImm(R11, target);
    asm.r(CALL_M, R11);
    for (int offset = 0; offset < area; offset += 16) {
      asm.rm(MOVUPS_RM, XMM15, Mem.base(RSP, offset));
      asm.mr(MOVUPS_MR, Mem.base(RSP, area + 16 + offset), XMM15);
    }
    asm.ri(ADD64_MI, RSP, area + 8);
    asm.op(RET);
    return asm;
  }

  @Test
  void everyBuiltinLeavesWithItsCodeAndArguments() {
    Random random = new Random(7);
    for (Builtin builtin : Builtin.values()) {
      ExitCode code = builtin.exitCode();
      if (code == null || builtin == Builtin.TRAP) {
        continue;
      }
      FuncType type = builtin.type();
      long stub = harness.stubs + harness.code.builtinOffset(builtin);
      GuestFiber fiber = harness.fiber(type, harness.publish(forwardingCaller(type, stub)));
      long[] arguments = fill(fiber, type.params(), random);
      assertThat(fiber.enter()).isEqualTo(code);
      check(fiber, type.params(), arguments, "argument of " + builtin);
      long[] results = fill(fiber, type.results(), random);
      assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
      check(fiber, type.results(), results, "result of " + builtin);
    }
  }

  @Test
  void theTrapBuiltinTellsKindAndPlace() {
    for (TrapKind kind : TrapKind.values()) {
      Assembler asm = new Assembler();
      asm.ri(SUB64_MI, RSP, 8);
      asm.movImm(RDI, kind.ordinal());
      asm.rm(MOV64_RM, R11, Mem.base(R15, InstanceLayout.BUILTINS));
      asm.m(CALL_M, Mem.base(R11, Builtin.TRAP.tableOffset()));
      int after = asm.mark();
      long base = harness.publish(asm);
      GuestFiber fiber = harness.fiber(GuestHarness.NULLARY, base);
      assertThat(fiber.enter()).isEqualTo(ExitCode.TRAP);
      assertThat(fiber.trapKind()).isEqualTo(kind);
      assertThat(fiber.get(StoreContext.EXIT_PC)).isEqualTo(base + asm.offsetOf(after));
      assertThat(fiber.get(StoreContext.EXIT_RSP)).isEqualTo(fiber.stackTop - 16);
    }
  }

  @Test
  void fuelAndEpochExitsPreserveEveryRegister() {
    for (CpuFeatures cpu : List.of(harness.cpu, CpuFeatures.baseline())) {
      GuestHarness own = cpu == harness.cpu ? harness : new GuestHarness(cpu);
      for (Builtin builtin : List.of(Builtin.FUEL_EXIT, Builtin.EPOCH_EXIT)) {
        preservesEveryRegister(own, builtin);
      }
    }
  }

  private static void preservesEveryRegister(GuestHarness harness, Builtin builtin) {
    Assembler asm = new Assembler();
    RegisterPattern pattern = new RegisterPattern(asm);
    pattern.set();
    asm.rm(MOV64_RM, R11, Mem.base(R15, InstanceLayout.BUILTINS));
    asm.m(CALL_M, Mem.base(R11, builtin.tableOffset()));
    pattern.checkAndReturn(RegisterPattern.ALL_BUT_R11);
    GuestFiber fiber =
        harness.fiber(FuncType.of(List.of(), List.of(NumType.I64)), harness.publish(asm));
    for (int i = 0; i < 100; i++) {
      fiber.restart().value(0, -1);
      assertThat(fiber.enter()).isEqualTo(builtin.exitCode());
      assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
      assertThat(fiber.value(0)).as("first register that changed").isZero();
    }
  }

  @Test
  void guestsHaveTheirOwnRoundingMode() {
    Assembler asm = new Assembler();
    asm.rr(CVTSD2SI_64, RAX, XMM0);
    asm.op(RET);
    GuestFiber fiber =
        harness.fiber(
            FuncType.of(List.of(NumType.F64), List.of(NumType.I64)), harness.publish(asm));
    int roundUp = StoreContext.DEFAULT_MXCSR | 0x4000;
    RawMemory.putInt(fiber.context + StoreContext.GUEST_MXCSR, roundUp);
    fiber.value(0, Double.doubleToRawLongBits(2.25));
    assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
    assertThat(fiber.value(0)).isEqualTo(3);
    assertThat(1.0 / 3.0).isEqualTo(Double.longBitsToDouble(0x3FD5555555555555L));
    fiber.restart().value(0, Double.doubleToRawLongBits(2.25));
    assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
    assertThat(fiber.value(0)).isEqualTo(2);
  }

  private static List<ValType> types(Random random) {
    List<ValType> types = new ArrayList<>();
    for (int i = random.nextInt(24); i > 0; i--) {
      types.add(TYPES[random.nextInt(TYPES.length)]);
    }
    return types;
  }

  private static long[] fill(GuestFiber fiber, List<ValType> types, Random random) {
    long[] values = new long[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong();
      fiber.value(i, values[i]);
      if (types.get(i) == VecType.V128) {
        RawMemory.putLong(fiber.values + 16L * i + 8, ~values[i]);
      }
    }
    return values;
  }

  private static void check(GuestFiber fiber, List<ValType> types, long[] values, String what) {
    for (int i = 0; i < values.length; i++) {
      boolean half = types.get(i) == NumType.I32 || types.get(i) == NumType.F32;
      long mask = half ? 0xFFFF_FFFFL : -1L;
      assertThat(fiber.value(i) & mask).as("%s, index %d", what, i).isEqualTo(values[i] & mask);
      if (types.get(i) == VecType.V128) {
        assertThat(RawMemory.getLong(fiber.values + 16L * i + 8)).isEqualTo(~values[i]);
      }
    }
  }
}

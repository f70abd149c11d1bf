package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.stub.GuestHarness.GuestFiber;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hardware faults of guests become traps, and only those. */
class TrapTest {
  private static final FuncType ONE = FuncType.of(List.of(NumType.I64), List.of(NumType.I64));
  private static final int TRAPS = 100_000;

  private final GuestHarness harness = GuestHarness.get();

  private record Loader(GuestFiber fiber, long loadPc) {}

  /** {@code load(address)}, with {@code before} other trap sites in front of it. */
  private Loader loader(int before) {
    Assembler asm = new Assembler();
    Map<Integer, TrapKind> traps = new LinkedHashMap<>();
    int start = asm.newLabel();
    asm.jmp(start);
    for (int i = 0; i < before; i++) {
      traps.put(asm.mark(), TrapKind.UNREACHABLE);
      asm.op(UD2);
    }
    asm.bind(start);
    int load = asm.mark();
    traps.put(load, TrapKind.MEMORY_OUT_OF_BOUNDS);
    asm.rm(MOV64_RM, RAX, Mem.base(RDI, 0));
    asm.op(RET);
    for (int i = 0; i < 3 * before; i++) {
      traps.put(asm.mark(), TrapKind.STACK_OVERFLOW);
      asm.op(UD2);
    }
    long base = harness.publish(asm, traps);
    return new Loader(harness.fiber(ONE, base), base + asm.offsetOf(load));
  }

  @Test
  void memoryFaultsTellKindPlaceAndAddress() {
    long reserved = VirtualMemory.reserve(1 << 20);
    for (int before : new int[] {0, 1, 2, 7, 1000, 20_000}) {
      Loader loader = loader(before);
      GuestFiber fiber = loader.fiber();
      for (int i = 0; i < 100; i++) {
        fiber.restart().value(0, reserved + 8 * i);
        assertThat(fiber.enter()).isEqualTo(ExitCode.TRAP);
        assertThat(fiber.trapKind()).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
        assertThat(fiber.get(StoreContext.FAULT_ADDRESS)).isEqualTo(reserved + 8 * i);
        assertThat(fiber.get(StoreContext.EXIT_PC)).isEqualTo(loader.loadPc());
        assertThat(fiber.get(StoreContext.EXIT_RSP)).isEqualTo(fiber.stackTop - 8);
      }
      fiber.restart().value(0, fiber.values);
      assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
    }
  }

  @Test
  void manyTrapsAlternateWithCallsThatReturn() {
    GuestFiber fiber = loader(5).fiber();
    long reserved = VirtualMemory.reserve(1 << 20);
    for (int i = 0; i < TRAPS; i++) {
      fiber.restart().value(0, reserved);
      if (fiber.enter() != ExitCode.TRAP) {
        throw new AssertionError("trap " + i);
      }
      fiber.restart().value(0, fiber.values);
      if (fiber.enter() != ExitCode.DONE || fiber.value(0) != fiber.values) {
        throw new AssertionError("call " + i);
      }
    }
  }

  @Test
  void divisionByZeroAndUd2AreTrapsToo() {
    Assembler asm = new Assembler();
    int divide = asm.mark();
    asm.movImm(RAX, 100);
    asm.op(CQO);
    int site = asm.mark();
    asm.r(IDIV64, RDI);
    asm.op(RET);
    int crash = asm.mark();
    asm.op(UD2);
    long base =
        harness.publish(
            asm,
            Map.of(site, TrapKind.INTEGER_DIVIDE_BY_ZERO, crash, TrapKind.UNINITIALIZED_ELEMENT));
    GuestFiber fiber = harness.fiber(ONE, base + asm.offsetOf(divide));
    fiber.value(0, 7);
    assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
    assertThat(fiber.value(0)).isEqualTo(14);
    fiber.restart().value(0, 0);
    assertThat(fiber.enter()).isEqualTo(ExitCode.TRAP);
    assertThat(fiber.trapKind()).isEqualTo(TrapKind.INTEGER_DIVIDE_BY_ZERO);
    GuestFiber second = harness.fiber(ONE, base + asm.offsetOf(crash));
    assertThat(second.enter()).isEqualTo(ExitCode.TRAP);
    assertThat(second.trapKind()).isEqualTo(TrapKind.UNINITIALIZED_ELEMENT);
  }
}

package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trap names the WebAssembly instruction that it belongs to, and the frame is known there. */
class TrapPlacesTest {
  private static final List<Tunables> SETTINGS =
      List.of(
          Tunables.DEFAULT,
          Tunables.DEFAULT.withTraps(TrapMode.EXPLICIT),
          Tunables.DEFAULT.withGuardBytes(0).withSpectre(false));

  private static void check(String wat, TrapKind kind, WasmOp op, long... arguments) {
    byte[] wasm = Wat.toBinary(wat);
    for (Tunables tunables : SETTINGS) {
      try (NativeGuest guest = new NativeGuest(wasm, tunables, NativeGuest.hostFeatures())) {
        NativeGuest.GuestTrap trap =
            catchThrowableOfType(NativeGuest.GuestTrap.class, () -> guest.invoke("f", arguments));
        assertThat(trap).as("trap with %s", tunables).isNotNull();
        assertThat(trap.kind()).isEqualTo(kind);
        CompiledModule compiled = guest.compiledModule();
        int pc = Math.toIntExact(guest.exitOffset());
        boolean explicit = tunables.traps() == TrapMode.EXPLICIT;
        assertThat(compiled.traps().kindAt(pc)).isEqualTo(kind.ordinal());
        int offset = compiled.addresses().wasmOffset(explicit ? pc - 1 : pc);
        assertThat(opAt(wasm, offset)).as("at %x with %s", offset, tunables).isEqualTo(op);
      }
    }
  }

  /**
   * The instruction at a byte offset; found by reading all bodies, so the offset must be its start.
   */
  private static WasmOp opAt(byte[] wasm, int offset) {
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    for (var body : module.bodies()) {
      InstructionReader reader = new InstructionReader(wasm, WasmFeatures.DEFAULT);
      reader.position(body.codeOffset());
      while (reader.position() < body.end()) {
        WasmOp op = reader.next();
        if (reader.offset() == offset) {
          return op;
        }
      }
    }
    throw new AssertionError("no instruction starts at " + offset);
  }

  @Test
  void memoryAccesses() {
    check(
        "(module (memory 1) (func (export \"f\") (param i32) (result i32)"
            + " (i32.add (i32.load8_u (i32.const 5)) (i32.load (local.get 0)))))",
        TrapKind.MEMORY_OUT_OF_BOUNDS,
        WasmOp.I32_LOAD,
        65533);
    check(
        "(module (memory 1) (func (export \"f\") (param i32) (result i64)"
            + " (i64.store offset=4 (local.get 0) (i64.const 1)) (i64.load (i32.const 0))))",
        TrapKind.MEMORY_OUT_OF_BOUNDS,
        WasmOp.I64_STORE,
        -1);
  }

  @Test
  void aLoadThatBecameAnOperandKeepsItsPlace() {
    check(
        "(module (memory 1) (func (export \"f\") (param i32) (result i32)"
            + " (i32.xor (local.get 0) (i32.load (local.get 0)))))",
        TrapKind.MEMORY_OUT_OF_BOUNDS,
        WasmOp.I32_LOAD,
        65536);
  }

  @Test
  void divisions() {
    String wat =
        "(module (func (export \"f\") (param i32 i32) (result i32)"
            + " (i32.div_s (local.get 0) (local.get 1))))";
    check(wat, TrapKind.INTEGER_DIVIDE_BY_ZERO, WasmOp.I32_DIV_S, 7, 0);
    check(wat, TrapKind.INTEGER_OVERFLOW, WasmOp.I32_DIV_S, Integer.MIN_VALUE, -1);
  }

  @Test
  void conversions() {
    String wat =
        "(module (func (export \"f\") (param f64) (result i64)"
            + " (i64.trunc_f64_u (local.get 0))))";
    long nan = Double.doubleToRawLongBits(Double.NaN);
    check(wat, TrapKind.INVALID_CONVERSION_TO_INTEGER, WasmOp.I64_TRUNC_F64_U, nan);
    long big = Double.doubleToRawLongBits(0x1p64);
    check(wat, TrapKind.INTEGER_OVERFLOW, WasmOp.I64_TRUNC_F64_U, big);
  }

  @Test
  void indirectCallsAndUnreachable() {
    String wat =
        "(module (table 3 funcref) (elem (i32.const 1) $g) (func $g (param f32))"
            + " (func (export \"f\") (param i32) (call_indirect (local.get 0))))";
    check(wat, TrapKind.UNDEFINED_ELEMENT, WasmOp.CALL_INDIRECT, 3);
    check(wat, TrapKind.UNINITIALIZED_ELEMENT, WasmOp.CALL_INDIRECT, 0);
    check(wat, TrapKind.INDIRECT_CALL_TYPE_MISMATCH, WasmOp.CALL_INDIRECT, 1);
    check("(module (func (export \"f\") (unreachable)))", TrapKind.UNREACHABLE, WasmOp.UNREACHABLE);
  }

  @Test
  void endlessRecursionReachesTheStackLimit() {
    byte[] wasm =
        Wat.toBinary(
            "(module (func $f (export \"f\") (param i64) (result i64)"
                + " (i64.add (call $f (i64.add (local.get 0) (i64.const 1))) (i64.const 1))))");
    for (Tunables tunables : SETTINGS) {
      try (NativeGuest guest = new NativeGuest(wasm, tunables, IsaFeature.none())) {
        for (int i = 0; i < 3; i++) {
          NativeGuest.GuestTrap trap =
              catchThrowableOfType(NativeGuest.GuestTrap.class, () -> guest.invoke("f", 0));
          assertThat(trap.kind()).isEqualTo(TrapKind.STACK_OVERFLOW);
        }
      }
    }
  }

  /** Values that live across a call, more than one small frame holds. */
  @Test
  void largeFramesAreCheckedBeforeTheyAreTaken() {
    StringBuilder wat = new StringBuilder("(module (memory 1) (func $g)");
    wat.append("(func $f (export \"f\") (param i32) (result i64) ");
    int values = 1500;
    for (int i = 0; i < values; i++) {
      wat.append("(i64.load offset=").append(8 * i).append(" (i32.const 0)) ");
    }
    wat.append("(call $g) (if (local.get 0) (then (drop (call $f (local.get 0))))) ");
    wat.append("i64.add ".repeat(values - 1)).append(") (func (export \"set\") (param i32)");
    wat.append(" (i64.store (local.get 0) (i64.const 3))))");
    byte[] wasm = Wat.toBinary(wat.toString());
    for (Tunables tunables : SETTINGS) {
      try (NativeGuest guest = new NativeGuest(wasm, tunables, IsaFeature.none())) {
        for (int i = 0; i < values; i++) {
          assertThat(guest.invoke("set", 8 * i)).isEmpty();
        }
        assertThat(guest.invoke("f", 0)).containsExactly(3L * values);
        assertThat(guest.text().frameBytes()[1]).isGreaterThan(8 * values - 200);
        NativeGuest.GuestTrap trap =
            catchThrowableOfType(NativeGuest.GuestTrap.class, () -> guest.invoke("f", 1));
        assertThat(trap.kind()).isEqualTo(TrapKind.STACK_OVERFLOW);
        assertThat(guest.exitOffset())
            .isBetween(
                (long) guest.text().functionStarts()[1], (long) guest.text().prologueEnds()[1]);
      }
    }
  }
}

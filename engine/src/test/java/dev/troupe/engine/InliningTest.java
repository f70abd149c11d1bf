package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.WasmFrame;
import dev.troupe.engine.text.Wat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest and its host can see does not tell whether calls were inlined. */
class InliningTest {
  /** Small functions in a chain, one that calls itself, two that call each other. */
  private static final String MODULE =
      """
      (module
        (memory 1)
        (func $load (param i32) (result i32) (i32.load (local.get 0)))
        (func $twice (param i32) (result i32)
          (i32.add (call $load (local.get 0)) (call $load (i32.shl (local.get 0) (i32.const 1)))))
        (func (export "chain") (param i32) (result i32)
          (i32.add (call $twice (i32.const 8)) (call $twice (local.get 0))))
        (func $down (export "down") (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (i32.div_u (i32.const 1) (local.get 0)))
            (else (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))))
        (func $even (export "even") (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (unreachable))
            (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
        (func $odd (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (unreachable))
            (else (call $even (i32.sub (local.get 0) (i32.const 1))))))
        (func $forever (export "forever") (param i32) (result i32)
          (call $forever (i32.add (local.get 0) (i32.const 1))))
        (func $fib (export "fib") (param i32) (result i32)
          (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else
              (i32.add
                (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
        (func (export "loop") (param i32) (result i32) (local i32)
          (loop
            (local.set 1 (i32.add (local.get 1) (call $twice (local.get 0))))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))
          (local.get 1)))
      """;

  private static final byte[] BINARY = Wat.toBinary(MODULE);

  private static List<WasmFrame> trap(boolean optimize, String function, int argument) {
    EngineConfig config = EngineConfig.builder().optimize(optimize).debugChecks(true).build();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromBinary(engine, BINARY);
        Store<Integer> store = Store.create(engine, 0)) {
      Func run = Linker.<Integer>create(engine).instantiate(store, module).func(function);
      try {
        run.call(Value.i32(argument));
      } catch (TrapException e) {
        // Which module it is and where its code lies are the only differences.
        return e.frames().stream()
            .map(f ->
                new WasmFrame(0, f.module(), f.functionIndex(), f.function(), f.wasmOffset(), 0))
            .toList();
      }
    }
    throw new AssertionError(function + " did not trap");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chain", "loop"})
  void nestedInlinedFunctionsHaveTheirFrames(String function) {
    List<WasmFrame> frames = trap(true, function, 40_000);
    assertThat(frames).extracting(WasmFrame::function).startsWith("load", "twice");
    assertThat(frames).hasSize(3).isEqualTo(trap(false, function, 40_000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 23, 100})
  void everyLevelOfARecursionHasItsFrame(int depth) {
    assertThat(trap(true, "down", depth))
        .hasSize(Math.min(depth + 1, 64))
        .isEqualTo(trap(false, "down", depth));
    assertThat(trap(true, "even", depth))
        .hasSize(Math.min(depth + 1, 64))
        .isEqualTo(trap(false, "even", depth));
  }

  @Test
  void endlessRecursionStillEnds() {
    try (Engine engine = Engine.create(EngineConfig.builder().build());
        Module module = Module.fromBinary(engine, BINARY);
        Store<Integer> store = Store.create(engine, 0)) {
      Func forever = Linker.<Integer>create(engine).instantiate(store, module).func("forever");
      assertThatThrownBy(() -> forever.call(Value.i32(0)))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(TrapKind.STACK_OVERFLOW));
    }
  }

  private static long fuelUsed(boolean optimize, String function, int argument) {
    EngineConfig config = EngineConfig.builder().fuel(true).optimize(optimize).build();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromBinary(engine, BINARY);
        Store<Integer> store = Store.create(engine, 0)) {
      store.setFuel(1_000_000);
      Func run = Linker.<Integer>create(engine).instantiate(store, module).func(function);
      run.call(Value.i32(argument));
      return 1_000_000 - store.remainingFuel();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chain", "loop", "fib"})
  void inlinedCodeUsesTheSameFuel(String function) {
    assertThat(fuelUsed(true, function, 12)).isEqualTo(fuelUsed(false, function, 12)).isPositive();
  }
}

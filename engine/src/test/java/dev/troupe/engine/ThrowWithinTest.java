package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Exceptions that the function which throws them catches, as a branch or not. */
class ThrowWithinTest {
  private static final String MODULE =
      """
      (module
        (tag $one (import "m" "t") (param i32))
        (tag $two (import "m" "t") (param i32))
        (tag $mine (param i32 i64))
        (func (export "values") (param i32) (result i32 i64)
          (block $h (result i32 i64)
            (drop (i32.const 5))
            (try_table (catch $mine $h) (throw $mine (local.get 0) (i64.const 7)))
            (unreachable)))
        (func (export "all") (param i32) (result i32)
          (block $h
            (try_table (catch_all $h)
              (i32.const 3) (throw $mine (local.get 0) (i64.const 7)))
            (unreachable))
          (i32.add (local.get 0) (i32.const 1)))
        (func (export "inner") (param i32) (result i32)
          (block $outer (result i32)
            (block $inner (result i32)
              (try_table (catch $one $outer)
                (try_table (catch $one $inner) (throw $one (local.get 0))))
              (unreachable))
            (i32.add (i32.const 100))))
        (func (export "alias") (param i32) (result i32)
          (block $outer (result i32)
            (block $inner (result i32)
              (try_table (catch $two $inner) (catch $one $outer)
                (throw $one (local.get 0)))
              (unreachable))
            (i32.add (i32.const 100))))
        (func (export "reference") (param i32) (result i32)
          (local $e exnref)
          (block $h (result i32 exnref)
            (try_table (catch_ref $one $h) (throw $one (local.get 0)))
            (unreachable))
          (local.set $e)
          (block $again (param i32) (result i32)
            (drop)
            (try_table (catch $one $again) (throw_ref (local.get $e)))
            (unreachable)))
        (func (export "loop") (param i32) (result i32)
          (local $sum i32)
          (local.get 0)
          (loop $again (param i32)
            (local.tee 0)
            (local.set $sum (i32.add (local.get $sum)))
            (if (local.get 0)
              (then
                (try_table (catch $one $again)
                  (throw $one (i32.sub (local.get 0) (i32.const 1)))))))
          (local.get $sum))
        (func (export "out") (param i32)
          (block $h (result i32 i64)
            (try_table (catch $mine $h) (throw $one (local.get 0)))
            (unreachable))
          (drop) (drop))
        (func (export "legacy") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $one $h)
              (try (result i32)
                (do (throw $one (local.get 0)))
                (catch $one (i32.add (i32.const 1)))))))
        (func (export "past legacy") (param i32) (result i32)
          (block $h (result i32 i64)
            (try_table (catch $mine $h)
              (try
                (do
                  (try (do (throw $mine (local.get 0) (i64.const 7))) (delegate 0)))
                (catch $one (drop))
                (catch $two (drop))))
            (unreachable))
          (drop)))
      """;

  private static void with(boolean optimize, Consumer<Instance> check) {
    EngineConfig config =
        EngineConfig.builder()
            .features(WasmFeatures.DEFAULT.with(WasmFeature.LEGACY_EXCEPTIONS))
            .optimize(optimize)
            .debugChecks(true)
            .build();
    String tags = "(module (tag (export \"t\") (param i32)))";
    try (Engine engine = Engine.create(config);
        Module tag = Module.fromText(engine, tags);
        Module module = Module.fromBinary(engine, Wat.toBinary(MODULE));
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      linker.instance("m", linker.instantiate(store, tag));
      check.accept(linker.instantiate(store, module));
    }
  }

  private static List<Value> call(Instance instance, String name) {
    return instance.func(name).call(List.of(new Value.I32(10)));
  }

  @Test
  void valuesArriveWhereTheyAreCaught() {
    for (boolean optimize : new boolean[] {true, false}) {
      with(
          optimize,
          instance -> {
            assertThat(call(instance, "values"))
                .isEqualTo(List.of(new Value.I32(10), new Value.I64(7)));
            assertThat(call(instance, "all")).isEqualTo(List.of(new Value.I32(11)));
            assertThat(call(instance, "inner")).isEqualTo(List.of(new Value.I32(110)));
            assertThat(call(instance, "alias")).isEqualTo(List.of(new Value.I32(110)));
            assertThat(call(instance, "reference")).isEqualTo(List.of(new Value.I32(10)));
            assertThat(call(instance, "loop")).isEqualTo(List.of(new Value.I32(55)));
            assertThat(call(instance, "legacy")).isEqualTo(List.of(new Value.I32(11)));
            assertThat(call(instance, "past legacy")).isEqualTo(List.of(new Value.I32(10)));
            assertThatThrownBy(() -> call(instance, "out")).isInstanceOf(GuestException.class);
          });
    }
  }
}

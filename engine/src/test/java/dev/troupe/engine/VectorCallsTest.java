package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors as arguments, results, globals and locals: in registers, on the stack, in host calls. */
class VectorCallsTest {
  private static final String MODULE =
      """
      (module
        (type $pair (func (param v128 v128) (result v128 v128)))
        (import "host" "swap" (func $swap (type $pair)))
        (table 1 funcref)
        (elem (i32.const 0) $exchange)
        (global $kept (export "kept") (mut v128) (v128.const i64x2 5 6))
        (global (export "constant") v128 (v128.const i32x4 1 2 3 4))
        (func $exchange (type $pair) (local.get 1) (local.get 0))
        (func (export "host") (type $pair)
          (call $swap (local.get 0) (local.get 1)))
        (func (export "indirect") (type $pair)
          (call_indirect (type $pair) (local.get 0) (local.get 1) (i32.const 0)))
        (func (export "tail") (type $pair)
          (return_call $exchange (local.get 0) (local.get 1)))
        (func (export "next") (param v128) (result v128)
          (local.get 0) (global.get $kept) i64x2.add (global.set $kept)
          (global.get $kept))
        (func $many (export "many")
          (param v128 i32 v128 v128 v128 v128 v128 v128 v128 f64 v128 v128)
          (result v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 i32 f64)
          (local.get 11) (local.get 10) (local.get 8) (local.get 7) (local.get 6) (local.get 5)
          (local.get 4) (local.get 3) (local.get 2) (local.get 0) (local.get 1) (local.get 9))
        (func (export "tail-many")
          (param v128 i32 v128 v128 v128 v128 v128 v128 v128 f64 v128 v128)
          (result v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 i32 f64)
          (return_call $many
            (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
            (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10)
            (local.get 11)))
        (func (export "live") (param v128 i32) (result v128)
          (local $sum v128) (local $a v128) (local $b v128)
          (local.set $a (i32x4.splat (local.get 1)))
          (local.set $b (i32x4.mul (local.get $a) (local.get $a)))
          (loop $again
            (local.set $sum
              (i32x4.add (local.get $sum)
                (select (local.get $a) (local.get $b) (i32.and (local.get 1) (i32.const 1)))))
            (call $swap (local.get $sum) (local.get $a))
            (local.set $b)
            (local.set $a)
            (br_if $again (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
          (i32x4.add (local.get $sum) (local.get 0))))
      """;

  private static Value vector(long low, long high) {
    return Value.v128(low, high);
  }

  private static void with(String isa, BiConsumer<Instance, Store<String>> test) {
    EngineConfig.Builder config = EngineConfig.builder().debugChecks(true);
    if (isa.equals("none")) {
      config.isa(Set.of());
    }
    try (Engine engine = Engine.create(config.build());
        Module module = Module.fromText(engine, MODULE);
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      FuncType pair =
          FuncType.of(List.of(VecType.V128, VecType.V128), List.of(VecType.V128, VecType.V128));
      linker.func(
          "host",
          "swap",
          pair,
          (caller, call) -> {
            Value first = call.value(0);
            call.result(0, call.value(1));
            call.result(1, first);
          });
      test.accept(linker.instantiate(store, module), store);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "none"})
  void pairsGoThroughHostTablesAndTails(String isa) {
    with(
        isa,
        (instance, store) -> {
          for (String name : List.of("host", "indirect", "tail")) {
            assertThat(instance.func(name).call(List.of(vector(1, 2), vector(3, -4))))
                .as(name)
                .containsExactly(vector(3, -4), vector(1, 2));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "none"})
  void globalsHoldVectors(String isa) {
    with(
        isa,
        (instance, store) -> {
          assertThat(instance.func("next").call(List.of(vector(10, 20))))
              .containsExactly(vector(15, 26));
          assertThat(instance.global("kept").get()).isEqualTo(vector(15, 26));
          instance.global("kept").set(vector(-1, 7));
          assertThat(instance.func("next").call(List.of(vector(1, 1))))
              .containsExactly(vector(0, 8));
          assertThat(instance.global("constant").get())
              .isEqualTo(vector(0x2_0000_0001L, 0x4_0000_0003L));
          assertThatThrownBy(() -> instance.global("kept").set(Value.i32(1)))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "none"})
  void moreVectorsThanRegistersGoOverTheStack(String isa) {
    List<Value> arguments = new ArrayList<>();
    List<Value> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      arguments.add(
          i == 1 ? Value.i32(99) : i == 9 ? Value.f64(0.5) : vector(i * 1_000_003L, ~(long) i));
    }
    for (int i : new int[] {11, 10, 8, 7, 6, 5, 4, 3, 2, 0, 1, 9}) {
      expected.add(arguments.get(i));
    }
    with(
        isa,
        (instance, store) -> {
          assertThat(instance.func("many").call(arguments)).isEqualTo(expected);
          assertThat(instance.func("tail-many").call(arguments)).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "none"})
  void vectorsLiveAcrossCalls(String isa) {
    with(
        isa,
        (instance, store) -> {
          int a = 5;
          int b = 25;
          int sum = 0;
          for (int n = 5; n > 0; n--) {
            sum += (n & 1) != 0 ? a : b;
            b = sum;
          }
          long both = (long) (sum + 1) << 32 | sum + 1 & 0xFFFF_FFFFL;
          long one = 0x1_0000_0001L;
          assertThat(instance.func("live").call(List.of(vector(one, one), Value.i32(5))))
              .containsExactly(vector(both, both));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "none"})
  void typedFunctionsTakeVectorsByHalves(String isa) {
    with(
        isa,
        (instance, store) -> {
          TypedFunc typed = instance.func("host").typed();
          assertThat(typed.callHalves(1, 2, 3, 4)).isEqualTo(3);
          assertThat(typed.resultHigh(0)).isEqualTo(4);
          assertThat(typed.result(1)).isEqualTo(1);
          assertThat(typed.resultHigh(1)).isEqualTo(2);
          assertThatThrownBy(() -> typed.callRaw(1, 2))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("by halves");
        });
  }
}

package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** References to functions of declared types: where the scripts do not look. */
class FunctionReferencesTest {
  private static Engine engine(TrapMode traps) {
    return Engine.create(
        EngineConfig.builder()
            .traps(traps)
            .features(WasmFeatures.DEFAULT.with(WasmFeature.GC))
            .debugChecks(true)
            .build());
  }

  private static Instance instantiate(Store<?> store, String text) {
    // The code outlives its owner with the instance.
    try (Module module = Module.fromText(store.engine(), text)) {
      return Linker.create(store.engine()).instantiate(cast(store), module);
    }
  }

  @SuppressWarnings("unchecked")
  private static Store<Object> cast(Store<?> store) {
    return (Store<Object>) store;
  }

  private static TrapKind trap(Func func, Value... arguments) {
    try {
      func.call(arguments);
    } catch (TrapException e) {
      assertThat(e.frames()).isNotEmpty();
      return e.kind();
    }
    throw new AssertionError("no trap");
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void aNullReferenceThatIsNotCalledDoesNotTrap(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<Object> store = Store.create(engine, new Object())) {
      Instance instance =
          instantiate(
              store,
              """
              (module
                (type $f (func (param i32) (result i32)))
                (func (export "run") (param $r (ref null $f)) (param $n i32) (result i32)
                  (local $sum i32)
                  (loop $again
                    (if (i32.and (local.get $n) (i32.const 1024))
                      (then
                        (local.set $sum
                          (i32.add (local.get $sum)
                            (call_ref $f (local.get $n) (local.get $r))))))
                    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                    (br_if $again (local.get $n)))
                  (local.get $sum))
                (func $double (export "double") (param i32) (result i32)
                  (i32.mul (local.get 0) (i32.const 2)))
                (elem declare func $double))
              """);
      Func run = instance.func("run");
      Value nobody = Value.funcRef(null);
      assertThat(run.call(nobody, Value.i32(1000))).containsExactly(Value.i32(0));
      assertThat(trap(run, nobody, Value.i32(1025))).isEqualTo(TrapKind.NULL_FUNCTION);
      assertThat(run.call(Value.funcRef(instance.func("double")), Value.i32(1025)))
          .containsExactly(Value.i32(2 * (1024 + 1025)));
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void anIndirectCallTakesSubtypesOfAnyDepth(TrapMode traps) {
    StringBuilder types = new StringBuilder("(module (type $t0 (sub (func (result i32))))");
    StringBuilder rest = new StringBuilder("(table funcref (elem $f0");
    for (int i = 1; i < 12; i++) {
      types.append("(type $t%d (sub $t%d (func (result i32))))".formatted(i, i - 1));
      rest.append(" $f").append(i);
    }
    rest.append("))");
    for (int i = 0; i < 12; i++) {
      rest.append("(func $f%d (type $t%d) (i32.const %d))".formatted(i, i, i));
      rest.append(
          "(func (export \"call%d\") (param i32) (result i32)".formatted(i)
              + " (call_indirect (type $t%d) (local.get 0)))".formatted(i));
      rest.append(
          "(func (export \"test%d\") (param i32) (result i32)".formatted(i)
              + " (ref.test (ref $t%d) (table.get (local.get 0))))".formatted(i));
      rest.append(
          "(func (export \"cast%d\") (param i32) (result i32)".formatted(i)
              + " (call_ref $t%d (ref.cast (ref $t%d) (table.get (local.get 0)))))"
                  .formatted(i, i));
    }
    try (Engine engine = engine(traps);
        Store<Object> store = Store.create(engine, new Object())) {
      Instance instance = instantiate(store, types + rest.toString() + ")");
      for (int wanted = 0; wanted < 12; wanted++) {
        for (int actual = 0; actual < 12; actual++) {
          Value index = Value.i32(actual);
          Func call = instance.func("call" + wanted);
          Func cast = instance.func("cast" + wanted);
          boolean matches = actual >= wanted;
          assertThat(instance.func("test" + wanted).call(index))
              .containsExactly(Value.i32(matches ? 1 : 0));
          if (matches) {
            assertThat(call.call(index)).containsExactly(index);
            assertThat(cast.call(index)).containsExactly(index);
          } else {
            assertThat(trap(call, index)).isEqualTo(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
            assertThat(trap(cast, index)).isEqualTo(TrapKind.CAST_FAILURE);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void nullChecksTrapWhereTheySay(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<Object> store = Store.create(engine, new Object())) {
      Instance instance =
          instantiate(
              store,
              """
              (module
                (type $f (func))
                (type $g (func (result i32)))
                (global $count (export "count") (mut i32) (i32.const 0))
                (table 1 (ref null $f))
                (table $any 1 funcref)
                (func $bump (result i32)
                  (global.set $count (i32.add (global.get $count) (i32.const 1)))
                  (global.get $count))
                (func (export "as") (param (ref null $f))
                  (drop (call $bump)) (drop (ref.as_non_null (local.get 0))) (drop (call $bump)))
                (func (export "tail") (param (ref null $f))
                  (drop (call $bump)) (return_call_ref $f (local.get 0)))
                (func (export "typed") (call_indirect (type $f) (i32.const 0)))
                (func (export "untyped") (call_indirect $any (type $f) (i32.const 0)))
                (func (export "cast") (param funcref) (result i32)
                  (call_ref $g (ref.cast (ref null $g) (local.get 0))))
                (func (export "i31") (result i32) (i31.get_u (ref.null i31))))
              """);
      Value nobody = Value.funcRef(null);
      assertThat(trap(instance.func("as"), nobody)).isEqualTo(TrapKind.NULL_REFERENCE);
      assertThat(instance.global("count").get()).isEqualTo(Value.i32(1));
      assertThat(trap(instance.func("tail"), nobody)).isEqualTo(TrapKind.NULL_FUNCTION);
      assertThat(instance.global("count").get()).isEqualTo(Value.i32(2));
      assertThat(trap(instance.func("typed"))).isEqualTo(TrapKind.UNINITIALIZED_ELEMENT);
      assertThat(trap(instance.func("untyped"))).isEqualTo(TrapKind.UNINITIALIZED_ELEMENT);
      assertThat(trap(instance.func("cast"), nobody)).isEqualTo(TrapKind.NULL_FUNCTION);
      assertThat(trap(instance.func("i31"))).isEqualTo(TrapKind.NULL_I31);
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void theHostIsHeldToDeclaredTypes(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<Object> store = Store.create(engine, new Object())) {
      Instance instance =
          instantiate(
              store,
              """
              (module
                (type $f (func (param i32) (result i32)))
                (func $same (export "same") (type $f) (local.get 0))
                (func (export "other"))
                (table (export "t") 1 (ref null $f))
                (global (export "g") (mut (ref $f)) (ref.func $same))
                (func (export "take") (param (ref $f)) (result i32)
                  (call_ref $f (i32.const 7) (local.get 0)))
                (elem declare func $same))
              """);
      Value same = Value.funcRef(instance.func("same"));
      Value other = Value.funcRef(instance.func("other"));
      Func take = instance.func("take");
      assertThat(take.call(same)).containsExactly(Value.i32(7));
      FuncType type = new FuncType(List.of(NumType.I32), List.of(NumType.I32));
      Func host = Func.create(store, type, (caller, call) -> call.returnI32(call.i32(0) + 1));
      assertThat(take.call(Value.funcRef(host))).containsExactly(Value.i32(8));
      for (Value wrong : List.of(other, Value.funcRef(null), Value.i32(1))) {
        assertThatThrownBy(() -> take.call(wrong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> instance.global("g").set(wrong))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> instance.table("t").set(0, other))
          .isInstanceOf(IllegalArgumentException.class);
      instance.table("t").set(0, Value.funcRef(null));
      instance.global("g").set(Value.funcRef(host));
      assertThat(instance.global("g").get().type()).isEqualTo(RefType.FUNCREF);
    }
  }
}

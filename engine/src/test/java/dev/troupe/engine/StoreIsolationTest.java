package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to one store gets into no other, in whatever it is wrapped. */
class StoreIsolationTest {
  private static final String GUEST =
      """
      (module
        (type $s (struct (field (mut i32))))
        (import "host" "extern" (func $extern (result externref)))
        (import "host" "func" (func $func (result funcref)))
        (global (export "g") (mut externref) (ref.null extern))
        (table (export "t") 1 externref)
        (func (export "make") (result (ref $s)) (struct.new $s (i32.const 7)))
        (func (export "take") (param externref) (result i32)
          (struct.get $s 0 (ref.cast (ref $s) (any.convert_extern (local.get 0)))))
        (func (export "any") (param anyref) (result i32) (ref.is_null (local.get 0)))
        (func (export "extern") (drop (call $extern)))
        (func (export "func") (drop (call $func))))
      """;

  private Engine engine;
  private Module module;
  private Linker<String> linker;
  private Store<String> store;
  private Store<String> other;
  private Instance instance;
  private StructRef foreign;

  /** What the host functions return. */
  private @Nullable Object returned;

  @BeforeEach
  void open() {
    engine = Engine.create();
    module = Module.fromText(engine, GUEST);
    linker = Linker.create(engine);
    linker.func(
        "host",
        "extern",
        FuncType.of(List.of(), List.of(RefType.EXTERNREF)),
        (_, call) -> call.returnExtern(returned));
    linker.func(
        "host",
        "func",
        FuncType.of(List.of(), List.of(RefType.FUNCREF)),
        (_, call) -> call.returnFunc((Func) returned));
    store = Store.create(engine, "");
    other = Store.create(engine, "");
    instance = linker.instantiate(store, module);
    foreign = struct(linker.instantiate(other, module));
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
    module.close();
    engine.close();
  }

  private static StructRef struct(Instance of) {
    if (of.func("make").call().getFirst() instanceof Value.Any(AnyRef any)
        && any instanceof StructRef struct) {
      return struct;
    }
    throw new AssertionError("no struct");
  }

  private static void assertForeign(Runnable use) {
    assertThatThrownBy(use::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another store");
  }

  @Test
  void anObjectOfAnotherStoreIsNoExternalReference() {
    Value value = Value.externRef(foreign);
    assertForeign(() -> instance.func("take").call(value));
    assertForeign(() -> instance.func("take").start(value));
    assertForeign(() -> instance.global("g").set(value));
    assertForeign(() -> instance.table("t").set(0, value));
    assertThat(instance.func("take").call(Value.externRef(struct(instance))))
        .containsExactly(Value.i32(7));
  }

  @Test
  void norIsItOneInTheShapeOfAHostObject() {
    Value value = new Value.Any(new AnyRef.Host(ExternRef.of(foreign)));
    assertForeign(() -> instance.func("any").call(value));
    Value twice = Value.externRef(new AnyRef.Host(ExternRef.of(foreign)));
    assertForeign(() -> instance.func("take").call(twice));
  }

  @Test
  void aHostFunctionCannotReturnIt() {
    returned = foreign;
    assertHostError("extern");
    returned = linker.instantiate(other, module).func("make");
    assertHostError("func");
    returned = instance.func("make");
    assertThat(instance.func("func").call()).isEmpty();
  }

  private void assertHostError(String name) {
    TrapException trap =
        catchThrowableOfType(TrapException.class, () -> instance.func(name).call());
    assertThat(trap.kind()).isEqualTo(TrapKind.HOST_ERROR);
    assertThat(trap).hasMessageContaining("another store");
  }
}

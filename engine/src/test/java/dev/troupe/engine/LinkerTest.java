package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.TableType;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Linking, and the four ways in which a module can fail before it runs. */
class LinkerTest {
  private final Engine engine = Engine.create();
  private final Store<String> store = Store.create(engine, "data");
  private final Linker<String> linker = Linker.create(engine);

  @AfterEach
  void close() {
    store.close();
    engine.close();
  }

  private Instance instantiate(String text) {
    try (Module module = Module.fromText(engine, text)) {
      return linker.instantiate(store, module);
    }
  }

  @Test
  void phasesAreToldApart() {
    assertThatThrownBy(() -> Module.fromBinary(engine, new byte[] {0, 'a', 's', 'm'}))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Module.fromText(engine, "(module (func"))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Module.fromText(engine, "(module (func (result i32)))"))
        .isInstanceOf(InvalidException.class)
        .hasMessageStartingWith("type mismatch");
    assertThatThrownBy(() -> instantiate("(module (import \"a\" \"b\" (func)))"))
        .isInstanceOf(LinkException.class)
        .hasMessage("unknown import: 'a' 'b' is not defined");
    linker.func("a", "b", FuncType.of(List.of(NumType.I32), List.of()), (caller, call) -> {});
    assertThatThrownBy(() -> instantiate("(module (import \"a\" \"b\" (func)))"))
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("incompatible import type: 'a' 'b' is");
    assertThatThrownBy(() -> instantiate("(module (memory 1) (data (i32.const 65536) \"x\"))"))
        .isInstanceOf(InstantiationException.class)
        .hasMessageStartingWith("out of bounds memory access")
        .hasCauseInstanceOf(TrapException.class);
    assertThatThrownBy(() -> instantiate("(module (func $f unreachable) (start $f))"))
        .isInstanceOf(InstantiationException.class)
        .hasMessageStartingWith("unreachable")
        .hasCauseInstanceOf(TrapException.class);
  }

  @Test
  void unknownImportsBecomeTraps() {
    String text =
        "(module (import \"a\" \"b\" (func $b (result i64)))"
            + " (func (export \"run\") (drop (call $b))))";
    try (Module module = Module.fromText(engine, text)) {
      linker.defineUnknownImportsAsTraps(module);
      Func run = linker.instantiate(store, module).func("run");
      assertThatThrownBy(run::call)
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(TrapKind.UNKNOWN_IMPORT))
          .hasMessageStartingWith("unknown import called: 'a' 'b'\n    at ");
    }
  }

  @Test
  void namesAreDefinedOnceUnlessShadowed() {
    FuncType type = FuncType.of(List.of(), List.of(NumType.I32));
    linker.func("a", "b", type, (caller, call) -> call.returnI32(1));
    assertThatThrownBy(() -> linker.func("a", "b", type, (caller, call) -> call.returnI32(2)))
        .hasMessage("import 'a' 'b' is defined already");
    linker.allowShadowing(true);
    linker.func("a", "b", type, (caller, call) -> call.returnI32(2));
    Func run =
        instantiate(
                "(module (import \"a\" \"b\" (func $b (result i32))) (export \"run\" (func $b)))")
            .func("run");
    assertThat(run.call()).containsExactly(Value.i32(2));
  }

  @Test
  void instancesShareMemoriesTablesGlobalsAndFunctions() {
    Instance first =
        instantiate(
            "(module (memory (export \"m\") 1 3) (global (export \"g\") (mut i64) (i64.const 5))"
                + " (table (export \"t\") 2 funcref) (elem (i32.const 0) func $three)"
                + " (func $three (export \"three\") (result i32) (i32.const 3)))");
    linker.instance("first", first);
    Instance second =
        instantiate(
            "(module (import \"first\" \"m\" (memory 1)) (import \"first\" \"t\" (table 2 funcref))"
                + " (import \"first\" \"g\" (global $g (mut i64)))"
                + " (import \"first\" \"three\" (func $three (result i32)))"
                + " (type $v (func (result i32)))"
                + " (func (export \"direct\") (result i32) (call $three))"
                + " (func (export \"indirect\") (param i32) (result i32)"
                + " (call_indirect (type $v) (local.get 0)))"
                + " (func $four (result i32) (i32.const 4)) (elem (i32.const 1) func $four)"
                + " (func (export \"set\") (global.set $g (i64.load (i32.const 8)))))");
    assertThat(second.func("direct").call()).containsExactly(Value.i32(3));
    assertThat(second.func("indirect").call(Value.i32(0))).containsExactly(Value.i32(3));
    assertThat(second.func("indirect").call(Value.i32(1))).containsExactly(Value.i32(4));
    Func four = Objects.requireNonNull(first.table("t").get(1).asFunc());
    assertThat(four.call()).containsExactly(Value.i32(4));
    first.memory("m").putLong(8, 77);
    second.func("set").call();
    assertThat(first.global("g").get()).isEqualTo(Value.i64(77));
    assertThat(first.memory("m").grow(2)).isEqualTo(1);
    assertThat(first.memory("m").grow(1)).isEqualTo(-1);
  }

  @Test
  void builtinsWorkOnTheInstanceWhoseCodeRuns() {
    linker.func("h", "nothing", FuncType.of(List.of(), List.of()), (caller, call) -> {});
    Instance inner =
        instantiate(
            "(module (import \"h\" \"nothing\" (func $nothing)) (memory (export \"m\") 1)"
                + " (table (export \"t\") 1 funcref) (data $d \"abc\")"
                + " (func (export \"grow\") (result i32) (call $nothing)"
                + " (drop (table.grow (ref.null func) (i32.const 5)))"
                + " (memory.init $d (i32.const 4) (i32.const 0) (i32.const 3))"
                + " (data.drop $d) (memory.grow (i32.const 2))))");
    linker.instance("inner", inner);
    Instance outer =
        instantiate(
            "(module (import \"inner\" \"grow\" (func $grow (result i32)))"
                + " (memory (export \"m\") 7) (table (export \"t\") 9 funcref)"
                + " (func (export \"run\") (result i32)"
                + " (i32.add (call $grow) (memory.grow (i32.const 1)))))");
    assertThat(outer.func("run").call()).containsExactly(Value.i32(8));
    assertThat(inner.memory("m").pages()).isEqualTo(3);
    assertThat(inner.memory("m").readUtf8(4, 3)).isEqualTo("abc");
    assertThat(inner.table("t").size()).isEqualTo(6);
    assertThat(outer.memory("m").pages()).isEqualTo(8);
    assertThat(outer.table("t").size()).isEqualTo(9);
  }

  @Test
  void valueAreaGrowsWhileACallIsGoingOn() {
    StringBuilder wide = new StringBuilder("(module (func (export \"wide\") (result");
    wide.append(" i64".repeat(500)).append(")");
    for (int i = 0; i < 500; i++) {
      wide.append(" (i64.const ").append(i).append(')');
    }
    String text = wide.append("))").toString();
    linker.blockingFunc(
        "h",
        "load",
        FuncType.of(List.of(NumType.I64), List.of(NumType.I64)),
        (caller, call) -> {
          long argument = call.i64(0);
          List<Value> values = instantiate(text).func("wide").call();
          call.returnI64(argument + values.size() + values.get(499).asI64());
        });
    String caller =
        "(module (import \"h\" \"load\" (func $load (param i64) (result i64)))"
            + " (func (export \"run\") (param i64) (result i64 i64)"
            + " (call $load (local.get 0)) (i64.const 5)))";
    Func run = instantiate(caller).func("run");
    assertThat(run.call(Value.i64(1_000_000))).containsExactly(Value.i64(1_000_999), Value.i64(5));
    TypedFunc typed = run.typed();
    assertThat(typed.callRaw(1)).isEqualTo(1_000);
    assertThat(typed.result(1)).isEqualTo(5);
  }

  @Test
  void hostMakesMemoriesTablesAndGlobals() {
    Memory memory = Memory.create(store, new MemoryType(Limits.between(1, 2), false));
    Global global =
        Global.create(store, new GlobalType(RefType.EXTERNREF, true), Value.externRef("one"));
    Func triple =
        Func.create(
            store,
            FuncType.of(List.of(NumType.F64), List.of(NumType.F64)),
            (caller, call) -> call.returnF64(3 * call.f64(0)));
    Table table =
        Table.create(store, new TableType(RefType.FUNCREF, Limits.atLeast(1)), Value.funcRef(null));
    table.set(0, Value.funcRef(triple));
    linker.define("h", "m", memory).define("h", "g", global).define("h", "t", table);
    Instance instance =
        instantiate(
            "(module (import \"h\" \"m\" (memory 1 2)) (import \"h\" \"t\" (table 1 funcref))"
                + " (import \"h\" \"g\" (global $g (mut externref)))"
                + " (type $f (func (param f64) (result f64)))"
                + " (func (export \"swap\") (param externref) (result externref)"
                + " (global.get $g) (global.set $g (local.get 0)))"
                + " (func (export \"call\") (param f64) (result f64)"
                + " (call_indirect (type $f) (local.get 0) (i32.const 0)))"
                + " (func (export \"peek\") (result i32) (i32.load16_u (i32.const 65535))))");
    assertThat(instance.func("swap").call(Value.externRef("two")).getFirst().asExtern())
        .isEqualTo("one");
    assertThat(global.get().asExtern()).isEqualTo("two");
    assertThat(instance.func("call").call(Value.f64(1.5))).containsExactly(Value.f64(4.5));
    assertThatThrownBy(() -> instance.func("peek").call()).isInstanceOf(TrapException.class);
    memory.grow(1);
    memory.putByte(65_535, (byte) 9);
    assertThat(instance.func("peek").call()).containsExactly(Value.i32(9));
    assertThatThrownBy(() -> memory.getInt(2 * 65_536 - 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> table.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void thingsOfAnotherStoreAreRefused() {
    try (Store<String> other = Store.create(engine, "other")) {
      Memory foreign = Memory.create(other, new MemoryType(Limits.atLeast(1), false));
      linker.define("h", "m", foreign);
      assertThatThrownBy(() -> instantiate("(module (import \"h\" \"m\" (memory 1)))"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another store");
    }
  }

  @Test
  void callerIsTheImportingInstance() {
    linker.func(
        "h",
        "peek",
        FuncType.of(List.of(), List.of(NumType.I32)),
        (caller, call) -> call.returnI32(caller.memory("m").getByte(0)));
    String text =
        "(module (import \"h\" \"peek\" (func $peek (result i32)))"
            + " (memory (export \"m\") 1) (data (i32.const 0) \"%s\")"
            + " (func (export \"run\") (result i32) (call $peek)))";
    Func a = instantiate(text.formatted("A")).func("run");
    Func b = instantiate(text.formatted("B")).func("run");
    assertThat(a.call()).containsExactly(Value.i32('A'));
    assertThat(b.call()).containsExactly(Value.i32('B'));
    assertThat(a.call()).containsExactly(Value.i32('A'));
  }

  @Test
  void missingExportIsNamed() {
    Instance instance = instantiate("(module (func (export \"f\")) (memory (export \"m\") 0))");
    assertThatThrownBy(() -> instance.func("g"))
        .hasMessage("no exported function 'g'; exports are [f, m]");
    assertThat(instance.export("g")).isEmpty();
    assertThat(instance.exports()).containsOnlyKeys("f", "m");
  }
}

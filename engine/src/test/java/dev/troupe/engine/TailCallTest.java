package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.runtime.exec.WasmFrame;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tail calls: constant stack, any number of arguments and results, any target. */
class TailCallTest {
  private static final int MANY = 30;
  private static final long ROUNDS = 300_000;

  /** {@code (local.get from) ... (local.get from + count - 1)}. */
  private static String gets(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> "(local.get " + i + ")")
        .collect(Collectors.joining(" "));
  }

  private static String types(int count) {
    return String.join(" ", Collections.nCopies(count, "i64"));
  }

  /** The second instance: {@code other.pong} goes back to where it came from, through a table. */
  private static final String OTHER =
      """
      (module
        (type $few (func (param i64) (result i64)))
        (table (import "main" "table") 8 funcref)
        (global $g (export "g") (mut i64) (i64.const 0))
        (func (export "pong") (type $few)
          (global.set $g (i64.add (global.get $g) (i64.const 1)))
          (return_call_indirect (type $few) (local.get 0) (i32.const 0)))
        (func (export "trap") (param i64) (result i64) unreachable))
      """;

  private static final String MAIN =
      """
      (module
        (type $few (func (param i64) (result i64)))
        (type $many (func (param %1$s) (result i64)))
        (type $results (func (param i64) (result %1$s)))
        (import "host" "f" (func $host (param i64) (result i64)))
        (import "host" "many" (func $hostMany (type $many)))
        (table (export "table") 8 funcref)
        (elem (i32.const 1) $few $many $results)
        (global $g (mut i64) (i64.const 7))

        ;; Counts down, alternating between few and many parameters.
        (func $few (type $few)
          (if (i64.eqz (local.get 0)) (then (return (i64.const 42))))
          (return_call $many (i64.sub (local.get 0) (i64.const 1)) %2$s))
        (func $many (type $many)
          (if (i64.eqz (local.get 0)) (then (return (local.get 29))))
          (return_call_indirect (type $few) (i64.sub (local.get 0) (i64.const 1)) (i32.const 1)))
        (func (export "count") (param i64) (result i64)
          (i64.add (call $few (local.get 0)) (global.get $g)))

        ;; Rotates its parameters, all of them at once.
        (func $rotate (type $many)
          (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
          (return_call $rotate (i64.sub (local.get 0) (i64.const 1)) %3$s (local.get 1)))
        (func (export "rotate") (param i64) (result i64)
          (call $rotate (local.get 0) %4$s))

        ;; Many results, by way of functions with few and many parameters.
        (func $results (type $results)
          (if (i64.eqz (local.get 0)) (then (return %4$s (i64.const 30))))
          (return_call $manyToMany (i64.sub (local.get 0) (i64.const 1)) %2$s %2$s (local.get 0)))
        (func $manyToMany (param %1$s %1$s) (result %1$s)
          (return_call_indirect (type $results) (local.get 0) (i32.const 3)))
        (func $sum (param %1$s) (result i64)
          %5$s)
        (func (export "results") (param i64) (result i64)
          (call $sum (call $results (local.get 0))))

        (func (export "host") (param i64) (result i64)
          (i64.add (call $toHost (local.get 0)) (global.get $g)))
        (func $toHost (param i64) (result i64) (return_call $host (local.get 0)))
        (func (export "hostMany") (param i64) (result i64)
          (i64.add (call $toHostMany (local.get 0)) (global.get $g)))
        (func $toHostMany (param i64) (result i64) (return_call $hostMany (local.get 0) %2$s))

        (func (export "other") (param i64) (result i64)
          (i64.add (call $ping (local.get 0)) (global.get $g)))
        (func $ping (type $few)
          (if (i64.eqz (local.get 0)) (then (return (i64.const 5))))
          (return_call_indirect (type $few)
            (i64.sub (local.get 0) (i64.const 1)) (i32.const 5)))
        (func (export "init") (table.set (i32.const 0) (ref.func $ping)))
        (elem declare func $ping)

        (func $deep (param i64) (result i64)
          (if (i64.eqz (local.get 0)) (then (return_call $many (i64.const 3) %2$s)))
          (i64.add (i64.const 1) (call $deep (i64.sub (local.get 0) (i64.const 1)))))
        (func (export "deep") (param i64) (result i64) (call $deep (local.get 0)))

        (func $endless (param i64) (result i64)
          (i64.add (i64.const 1) (call $endlessMany (local.get 0) %2$s)))
        (func $endlessMany (type $many) (return_call $growing %6$s (i64.const 1)))
        (func $growing (param %1$s i64) (result i64) (return_call $endless (local.get 0)))
        (func (export "endless") (param i64) (result i64) (call $endless (local.get 0)))

        (func $outer (param i64) (result i64) (i64.add (call $middle (local.get 0)) (i64.const 1)))
        (func $middle (param i64) (result i64)
          (return_call_indirect (type $few) (local.get 0) (i32.const 6)))
        (func (export "outer") (param i64) (result i64) (call $outer (local.get 0))))
      """;

  private static String main() {
    String constants =
        IntStream.range(1, MANY)
            .mapToObj(i -> "(i64.const " + i + ")")
            .collect(Collectors.joining(" "));
    String filler = String.join(" ", Collections.nCopies(MANY - 1, "(local.get 0)"));
    StringBuilder sum = new StringBuilder("(local.get 0)");
    for (int i = 1; i < MANY; i++) {
      sum.insert(0, "(i64.add ").append(" (local.get ").append(i).append("))");
    }
    return MAIN.formatted(types(MANY), filler, gets(2, MANY - 2), constants, sum, gets(0, MANY));
  }

  private static long call(Instance instance, String name, long argument) {
    return instance.func(name).call(List.of(Value.i64(argument))).getFirst().asI64();
  }

  private interface Body {
    void run(Instance main, Instance other);
  }

  private static void with(TrapMode traps, boolean optimize, Body body) {
    EngineConfig config =
        EngineConfig.builder().traps(traps).optimize(optimize).debugChecks(true).build();
    try (Engine engine = Engine.create(config);
        Store<Object> store = Store.create(engine, new Object());
        Module mainModule = Module.fromBinary(engine, Wat.toBinary(main()));
        Module otherModule = Module.fromBinary(engine, Wat.toBinary(OTHER))) {
      Linker<Object> linker = Linker.create(engine);
      FuncType few = new FuncType(List.of(NumType.I64), List.of(NumType.I64));
      FuncType many = new FuncType(Collections.nCopies(MANY, NumType.I64), List.of(NumType.I64));
      linker.func("host", "f", few, (caller, call) -> call.result(0, Value.i64(call.i64(0) * 3)));
      linker.func(
          "host", "many", many, (caller, call) -> call.result(0, Value.i64(call.i64(29) * 5)));
      Instance main = linker.instantiate(store, mainModule);
      linker.instance("main", main);
      Instance other = linker.instantiate(store, otherModule);
      List<Value> unused = main.func("init").call(List.of());
      main.table("table").set(5, Value.funcRef(other.func("pong")));
      main.table("table").set(6, Value.funcRef(other.func("trap")));
      body.run(main, other);
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void constantStackWhateverTheParameters(TrapMode traps) {
    for (boolean optimize : new boolean[] {true, false}) {
      with(
          traps,
          optimize,
          (main, other) -> {
            assertThat(call(main, "count", 0)).isEqualTo(42 + 7);
            assertThat(call(main, "count", 1)).isEqualTo(1 + 7);
            assertThat(call(main, "count", ROUNDS)).isEqualTo(42 + 7);
            assertThat(call(main, "rotate", 0)).isEqualTo(1);
            assertThat(call(main, "rotate", 5)).isEqualTo(6);
            assertThat(call(main, "rotate", 29 * 1000 + 11)).isEqualTo(12);
            long sum = MANY * (MANY + 1) / 2;
            assertThat(call(main, "results", 0)).isEqualTo(sum);
            assertThat(call(main, "results", 1)).isEqualTo(sum);
            assertThat(call(main, "results", ROUNDS)).isEqualTo(sum);
            assertThat(call(main, "deep", 500)).isEqualTo(500 + 42);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void otherInstancesAndTheHost(TrapMode traps) {
    with(
        traps,
        true,
        (main, other) -> {
          assertThat(call(main, "host", 11)).isEqualTo(33 + 7);
          assertThat(call(main, "hostMany", 11)).isEqualTo(55 + 7);
          assertThat(call(main, "other", 1)).isEqualTo(5 + 7);
          assertThat(call(main, "other", ROUNDS)).isEqualTo(5 + 7);
          assertThat(other.global("g").get().asI64()).isEqualTo(ROUNDS + 1);
        });
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void backtracesLeaveOutWhoIsGone(TrapMode traps) {
    with(
        traps,
        false,
        (main, other) -> {
          TrapException trap =
              catchThrowableOfType(TrapException.class, () -> call(main, "outer", 1));
          List<String> names = new ArrayList<>();
          for (WasmFrame frame : trap.frames()) {
            names.add(String.valueOf(frame.function()));
          }
          assertThat(names).startsWith("null", "outer").doesNotContain("middle");
          TrapException overflow =
              catchThrowableOfType(TrapException.class, () -> call(main, "endless", 1));
          assertThat(overflow).hasMessageStartingWith("call stack exhausted");
        });
  }
}

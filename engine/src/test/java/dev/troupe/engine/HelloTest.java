package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The smallest programs with host functions, of every kind. */
class HelloTest {
  private static final String HELLO =
      """
      (module
        (import "host" "hello" (func $hello (param i32)))
        (func (export "run") i32.const 3 call $hello))
      """;

  @Test
  void helloIsCalledWithThreeWhileTheStoreHoldsFour() {
    List<String> heard = new ArrayList<>();
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, HELLO);
        Store<Integer> store = Store.create(engine, 4)) {
      Linker<Integer> linker = Linker.create(engine);
      linker.func(
          "host",
          "hello",
          FuncType.of(List.of(NumType.I32), List.of()),
          (caller, call) -> heard.add("got " + call.i32(0) + " and " + caller.data()));
      Instance instance = linker.instantiate(store, module);
      instance.func("run").call();
    }
    assertThat(heard).containsExactly("got 3 and 4");
  }

  static int scaled(Caller<Integer> caller, int value) {
    return caller.data() * value;
  }

  @Test
  void hostFunctionIsAMethodHandle() throws ReflectiveOperationException {
    MethodHandle scaled =
        MethodHandles.lookup()
            .findStatic(
                HelloTest.class,
                "scaled",
                MethodType.methodType(int.class, Caller.class, int.class));
    String text =
        """
        (module
          (import "host" "scaled" (func $scaled (param i32) (result i32)))
          (func (export "run") (param i32) (result i32)
            (i32.add (call $scaled (local.get 0)) (i32.const 1))))
        """;
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<Integer> store = Store.create(engine, 4)) {
      Linker<Integer> linker = Linker.<Integer>create(engine).func("host", "scaled", scaled);
      IntUnaryOperator run =
          linker.instantiate(store, module).func("run").typed().as(IntUnaryOperator.class);
      assertThat(run.applyAsInt(10)).isEqualTo(41);
    }
  }

  @Test
  void hostFunctionCompletesLater() {
    String text =
        """
        (module
          (import "host" "fetch" (func $fetch (param i64) (result i64 i32)))
          (func (export "run") (param i64) (result i64 i32) (call $fetch (local.get 0))))
        """;
    FuncType type = FuncType.of(List.of(NumType.I64), List.of(NumType.I64, NumType.I32));
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<Integer> store = Store.create(engine, 4)) {
      Linker<Integer> linker = Linker.create(engine);
      linker.asyncFunc(
          "host",
          "fetch",
          type,
          (caller, call) -> {
            long key = call.i64(0);
            return CompletableFuture.supplyAsync(() -> List.of(Value.i64(-key), Value.i32(7)));
          });
      Func run = linker.instantiate(store, module).func("run");
      assertThat(run.call(Value.i64(99))).containsExactly(Value.i64(-99), Value.i32(7));
    }
  }

  @Test
  void memoryIsSharedWithTheHost() {
    String text =
        """
        (module
          (import "host" "log" (func $log (param i32 i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "hello, host")
          (func (export "run") (call $log (i32.const 16) (i32.const 11))))
        """;
    List<String> lines = new ArrayList<>();
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<List<String>> store = Store.create(engine, lines)) {
      Linker<List<String>> linker = Linker.create(engine);
      linker.func(
          "host",
          "log",
          FuncType.of(List.of(NumType.I32, NumType.I32), List.of()),
          (caller, call) ->
              caller.data().add(caller.memory("memory").readUtf8(call.i32(0), call.i32(1))));
      linker.instantiate(store, module).func("run").call();
    }
    assertThat(lines).containsExactly("hello, host");
  }
}

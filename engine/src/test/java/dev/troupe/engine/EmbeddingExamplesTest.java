package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.NumType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntBinaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of docs/EMBEDDING.md, run. The page shows parts of this file word for word; a test
 * of the pages compares them.
 */
class EmbeddingExamplesTest {
  private static final String ADD =
      """
      (module
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1))))\
      """;

  @Test
  void callAFunction() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, ADD);
        Store<String> store = Store.create(engine, "")) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      Func add = instance.func("add");
      assertThat(add.call(Value.i32(40), Value.i32(2))).containsExactly(Value.i32(42));

      IntBinaryOperator fast = add.typed().as(IntBinaryOperator.class);
      assertThat(fast.applyAsInt(40, 2)).isEqualTo(42);
    }
  }

  @Test
  void arraysOfTheHost() {
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "");
        Module module =
            Module.fromText(
                engine,
                """
                (module
                  (type $bytes (array (mut i8)))
                  (func (export "fill") (param (ref $bytes) i32)
                    (array.fill $bytes (local.get 0) (i32.const 0) (local.get 1)
                      (array.len (local.get 0)))))\
                """)) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      ArrayRef bytes = ArrayRef.create(store, module, 0, List.of(Value.i32(7), Value.i32(8)));
      instance.func("fill").call(Value.anyRef(bytes), Value.i32(9));
      assertThat(bytes.get(1)).isEqualTo(Value.i32(9));
    }
  }

  @Test
  void hostFunctionsSeeTheStoresData() {
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 4);
        Module module =
            Module.fromText(
                engine,
                """
                (module
                  (import "host" "hello" (func $hello (param i32)))
                  (func (export "run") (call $hello (i32.const 3))))\
                """)) {
      List<String> heard = new ArrayList<>();
      Linker<Integer> linker = Linker.create(engine);
      linker.func(
          "host",
          "hello",
          FuncType.of(List.of(NumType.I32), List.of()),
          (caller, call) ->
              heard.add("guest says " + call.i32(0) + ", store has " + caller.data()));
      linker.instantiate(store, module).func("run").call();
      assertThat(heard).containsExactly("guest says 3, store has 4");
    }
  }

  @Test
  void aHostFunctionMayCompleteLater() {
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "");
        Module module =
            Module.fromText(
                engine,
                """
                (module
                  (import "host" "ask" (func $ask (result i32)))
                  (func (export "run") (result i32) (i32.add (call $ask) (i32.const 1))))\
                """)) {
      CompletableFuture<List<Value>> answer = new CompletableFuture<>();
      Linker<String> linker = Linker.create(engine);
      linker.asyncFunc(
          "host", "ask", FuncType.of(List.of(), List.of(NumType.I32)), (caller, call) -> answer);
      Invocation invocation = linker.instantiate(store, module).func("run").start();

      ConcurrentLinkedQueue<Invocation> ready = new ConcurrentLinkedQueue<>();
      try (Carrier carrier = engine.attachCarrier()) {
        assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
        invocation.onWake(() -> ready.add(invocation));
        answer.complete(List.of(Value.i32(41)));
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> !ready.isEmpty());
        assertThat(ready.remove().runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      }
      assertThat(invocation.results()).containsExactly(Value.i32(42));
    }
  }

  @Test
  void guestsTakeTurns() {
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "");
        Module module =
            Module.fromText(
                engine, "(module (func (export \"spin\") (loop $again (br $again))))")) {
      Invocation invocation =
          Linker.<String>create(engine).instantiate(store, module).func("spin").start();
      try (Carrier carrier = engine.attachCarrier()) {
        carrier.preemptAfter(1_000_000);
        assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
        invocation.cancel("enough");
        assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      }
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.CANCELLED);
    }
  }

  @Test
  void limits() {
    EngineConfig config = EngineConfig.builder().fuel(true).build();
    StoreLimits limits = StoreLimits.UNLIMITED.withMaxMemoryBytes(1 << 20).withMaxInstances(1);
    try (Engine engine = Engine.create(config);
        Store<String> store = Store.create(engine, "", limits);
        Module module =
            Module.fromText(
                engine,
                """
                (module
                  (memory 1)
                  (func (export "grow") (result i32) (memory.grow (i32.const 100)))
                  (func (export "spin") (loop $again (br $again))))\
                """)) {
      store.setFuel(1_000_000);
      store.deadlineIn(Duration.ofMinutes(1));
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThat(instance.func("grow").call()).containsExactly(Value.i32(-1));
      assertThatThrownBy(() -> instance.func("spin").call())
          .isInstanceOfSatisfying(
              TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(TrapKind.OUT_OF_FUEL));
    }
  }

  @Test
  void failuresAreDifferentExceptions() {
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "")) {
      assertThatThrownBy(() -> Module.fromText(engine, "(module"))
          .isInstanceOf(MalformedException.class);
      try (Module module = Module.fromText(engine, "(module (import \"env\" \"f\" (func)))")) {
        Linker<String> linker = Linker.create(engine);
        assertThatThrownBy(() -> linker.instantiate(store, module))
            .isInstanceOf(LinkException.class);
      }
    }
  }

  @Test
  void compileOnceLoadOften(@TempDir Path folder) throws IOException {
    Path key = folder.resolve("key");
    Path file = folder.resolve("add.elf");
    EngineConfig config = EngineConfig.builder().artifactKeyFile(key).build();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, ADD)) {
      Files.write(file, module.serialize());
    }
    try (Engine engine = Engine.create(config);
        Module module = Module.deserializeFile(engine, file);
        Store<String> store = Store.create(engine, "")) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThat(instance.func("add").call(Value.i32(1), Value.i32(2)))
          .containsExactly(Value.i32(3));
    }
  }

  @Test
  void theBytesAbiByHand() throws IOException {
    try (Engine engine = Engine.create();
        Module module = Module.fromFile(engine, Path.of("../examples/shout.wat"));
        Store<String> store = Store.create(engine, "")) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThat(shout(instance, "hello, Welt {1}")).isEqualTo("HELLO, WELT {1}");
      assertThat(shout(instance, "")).isEmpty();
      assertThat(shout(instance, "az".repeat(100_000))).isEqualTo("AZ".repeat(100_000));
    }
  }

  private static String shout(Instance instance, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    long address = instance.func("troupe_alloc").typed().callRaw(payload.length);
    instance.memory("memory").write(address, payload);
    long answer = instance.func("handle").typed().callRaw(address, payload.length);
    return instance.memory("memory").readUtf8(answer >>> 32, (int) answer);
  }
}

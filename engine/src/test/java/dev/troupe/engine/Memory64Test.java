package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.text.Wat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memories with 64-bit indexes beyond what 32 bits reach. */
class Memory64Test {
  private static final String MODULE =
      """
      (module
        (memory (export "m") i64 1)
        (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
        (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
        (func (export "near") (param i64) (result i64) (i64.load offset=65536 (local.get 0)))
        (func (export "far") (param i64) (result i64)
          (i64.load offset=0x140000000 (local.get 0)))
        (func (export "wide") (param i64) (result i64)
          (i64.load offset=0xFFFFFFFFFFFFFFF8 (local.get 0)))
        (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
        (func (export "fill") (param i64 i64)
          (memory.fill (local.get 0) (i32.const 7) (local.get 1))))
      """;

  private static final long GIB = 1L << 30;
  private static final long PAGES_PER_GIB = GIB / 65_536;

  private static long call(Instance instance, String name, long... arguments) {
    List<Value> values = java.util.Arrays.stream(arguments).mapToObj(Value::i64).toList();
    List<Value> results = instance.func(name).call(values);
    return results.isEmpty() ? 0 : results.getFirst().asI64();
  }

  private static void outOfBounds(Instance instance, String name, long... arguments) {
    assertThatThrownBy(() -> call(instance, name, arguments))
        .as("%s %s", name, Long.toHexString(arguments[0]))
        .isInstanceOf(TrapException.class)
        .hasMessageStartingWith("out of bounds memory access");
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void reachesBeyondFourGibibytesAndNotBeyondItsEnd(TrapMode traps) {
    try (Engine engine = Engine.create(EngineConfig.builder().traps(traps).build());
        Store<Object> store = Store.create(engine, new Object());
        Module module = Module.fromBinary(engine, Wat.toBinary(MODULE))) {
      Instance instance = Linker.<Object>create(engine).instantiate(store, module);
      assertThat(call(instance, "grow", 6 * PAGES_PER_GIB - 1)).isEqualTo(1);
      long length = 6 * GIB;
      Memory memory = instance.memory("m");
      assertThat(memory.byteLength()).isEqualTo(length);
      assertThat(memory.pages()).isEqualTo(6 * PAGES_PER_GIB);

      call(instance, "store", 5 * GIB, 42);
      memory.putLong(length - 8, 43);
      assertThat(memory.getLong(5 * GIB)).isEqualTo(42);
      assertThat(call(instance, "load", 5 * GIB)).isEqualTo(42);
      assertThat(call(instance, "far", 0)).isEqualTo(42);
      assertThat(call(instance, "near", 5 * GIB - 65_536)).isEqualTo(42);
      assertThat(call(instance, "load", length - 8)).isEqualTo(43);
      call(instance, "fill", 5 * GIB + 3, 2);
      assertThat(call(instance, "load", 5 * GIB)).isEqualTo(42 | 0x07_07_00_00_00L);

      for (long beyond :
          new long[] {
            length - 7, length, 16 * GIB - 8, 16 * GIB, 16 * GIB + 5, 1L << 40, 1L << 63, -8, -1
          }) {
        outOfBounds(instance, "load", beyond);
        outOfBounds(instance, "near", beyond);
        outOfBounds(instance, "far", beyond);
        outOfBounds(instance, "wide", beyond);
        outOfBounds(instance, "store", beyond, 1);
        outOfBounds(instance, "fill", beyond, 8);
        assertThatThrownBy(() -> memory.getLong(beyond))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      outOfBounds(instance, "wide", 8);
      outOfBounds(instance, "fill", 8, -8);
      assertThat(call(instance, "grow", 16 * PAGES_PER_GIB)).isEqualTo(-1);
      assertThat(call(instance, "grow", -1)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void limitsOfTheStoreHold(TrapMode traps) {
    try (Engine engine = Engine.create(EngineConfig.builder().traps(traps).build());
        Store<Object> store = Store.create(engine, new Object());
        Module module = Module.fromBinary(engine, Wat.toBinary(MODULE))) {
      store.limits(StoreLimits.UNLIMITED.withMaxMemoryBytes(3 << 16));
      Instance instance = Linker.<Object>create(engine).instantiate(store, module);
      assertThat(call(instance, "grow", 2)).isEqualTo(1);
      assertThat(call(instance, "grow", 1)).isEqualTo(-1);
      assertThat(call(instance, "grow", Long.MIN_VALUE)).isEqualTo(-1);
    }
  }

  /** What a store beyond every memory leaves undone, nothing before it and all behind it. */
  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void anOffsetBeyondEveryMemoryTrapsInItsTurn(TrapMode traps) {
    String text =
        """
        (module
          (memory i64 1)
          (global $g (export "g") (mut i64) (i64.const 0))
          (func (export "run") (param i64)
            (drop (i64.load (local.get 0)))
            (global.set $g (i64.const 1))
            (i64.store offset=0xFFFFFFFFFFFFFFF0 (local.get 0) (i64.const 7))
            (global.set $g (i64.const 2))))
        """;
    try (Engine engine = Engine.create(EngineConfig.builder().traps(traps).build());
        Store<Object> store = Store.create(engine, new Object());
        Module module = Module.fromBinary(engine, Wat.toBinary(text))) {
      Instance instance = Linker.<Object>create(engine).instantiate(store, module);
      outOfBounds(instance, "run", 0);
      assertThat(instance.global("g").get().asI64()).isEqualTo(1);
    }
  }
}

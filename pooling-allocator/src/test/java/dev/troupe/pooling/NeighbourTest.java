package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.contract.TrapKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guest in the middle slot reaches for both neighbours and for what its predecessor left. */
class NeighbourTest {
  private static final String MODULE =
      """
      (module
        (memory 1)
        (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "far") (param i32) (result i32)
          (i32.load8_u offset=33554431 (local.get 0)))
        (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "sum") (result i64)
          (local $p i32) (local $s i64)
          (loop $next
            (local.set $s (i64.add (local.get $s) (i64.load8_u (local.get $p))))
            (br_if $next
              (i32.lt_u
                (local.tee $p (i32.add (local.get $p) (i32.const 1)))
                (i32.shl (memory.size) (i32.const 16)))))
          (local.get $s)))
      """;

  @Test
  void neighboursCannotBeTouched() {
    withPool((engine, linked) -> {
      try (Store<String> left = Store.create(engine, "");
          Store<String> middle = Store.create(engine, "");
          Store<String> right = Store.create(engine, "")) {
        Instance first = linked.instantiate(left);
        Instance guest = linked.instantiate(middle);
        Instance last = linked.instantiate(right);
        fill(first);
        fill(last);
        // The end of the own memory, the guard behind it, the last byte before the right
        // neighbour and the first of it: 4 GiB + 32 MiB away. A 32-bit address reaches no lower.
        for (int address : new int[] {65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
          assertTraps(guest, "load", address);
          assertTraps(guest, "far", address);
        }
        assertThat(sum(first)).isEqualTo(65_536L * 90);
        assertThat(sum(last)).isEqualTo(65_536L * 90);
        assertThat(sum(guest)).isZero();
      }
    });
  }

  @Test
  void nothingIsLeftForTheNextTenant() {
    withPool((engine, linked) -> {
      for (int round = 0; round < 20; round++) {
        try (Store<String> store = Store.create(engine, "")) {
          Instance guest = linked.instantiate(store);
          assertThat(sum(guest)).as("round %d", round).isZero();
          assertThat(guest.func("grow").call(Value.i32(round % 5)))
              .isEqualTo(List.of(Value.i32(1)));
          assertThat(sum(guest)).as("grown in round %d", round).isZero();
          fill(guest);
        }
      }
    });
  }

  private interface Body {
    void run(Engine engine, InstancePre<String> linked);
  }

  private static void withPool(Body body) {
    PoolConfig config = PoolConfig.DEFAULT.withSlots(3, 3).withReset(64 << 10, 1);
    try (MemoryPool memories = new MemoryPool(config);
        StackPool stacks = new StackPool(config);
        Engine engine =
            Engine.create(
                EngineConfig.builder().memoryAllocator(memories).stackAllocator(stacks).build());
        Module module = Module.fromText(engine, MODULE)) {
      body.run(engine, Linker.<String>create(engine).instantiatePre(module));
      assertThat(memories.metrics().live()).isZero();
    }
  }

  private static void fill(Instance instance) {
    int end = 65_536;
    for (int i = 0; i < end; i++) {
      assertThat(instance.func("store").call(Value.i32(i), Value.i32(90))).isEmpty();
    }
  }

  private static long sum(Instance instance) {
    return instance.func("sum").call().getFirst().asI64();
  }

  private static void assertTraps(Instance guest, String function, int address) {
    TrapException trap =
        catchThrowableOfType(
            TrapException.class, () -> guest.func(function).call(Value.i32(address)));
    assertThat(trap).as("%s at %d", function, address).isNotNull();
    assertThat(trap.kind()).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
  }
}

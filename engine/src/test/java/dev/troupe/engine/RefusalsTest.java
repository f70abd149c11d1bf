package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.NativeHeap;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that is refused in the middle of something: a typed end, and nothing half done stays. */
class RefusalsTest {
  /** Too little for the smallest collected heap. */
  private static final StoreLimits NO_HEAP = StoreLimits.UNLIMITED.withMaxMemoryBytes(100_000);

  private static final String OBJECTS_IN_SEGMENT =
      """
      (module
        (type $s (struct (field i32)))
        (table $t (export "t") 4 (ref null $s))
        (elem $e (ref $s) (struct.new $s (i32.const 1)))
        (func (export "init")
          (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
        (func (export "nothing")))
      """;

  @Test
  void aSegmentWhoseObjectsHaveNoRoomIsATrap() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, OBJECTS_IN_SEGMENT);
        Store<String> store = Store.create(engine, "", NO_HEAP)) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      TrapException trap =
          catchThrowableOfType(TrapException.class, () -> instance.func("init").call());
      assertThat(trap).isNotNull();
      assertThat(trap.kind()).isEqualTo(TrapKind.LIMIT_EXCEEDED);
      assertThat(instance.func("nothing").call()).isEmpty();
    }
  }

  /** A guest that stands in the middle of an instruction does not run on as if it had worked. */
  @Test
  void andTheCallIsOverThen() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, OBJECTS_IN_SEGMENT);
        Store<String> store = Store.create(engine, "", NO_HEAP);
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      Invocation invocation = instance.func("init").start();
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.LIMIT_EXCEEDED);
    }
  }

  @Test
  void anActiveSegmentWhoseObjectsHaveNoRoomIsAFailedInstantiation() {
    String text =
        """
        (module
          (type $s (struct (field i32)))
          (table $t 4 (ref null $s))
          (elem (table $t) (i32.const 0) (ref $s) (struct.new $s (i32.const 1))))
        """;
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> store = Store.create(engine, "", NO_HEAP)) {
      assertThatThrownBy(() -> Linker.<String>create(engine).instantiate(store, module))
          .isInstanceOf(InstantiationException.class)
          .hasCauseInstanceOf(AllocationException.class);
    }
  }

  /** An instance that never was holds no code. */
  @Test
  void anInstanceWithoutContextLetsGoOfItsModule() {
    StringBuilder text = new StringBuilder("(module");
    for (int i = 0; i < 10_000; i++) {
      text.append("(func)");
    }
    int before = CodeRegion.instance().mappedCount();
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "")) {
      NativeHeap heap = engine.internal().heap();
      List<Long> blocks = new ArrayList<>();
      long bytes = 300_000;
      try (Module module = Module.fromText(engine, text.append(")").toString())) {
        assertThatThrownBy(
                () -> {
                  while (true) {
                    blocks.add(heap.allocate(bytes));
                  }
                })
            .isInstanceOf(AllocationException.class);
        assertThatThrownBy(() -> Linker.<String>create(engine).instantiate(store, module))
            .isInstanceOf(InstantiationException.class);
      } finally {
        blocks.forEach(block -> heap.free(block, bytes));
      }
      assertThat(CodeRegion.instance().mappedCount()).isEqualTo(before);
    }
  }

  @Test
  void aSharedMemoryThatIsTooMuchForAStoreCostsItNothing() {
    MemoryType type = new MemoryType(new Limits(2, 8L, false), true);
    StoreLimits limits =
        new StoreLimits(1L << 16, 1, 1, 1, Long.MAX_VALUE, false).withMaxMemoryBytes(1L << 16);
    try (Engine engine = Engine.create();
        SharedMemory memory = SharedMemory.create(engine, type);
        Store<String> store = Store.create(engine, "", limits)) {
      assertThatThrownBy(() -> memory.in(store)).isInstanceOf(AllocationException.class);
      assertThat(store.usage().memoryBytes()).isZero();
      store.limits(limits.withMaxMemoryBytes(2L << 16));
      assertThat(memory.in(store).byteLength()).isEqualTo(2L << 16);
      assertThat(store.usage().memoryBytes()).isEqualTo(2L << 16);
    }
  }
}

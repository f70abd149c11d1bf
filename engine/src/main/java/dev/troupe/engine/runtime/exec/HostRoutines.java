package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.ArrayRoutines;
import dev.troupe.engine.runtime.GcHandles;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.runtime.VmTable;
import org.jspecify.annotations.Nullable;

/**
 * The {@link dev.troupe.engine.contract.Builtin} routines that the host serves. Arguments are in
 * the value area in the order of the routine's signature; the result goes to its first slot.
 */
final class HostRoutines {
  private final VmStore store;
  private final AtomicWaits waits;

  HostRoutines(VmStore store, AtomicWaits waits) {
    this.store = store;
    this.waits = waits;
  }

  /**
   * Serves one; the trap that it ends in, or null. What an allocator refuses is a trap: the guest
   * stands in the middle of an instruction and cannot be told in another way.
   */
  @Nullable TrapKind serve(ExitCode code, VmInstance instance) {
    try {
      return served(code, instance);
    } catch (AllocationException refused) {
      return TrapKind.LIMIT_EXCEEDED;
    }
  }

  private @Nullable TrapKind served(ExitCode code, VmInstance instance) {
    return switch (code) {
      case MEMORY_GROW -> memoryGrow(instance.memory(i32(0)), i64(1));
      case TABLE_GROW -> tableGrow(instance.table(i32(0)), i64(1), i64(2));
      case TABLE_INIT -> instance.tableInit(i32(0), i32(1), i64(2), i64(3), i64(4));
      case TABLE_COPY ->
          instance.table(i32(0)).copy(instance.table(i32(1)), i64(2), i64(3), i64(4));
      case TABLE_FILL -> instance.table(i32(0)).fill(i64(1), i64(2), i64(3));
      case MEMORY_INIT -> instance.memoryInit(i32(0), i32(1), i64(2), i64(3), i64(4));
      case DATA_DROP -> {
        instance.dataDrop(i32(0));
        yield null;
      }
      case ELEM_DROP -> {
        instance.elemDrop(i32(0));
        yield null;
      }
      case MEMORY_NOTIFY -> waits.wake(instance);
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM, ARRAY_INIT_DATA, ARRAY_INIT_ELEM, ARRAY_FILL_VECTORS ->
          arrays(code, new ArrayRoutines(instance));
      case DONE,
          TRAP,
          HOST_CALL,
          FUEL_EXHAUSTED,
          EPOCH,
          THROW,
          THROW_REF,
          PREEMPTED,
          MEMORY_WAIT32,
          MEMORY_WAIT64,
          GC_ROOM ->
          throw new IllegalStateException("not a host routine: " + code);
    };
  }

  private @Nullable TrapKind arrays(ExitCode code, ArrayRoutines arrays) {
    return switch (code) {
      case ARRAY_NEW_DATA -> arrays.newFromData(i32(0), i32(1), i64(2), i64(3));
      case ARRAY_NEW_ELEM -> arrays.newFromElements(i32(0), i32(1), i64(2), i64(3));
      case ARRAY_INIT_DATA -> arrays.initializeFromData(i64(0), i64(1), i32(2), i64(3), i64(4));
      case ARRAY_INIT_ELEM -> {
        GcHandles.Handle array = store.handles().hold(i64(0));
        try {
          yield arrays.initializeFromElements(array, i64(1), i32(2), i64(3), i64(4));
        } finally {
          array.release();
        }
      }
      default -> {
        ArrayRoutines.fillVectors(i64(0), i64(1), i64(2), i64(3), i64(4));
        yield null;
      }
    };
  }

  private @Nullable TrapKind memoryGrow(VmMemory memory, long delta) {
    return grown(memory.grow(delta));
  }

  private @Nullable TrapKind tableGrow(VmTable table, long reference, long delta) {
    return grown(table.grow(delta, reference));
  }

  private @Nullable TrapKind grown(long result) {
    if (result < 0 && store.limiter().limits().trapOnGrowthFailure()) {
      return TrapKind.LIMIT_EXCEEDED;
    }
    RawMemory.putLong(store.values(), result);
    return null;
  }

  private int i32(int index) {
    return RawMemory.getInt(store.values() + (long) index * StoreContext.VALUE_BYTES);
  }

  private long i64(int index) {
    return RawMemory.getLong(store.values() + (long) index * StoreContext.VALUE_BYTES);
  }
}

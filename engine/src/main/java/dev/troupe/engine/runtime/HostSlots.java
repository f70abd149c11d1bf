package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Arguments and results of one host call, copied out of the value area so that other fibers of the
 * store may run meanwhile. Two longs a value: low and high half. Reused by its fiber.
 */
public final class HostSlots {
  private static final long[] NONE = {};
  private static final int FEWEST_SLOTS = 16;

  private final VmStore store;
  private long[] slots = NONE;
  private @Nullable VmInstance caller;

  /** Which of them are references: objects may move while the host function runs. */
  private final BitSet references = new BitSet();

  /** Slots for calls from fibers of this store. */
  public HostSlots(VmStore store) {
    this.store = store;
  }

  /** The store of the calling guest. */
  public VmStore store() {
    return store;
  }

  /** The instance whose import was called, or null when the host itself called the function. */
  public @Nullable VmInstance caller() {
    return caller;
  }

  /** Low half of argument or result {@code index}. */
  public long low(int index) {
    return slots[2 * index];
  }

  /** High half of argument or result {@code index}. */
  public long high(int index) {
    return slots[2 * index + 1];
  }

  /** Sets argument or result {@code index}. */
  public void set(int index, long low, long high) {
    references.clear(index);
    slots[2 * index] = low;
    slots[2 * index + 1] = high;
  }

  /** Sets argument or result {@code index} to a reference. */
  public void setReference(int index, long reference) {
    references.set(index);
    slots[2 * index] = reference;
    slots[2 * index + 1] = 0;
  }

  /** Forgets what references there were: the call is over. */
  public void clear() {
    references.clear();
  }

  /** Shows the references to the collector. */
  public void update(ReferenceMap map) {
    for (int i = references.nextSetBit(0); i >= 0; i = references.nextSetBit(i + 1)) {
      slots[2 * i] = map.moved(slots[2 * i]);
    }
  }

  /** Copies the arguments from the value area. */
  public void readArguments(FuncType type, @Nullable VmInstance callingInstance, long values) {
    caller = callingInstance;
    references.clear();
    int count = type.paramCount();
    int needed = 2 * Math.max(count, type.resultCount());
    if (needed > slots.length) {
      slots = Arrays.copyOf(slots, Math.max(FEWEST_SLOTS, needed));
    }
    for (int i = 0; i < count; i++) {
      long value = values + (long) i * StoreContext.VALUE_BYTES;
      slots[2 * i] = RawMemory.getLong(value);
      slots[2 * i + 1] = RawMemory.getLong(value + Long.BYTES);
      if (type.params().get(i) instanceof RefType) {
        references.set(i);
      }
    }
  }

  /** Copies the results to the value area. */
  public void writeResults(FuncType type, long values) {
    int count = type.resultCount();
    for (int i = 0; i < count; i++) {
      long value = values + (long) i * StoreContext.VALUE_BYTES;
      RawMemory.putLong(value, slots[2 * i]);
      RawMemory.putLong(value + Long.BYTES, slots[2 * i + 1]);
    }
    references.clear();
  }
}

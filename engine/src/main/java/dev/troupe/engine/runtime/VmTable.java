package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.TableType;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A table of a store. Elements are raw references: addresses of function references, or handles of
 * external references; 0 is null.
 */
public final class VmTable implements VmExtern {
  /** Most elements that a table can have, whatever its type says. */
  public static final long MAX_ELEMENTS = 10_000_000;

  private final VmStore store;
  private final TableType declared;
  private final long definition;
  private long elements;
  private long length;
  private long capacity;

  /** An empty table; {@code definition} is the address of its TableDef. */
  VmTable(VmStore store, TableType declared, long definition) {
    this.store = store;
    this.declared = declared;
    this.definition = definition;
  }

  @Override
  public VmStore store() {
    return store;
  }

  @Override
  public ExternKind kind() {
    return ExternKind.TABLE;
  }

  @Override
  public TableType type() {
    Limits limits = declared.limits();
    return new TableType(declared.element(), new Limits(length, limits.max(), limits.is64()));
  }

  /** Address of the structure that compiled code reads. */
  public long definition() {
    return definition;
  }

  /** Number of elements. */
  public long length() {
    return length;
  }

  /** Whether the index (unsigned) is inside. */
  public boolean contains(long index) {
    return Long.compareUnsigned(index, length) < 0;
  }

  /** The raw reference at an index that is {@linkplain #contains inside}. */
  public long get(long index) {
    return RawMemory.getLong(slot(index));
  }

  /** Stores a raw reference at an index that is {@linkplain #contains inside}. */
  public void set(long index, long reference) {
    RawMemory.putLong(slot(index), reference);
  }

  private long slot(long index) {
    if (!contains(index)) {
      throw new IllegalStateException("unchecked table index " + index);
    }
    return elements + index * TableDef.ELEMENT_BYTES;
  }

  /**
   * Grows by {@code delta} elements (unsigned).
   *
   * @return the previous length, or -1 when the type, a limit or the system refuses
   */
  public long grow(long delta, long reference) {
    store.checkOpen();
    long maximum = Math.min(MAX_ELEMENTS, unsignedMaximum());
    long before = length;
    if (before > maximum || Long.compareUnsigned(delta, maximum - before) > 0) {
      return -1;
    }
    if (!store.limiter().addElements(delta)) {
      return -1;
    }
    long wanted = before + delta;
    if (wanted > capacity) {
      try {
        reallocate(Math.min(maximum, Math.max(wanted, capacity * 2)));
      } catch (AllocationException refused) {
        store.limiter().removeElements(delta);
        return -1;
      }
    }
    length = wanted;
    for (long i = before; i < wanted; i++) {
      RawMemory.putLong(elements + i * TableDef.ELEMENT_BYTES, reference);
    }
    RawMemory.putLong(definition + TableDef.ELEMENTS, elements);
    RawMemory.putLong(definition + TableDef.LENGTH, length);
    return before;
  }

  private long unsignedMaximum() {
    long max = declared.limits().maxOr(MAX_ELEMENTS);
    return max < 0 ? MAX_ELEMENTS : max;
  }

  private void reallocate(long newCapacity) {
    NativeHeap heap = store.engine().heap();
    long block = heap.allocate(newCapacity * TableDef.ELEMENT_BYTES);
    if (capacity != 0) {
      RawMemory.copy(block, elements, length * TableDef.ELEMENT_BYTES);
      heap.free(elements, capacity * TableDef.ELEMENT_BYTES);
    }
    elements = block;
    capacity = newCapacity;
  }

  /** Writes {@code count} copies of a reference; the trap when out of bounds. */
  public @Nullable TrapKind fill(long index, long reference, long count) {
    if (!containsRange(index, count)) {
      return TrapKind.TABLE_OUT_OF_BOUNDS;
    }
    for (long i = 0; i < count; i++) {
      set(index + i, reference);
    }
    return null;
  }

  /** Copies elements from another table or within this one; the trap when out of bounds. */
  public @Nullable TrapKind copy(VmTable source, long targetIndex, long sourceIndex, long count) {
    if (!containsRange(targetIndex, count) || !source.containsRange(sourceIndex, count)) {
      return TrapKind.TABLE_OUT_OF_BOUNDS;
    }
    if (count != 0) {
      RawMemory.copy(
          elements + targetIndex * TableDef.ELEMENT_BYTES,
          source.elements + sourceIndex * TableDef.ELEMENT_BYTES,
          count * TableDef.ELEMENT_BYTES);
    }
    return null;
  }

  /** Copies entries of an element segment of {@code segmentLength}; the trap when out of bounds. */
  @Nullable TrapKind initialize(
      IntToLongFunction segment, int segmentLength, long target, long source, long count) {
    if (!containsRange(target, count)
        || Long.compareUnsigned(count, segmentLength) > 0
        || Long.compareUnsigned(source, segmentLength - count) > 0) {
      return TrapKind.TABLE_OUT_OF_BOUNDS;
    }
    for (long i = 0; i < count; i++) {
      set(target + i, segment.applyAsLong((int) (source + i)));
    }
    return null;
  }

  /** Shows the elements to the collector, unless they are functions, which never move. */
  void updateReferences(ReferenceMap map) {
    if (declared.element().heap() != AbstractHeapType.FUNC) {
      for (long i = 0; i < length; i++) {
        map.update(elements + i * TableDef.ELEMENT_BYTES);
      }
    }
  }

  private boolean containsRange(long index, long count) {
    return Long.compareUnsigned(count, length) <= 0
        && Long.compareUnsigned(index, length - count) <= 0;
  }

  void release() {
    if (capacity != 0) {
      store.engine().heap().free(elements, capacity * TableDef.ELEMENT_BYTES);
      capacity = 0;
      length = 0;
    }
  }
}

package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The instructions that fill arrays from segments, and what else of arrays the host does. Arrays
 * are addresses: nothing here makes an object while it holds one. Indexes and lengths are below
 * 2^32.
 */
public final class ArrayRoutines {
  private final VmInstance instance;
  private final GcHeap heap;

  public ArrayRoutines(VmInstance instance) {
    this.instance = instance;
    this.heap = instance.store().collected();
  }

  /** {@code array.new_data}: the trap, or null when the array is in the first value slot. */
  public @Nullable TrapKind newFromData(int type, int segment, long source, long length) {
    int id = instance.module().typeId(type);
    int elementBytes = heap.shapeOfType(id).bytes();
    MemorySegment bytes = instance.dataBytes(segment);
    if (source + length * elementBytes > bytes.byteSize()) {
      return TrapKind.MEMORY_OUT_OF_BOUNDS;
    }
    if (!make(id, length, elementBytes)) {
      return TrapKind.LIMIT_EXCEEDED;
    }
    RawMemory.copyIn(bytes, source, made() + GcLayout.ELEMENTS, length * elementBytes);
    return null;
  }

  /** {@code array.new_elem}: the trap, or null when the array is in the first value slot. */
  public @Nullable TrapKind newFromElements(int type, int segment, long source, long length) {
    if (source + length > instance.elementCount(segment)) {
      return TrapKind.TABLE_OUT_OF_BOUNDS;
    }
    // Evaluating may make objects: before there is an array.
    instance.prepareElements(segment);
    int id = instance.module().typeId(type);
    if (!make(id, length, heap.shapeOfType(id).bytes())) {
      return TrapKind.LIMIT_EXCEEDED;
    }
    copyElements(made(), 0, segment, source, length);
    return null;
  }

  private boolean make(int id, long length, int elementBytes) {
    long bytes = GcLayout.arrayBytes(length, elementBytes);
    if (!heap.makeRoom(bytes)) {
      return false;
    }
    long array = heap.place(id, bytes);
    RawMemory.putInt(array + GcLayout.LENGTH, (int) length);
    RawMemory.putLong(instance.store().values(), array);
    return true;
  }

  private long made() {
    return RawMemory.getLong(instance.store().values());
  }

  /** {@code array.init_data}, checked against the array. */
  public @Nullable TrapKind initializeFromData(
      long array, long index, int segment, long source, long length) {
    int elementBytes = heap.shapeOf(array).bytes();
    MemorySegment bytes = instance.dataBytes(segment);
    if (source + length * elementBytes > bytes.byteSize()) {
      return TrapKind.MEMORY_OUT_OF_BOUNDS;
    }
    long target = array + GcLayout.ELEMENTS + index * elementBytes;
    RawMemory.copyIn(bytes, source, target, length * elementBytes);
    return null;
  }

  /**
   * {@code array.init_elem}, checked against the array, whose address is in the first value slot.
   */
  public @Nullable TrapKind initializeFromElements(
      GcHandles.Handle array, long index, int segment, long source, long length) {
    if (source + length > instance.elementCount(segment)) {
      return TrapKind.TABLE_OUT_OF_BOUNDS;
    }
    instance.prepareElements(segment);
    copyElements(array.reference(), index, segment, source, length);
    return null;
  }

  private void copyElements(long array, long index, int segment, long source, long length) {
    for (long k = 0; k < length; k++) {
      long cell = array + GcLayout.ELEMENTS + (index + k) * Long.BYTES;
      RawMemory.putLong(cell, instance.element(segment, (int) (source + k)));
    }
  }

  /** {@code array.fill} and {@code array.new} of vectors, checked against the array. */
  public static void fillVectors(long array, long index, long low, long high, long length) {
    for (long k = 0; k < length; k++) {
      long cell = array + GcLayout.ELEMENTS + (index + k) * 2 * Long.BYTES;
      RawMemory.putLong(cell, low);
      RawMemory.putLong(cell + Long.BYTES, high);
    }
  }
}

package dev.troupe.engine;

import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GcHandles;
import dev.troupe.engine.runtime.GcHeap;
import dev.troupe.engine.runtime.GcShape;
import dev.troupe.engine.wasm.FieldType;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** An array of a store. Packed elements are read zero-extended. */
public final class ArrayRef implements AnyRef.Heap {
  private final Store<?> store;
  private final GcHandles.Handle handle;

  ArrayRef(Store<?> store, GcHandles.Handle handle) {
    this.store = store;
    this.handle = handle;
  }

  /**
   * Makes an array.
   *
   * @param module an instance of it is in the store
   * @param type index of an array type of the module
   * @throws IllegalArgumentException when the elements do not fit the type
   * @throws dev.troupe.engine.runtime.AllocationException when the store's limits leave no room
   */
  public static ArrayRef create(Store<?> store, Module module, int type, List<Value> elements) {
    store.internal().checkOpen();
    GcHeap heap = store.internal().collected();
    int id = module.internal().types().id(type);
    GcShape shape = heap.shapeOfType(id);
    if (!shape.isArray()) {
      throw new IllegalArgumentException("type " + type + " is a struct");
    }
    FieldType element = shape.storage().getFirst();
    ObjectFields.check(store, Collections.nCopies(elements.size(), element), elements);
    long array = heap.allocate(id, GcLayout.arrayBytes(elements.size(), shape.bytes()));
    RawMemory.putInt(array + GcLayout.LENGTH, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      long cell = array + GcLayout.ELEMENTS + (long) i * shape.bytes();
      ObjectFields.write(store, cell, element, elements.get(i));
    }
    return new ArrayRef(store, store.internal().handles().hold(array));
  }

  @Override
  public GcHandles.Handle handle() {
    store.internal().checkOpen();
    return handle;
  }

  private GcShape shape() {
    return store.internal().collected().shapeOf(handle().reference());
  }

  /** Type of the elements; type indexes in it are the engine's. */
  public FieldType element() {
    return shape().storage().getFirst();
  }

  /** Number of elements, less than 2^31. */
  public int length() {
    return RawMemory.getInt(handle().reference() + GcLayout.LENGTH);
  }

  /** Reads an element. */
  public Value get(int index) {
    return ObjectFields.read(store, cell(index), element());
  }

  /**
   * Writes an element.
   *
   * @throws IllegalStateException when they are constant
   * @throws IllegalArgumentException when the value has another type
   */
  public void set(int index, Value value) {
    FieldType type = element();
    ObjectFields.requireMutable(type);
    Values.check(store, type.storage().unpacked(), value);
    ObjectFields.write(store, cell(index), type, value);
  }

  private long cell(int index) {
    int checked = Objects.checkIndex(index, length());
    return handle.reference() + GcLayout.ELEMENTS + (long) checked * shape().bytes();
  }
}

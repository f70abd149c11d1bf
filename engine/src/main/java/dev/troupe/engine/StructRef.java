package dev.troupe.engine;

import dev.troupe.engine.runtime.GcHandles;
import dev.troupe.engine.runtime.GcHeap;
import dev.troupe.engine.runtime.GcShape;
import dev.troupe.engine.wasm.FieldType;
import java.util.List;

/** A struct of a store. Packed fields are read zero-extended. */
public final class StructRef implements AnyRef.Heap {
  private final Store<?> store;
  private final GcHandles.Handle handle;

  StructRef(Store<?> store, GcHandles.Handle handle) {
    this.store = store;
    this.handle = handle;
  }

  /**
   * Makes a struct.
   *
   * @param module an instance of it is in the store
   * @param type index of a struct type of the module
   * @throws IllegalArgumentException when the fields do not fit the type
   * @throws dev.troupe.engine.runtime.AllocationException when the store's limits leave no room
   */
  public static StructRef create(Store<?> store, Module module, int type, List<Value> fields) {
    store.internal().checkOpen();
    GcHeap heap = store.internal().collected();
    int id = module.internal().types().id(type);
    GcShape shape = heap.shapeOfType(id);
    if (shape.isArray()) {
      throw new IllegalArgumentException("type " + type + " is an array");
    }
    ObjectFields.check(store, shape.storage(), fields);
    long object = heap.allocate(id, shape.bytes());
    for (int i = 0; i < fields.size(); i++) {
      long cell = object + shape.offsets()[i];
      ObjectFields.write(store, cell, shape.storage().get(i), fields.get(i));
    }
    return new StructRef(store, store.internal().handles().hold(object));
  }

  @Override
  public GcHandles.Handle handle() {
    store.internal().checkOpen();
    return handle;
  }

  private GcShape shape() {
    return store.internal().collected().shapeOf(handle().reference());
  }

  /** Types of the fields; type indexes in them are the engine's. */
  public List<FieldType> fields() {
    return shape().storage();
  }

  /** Reads a field. */
  public Value get(int field) {
    GcShape shape = shape();
    return ObjectFields.read(store, cell(shape, field), shape.storage().get(field));
  }

  /**
   * Writes a field.
   *
   * @throws IllegalStateException when it is constant
   * @throws IllegalArgumentException when the value has another type
   */
  public void set(int field, Value value) {
    GcShape shape = shape();
    FieldType type = shape.storage().get(field);
    ObjectFields.requireMutable(type);
    Values.check(store, type.storage().unpacked(), value);
    ObjectFields.write(store, cell(shape, field), type, value);
  }

  private long cell(GcShape shape, int field) {
    return handle.reference() + shape.offsets()[field];
  }
}

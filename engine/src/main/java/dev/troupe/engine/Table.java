package dev.troupe.engine;

import dev.troupe.engine.runtime.VmTable;
import dev.troupe.engine.wasm.TableType;

/** A table of references. Indexes are unsigned and checked. */
public final class Table implements Extern {
  private final Store<?> store;
  private final VmTable internal;

  Table(Store<?> store, VmTable internal) {
    this.store = store;
    this.internal = internal;
  }

  /** A table made by the host, to be imported, with every element set to {@code initial}. */
  public static Table create(Store<?> store, TableType type, Value initial) {
    Values.check(store, type.element(), initial);
    return new Table(store, store.internal().newTable(type, Values.low(store, initial)));
  }

  @Override
  public TableType type() {
    return internal.type();
  }

  @Override
  public VmTable internal() {
    return internal;
  }

  /** Number of elements. */
  public long size() {
    return internal.length();
  }

  /** An element. */
  public Value get(long index) {
    check(index);
    return Values.of(store, internal.type().element(), internal.get(index), 0);
  }

  /** Replaces an element. */
  public void set(long index, Value value) {
    check(index);
    Values.check(store, internal.type().element(), value);
    internal.set(index, Values.low(store, value));
  }

  /** Grows by {@code delta} elements: the previous size, or -1 when refused. */
  public long grow(long delta, Value value) {
    Values.check(store, internal.type().element(), value);
    return internal.grow(delta, Values.low(store, value));
  }

  private void check(long index) {
    internal.store().checkOpen();
    if (!internal.contains(index)) {
      throw new IndexOutOfBoundsException(
          "element " + Long.toUnsignedString(index) + " of a table of " + internal.length());
    }
  }
}

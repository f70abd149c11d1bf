package dev.troupe.engine.runtime;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.GlobalType;

/** A global of a store: a cell of 16 bytes. */
public final class VmGlobal implements VmExtern {
  private final VmStore store;
  private final GlobalType type;
  private final long cell;

  VmGlobal(VmStore store, GlobalType type, long cell) {
    this.store = store;
    this.type = type;
    this.cell = cell;
    if (type.type().isReference()) {
      store.addReferenceGlobal(this);
    }
  }

  @Override
  public VmStore store() {
    return store;
  }

  @Override
  public ExternKind kind() {
    return ExternKind.GLOBAL;
  }

  @Override
  public GlobalType type() {
    return type;
  }

  /** Address of the cell. */
  public long cell() {
    return cell;
  }

  /** The low eight bytes: all of a number or reference. */
  public long low() {
    store.checkOpen();
    return RawMemory.getLong(cell);
  }

  /** The high eight bytes of a vector. */
  public long high() {
    store.checkOpen();
    return RawMemory.getLong(cell + Long.BYTES);
  }

  /** Stores a value. */
  public void set(long low, long high) {
    store.checkOpen();
    RawMemory.putLong(cell, low);
    RawMemory.putLong(cell + Long.BYTES, high);
  }
}

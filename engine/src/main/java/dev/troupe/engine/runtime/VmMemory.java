package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A linear memory of a store: its own, or a shared one that the store uses. */
public final class VmMemory implements VmExtern {
  private final VmStore store;
  private final MemoryType declared;
  private final LinearMemory memory;
  private final long definition;
  private final long spanBytes;
  private final @Nullable VmSharedMemory shared;
  private long byteLength;

  /**
   * Takes ownership of {@code memory}; {@code definition} is the address of its MemoryDef.
   *
   * @param spanBytes reservation and guard
   */
  VmMemory(
      VmStore store, MemoryType declared, LinearMemory memory, long definition, long spanBytes) {
    this.store = store;
    this.declared = declared;
    this.memory = memory;
    this.definition = definition;
    this.spanBytes = spanBytes;
    this.shared = null;
    this.byteLength = declared.minimumBytes();
    RawMemory.putLong(definition + MemoryDef.BASE, memory.base());
    RawMemory.putLong(definition + MemoryDef.BYTE_LENGTH, byteLength);
  }

  /** A store's view of a shared memory, of which it is a holder until it closes. */
  VmMemory(VmStore store, VmSharedMemory shared) {
    this.store = store;
    this.declared = shared.declared();
    this.memory = shared.allocation();
    this.definition = shared.definition();
    this.spanBytes = shared.spanBytes();
    this.shared = shared;
  }

  /** The shared memory that this is a view of, or null. */
  public @Nullable VmSharedMemory shared() {
    return shared;
  }

  /** Whether the initial contents are in place. */
  boolean hasImage() {
    return memory.imageApplied();
  }

  /** The store is closed. */
  void release() {
    if (shared != null) {
      shared.release();
    } else {
      memory.close();
    }
  }

  @Override
  public VmStore store() {
    return store;
  }

  @Override
  public ExternKind kind() {
    return ExternKind.MEMORY;
  }

  @Override
  public MemoryType type() {
    Limits limits = declared.limits();
    Limits now = new Limits(pages(), limits.max(), limits.is64());
    return new MemoryType(now, declared.shared(), declared.pageSizeLog2());
  }

  /** Address of the structure that compiled code reads. */
  public long definition() {
    return definition;
  }

  /** Address of byte 0. */
  public long base() {
    return memory.base();
  }

  /** Whether an address lies in the reservation or in the guard behind it. */
  boolean spans(long address) {
    long offset = address - base();
    return offset >= 0 && offset < spanBytes;
  }

  /** Present length. */
  public long byteLength() {
    return shared != null ? shared.byteLength() : byteLength;
  }

  /** Present length in pages. */
  public long pages() {
    return byteLength() >>> declared.pageSizeLog2();
  }

  /**
   * Grows by {@code delta} pages (unsigned).
   *
   * @return the previous size in pages, or -1 when the type, a limit or the system refuses
   */
  public long grow(long delta) {
    store.checkOpen();
    if (shared != null) {
      return shared.grow(delta, store.limiter().payer());
    }
    long before = pages();
    long grown = MemoryGrowth.grow(declared, memory, byteLength, delta, store.limiter().payer());
    if (grown == MemoryGrowth.REFUSED) {
      return -1;
    }
    byteLength = grown;
    RawMemory.putLong(definition + MemoryDef.BYTE_LENGTH, byteLength);
    return before;
  }

  /** Whether {@code length} bytes at {@code offset} (both unsigned) are inside. */
  public boolean contains(long offset, long length) {
    return MemoryGrowth.contains(byteLength(), offset, length);
  }

  /** Copies a part of a data segment; the trap when either range is out of bounds. */
  public @Nullable TrapKind initialize(MemorySegment data, long target, long source, long length) {
    if (!contains(target, length)
        || Long.compareUnsigned(length, data.byteSize()) > 0
        || Long.compareUnsigned(source, data.byteSize() - length) > 0) {
      return TrapKind.MEMORY_OUT_OF_BOUNDS;
    }
    RawMemory.copyIn(data, source, base() + target, length);
    return null;
  }
}

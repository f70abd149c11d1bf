package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryRequest;

/** A slot while a store uses it. */
final class PooledMemory implements LinearMemory {
  private final MemoryPool pool;
  private final int slotNumber;
  private final MemorySlot slot;
  private final long maximumBytes;
  private final boolean imageApplied;
  private boolean closed;

  PooledMemory(MemoryPool pool, int slotNumber, MemorySlot slot, MemoryRequest request) {
    this.pool = pool;
    this.slotNumber = slotNumber;
    this.slot = slot;
    this.maximumBytes = Math.min(request.maximumBytes(), pool.layout().reservationBytes());
    this.imageApplied = request.image() != null;
  }

  @Override
  public long base() {
    return slot.base();
  }

  @Override
  public long byteLength() {
    return slot.accessibleBytes();
  }

  @Override
  public long maximumBytes() {
    return maximumBytes;
  }

  @Override
  public boolean imageApplied() {
    return imageApplied;
  }

  @Override
  public boolean grow(long newByteLength) {
    if (closed || newByteLength < byteLength()) {
      throw new IllegalStateException(
          "grow from " + byteLength() + " to " + newByteLength + (closed ? " after close" : ""));
    }
    if (newByteLength > maximumBytes) {
      return false;
    }
    try {
      slot.setAccessible(newByteLength);
      return true;
    } catch (OsException e) {
      return false;
    }
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("pooled memory " + slotNumber + " closed twice");
    }
    closed = true;
    pool.release(slotNumber);
  }
}

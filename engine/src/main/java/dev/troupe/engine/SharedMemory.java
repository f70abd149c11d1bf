package dev.troupe.engine;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.GrowthGate;
import dev.troupe.engine.runtime.VmSharedMemory;
import dev.troupe.engine.runtime.WaitQueues;
import dev.troupe.engine.runtime.WaitResult;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A linear memory that several stores of one engine use at the same time, and the host too: a
 * handle, for any number of threads. A {@link Linker} gives it to guests.
 *
 * <p>Every access is checked against the present length; offsets are unsigned bytes from the start,
 * numbers are little-endian. Numbers are read, written and changed atomically and in an order that
 * all threads agree on, so their offsets are multiples of their size. Bytes are copied as they
 * come: who needs more agrees with the guests on a lock.
 *
 * <p>The memory lives until every handle and every store that uses it is closed. A handle that is
 * closed refuses everything; threads that wait through it are sent away.
 */
public final class SharedMemory implements AutoCloseable {
  private final VmSharedMemory internal;
  private final GrowthGate payer;

  /** What the payer has granted to this handle; guarded by this object. */
  private long paidBytes;

  private volatile boolean closed;

  private SharedMemory(VmSharedMemory internal, GrowthGate payer, long paidBytes) {
    this.internal = internal;
    this.payer = payer;
    this.paidBytes = paidBytes;
  }

  /** {@link #create(Engine, MemoryType, GrowthGate)} at nobody's expense. */
  public static SharedMemory create(Engine engine, MemoryType type) {
    return create(engine, type, GrowthGate.OPEN);
  }

  /**
   * A memory made by the host.
   *
   * @param type of a shared memory, with a maximum
   * @param payer is asked for what the memory has at first and for what it grows by through the
   *     handle, and gets it back when the handle is closed: stores pay for themselves
   * @throws dev.troupe.engine.runtime.AllocationException when the payer or the system refuses
   */
  public static SharedMemory create(Engine engine, MemoryType type, GrowthGate payer) {
    if (!type.shared() || type.limits().max() == null) {
      throw new IllegalArgumentException("not the type of a shared memory: " + type);
    }
    long bytes = type.minimumBytes();
    if (!payer.tryGrow(bytes)) {
      throw new AllocationException("a shared memory of " + bytes + " bytes is refused");
    }
    boolean created = false;
    try {
      VmSharedMemory memory = VmSharedMemory.create(engine.internal(), type);
      created = true;
      return new SharedMemory(memory, payer, bytes);
    } finally {
      if (!created) {
        payer.giveBack(bytes);
      }
    }
  }

  /** {@link #of(Memory, GrowthGate)} at nobody's expense. */
  public static SharedMemory of(Memory memory) {
    return of(memory, GrowthGate.OPEN);
  }

  /**
   * A handle to the shared memory behind an export, to be used beyond its store.
   *
   * @param payer is asked for what the memory grows by through the handle, and gets it back when
   *     the handle is closed
   * @throws IllegalArgumentException when it is not shared
   */
  public static SharedMemory of(Memory memory, GrowthGate payer) {
    VmSharedMemory shared = memory.internal().shared();
    if (shared == null) {
      throw new IllegalArgumentException("the memory is not shared");
    }
    memory.internal().store().checkOpen();
    if (!shared.tryRetain()) {
      throw new IllegalStateException("the shared memory is closed");
    }
    return new SharedMemory(shared, payer, 0);
  }

  /**
   * The memory as a store sees it, to be linked. The store is charged with the present length, and
   * with what it grows by through this store.
   *
   * @throws IllegalArgumentException when the store belongs to another engine
   */
  public Memory in(Store<?> store) {
    enter();
    try {
      return new Memory(store.internal().use(internal));
    } finally {
      internal.release();
    }
  }

  /** The type with the present length as its minimum. */
  public MemoryType type() {
    MemoryType declared = internal.declared();
    Limits limits = declared.limits();
    return new MemoryType(
        new Limits(pages(), limits.max(), limits.is64()), true, declared.pageSizeLog2());
  }

  /** Present length in bytes; it may be more at once. */
  public long byteLength() {
    enter();
    try {
      return internal.byteLength();
    } finally {
      internal.release();
    }
  }

  /** Present length in pages. */
  public long pages() {
    return byteLength() >>> internal.declared().pageSizeLog2();
  }

  /** Grows by {@code delta} pages: the previous number of pages, or -1 when refused. */
  public synchronized long grow(long delta) {
    enter();
    try {
      long before = internal.grow(delta, payer);
      if (before >= 0) {
        paidBytes += delta << internal.declared().pageSizeLog2();
      }
      return before;
    } finally {
      internal.release();
    }
  }

  public int getInt(long offset) {
    return (int) at(offset, Integer.BYTES, address -> RawMemory.getIntVolatile(address));
  }

  public void putInt(long offset, int value) {
    int unused = getAndSetInt(offset, value);
  }

  /** Adds in one step: what was there before. */
  public int getAndAddInt(long offset, int delta) {
    return (int) at(offset, Integer.BYTES, address -> RawMemory.getAndAddInt(address, delta));
  }

  /** Replaces in one step: what was there before. */
  public int getAndSetInt(long offset, int value) {
    return (int) at(offset, Integer.BYTES, address -> RawMemory.getAndSetInt(address, value));
  }

  /** Replaces what is expected in one step: what was there before. */
  public int compareAndExchangeInt(long offset, int expected, int value) {
    return (int)
        at(
            offset,
            Integer.BYTES,
            address -> RawMemory.compareAndExchangeInt(address, expected, value));
  }

  public long getLong(long offset) {
    return at(offset, Long.BYTES, address -> RawMemory.getLongVolatile(address));
  }

  public void putLong(long offset, long value) {
    long unused = getAndSetLong(offset, value);
  }

  /** Adds in one step: what was there before. */
  public long getAndAddLong(long offset, long delta) {
    return at(offset, Long.BYTES, address -> RawMemory.getAndAddLong(address, delta));
  }

  /** Replaces in one step: what was there before. */
  public long getAndSetLong(long offset, long value) {
    return at(offset, Long.BYTES, address -> RawMemory.getAndSetLong(address, value));
  }

  /** Replaces what is expected in one step: what was there before. */
  public long compareAndExchangeLong(long offset, long expected, long value) {
    return at(
        offset, Long.BYTES, address -> RawMemory.compareAndExchangeLong(address, expected, value));
  }

  /** Copies bytes out, in no particular order. */
  public byte[] read(long offset, int length) {
    byte[] bytes = new byte[length];
    long address = enter(offset, length, false);
    try {
      RawMemory.copyOut(address, bytes, 0, length);
      return bytes;
    } finally {
      internal.release();
    }
  }

  /** Copies bytes in, in no particular order. */
  public void write(long offset, byte[] source) {
    long address = enter(offset, source.length, false);
    try {
      RawMemory.copyIn(source, 0, address, source.length);
    } finally {
      internal.release();
    }
  }

  /**
   * Waits, as a guest does with {@code memory.atomic.wait32}, while the memory holds what is
   * expected: until somebody notifies, or for {@code timeoutNanos} (negative: for ever).
   *
   * @throws IllegalStateException when this handle is closed meanwhile
   */
  public WaitResult waitInt(long offset, int expected, long timeoutNanos)
      throws InterruptedException {
    long unused = enter(offset, Integer.BYTES, true);
    try {
      return await(internal.await32(offset, expected, this), timeoutNanos);
    } finally {
      internal.release();
    }
  }

  /** As {@link #waitInt} with eight bytes. */
  public WaitResult waitLong(long offset, long expected, long timeoutNanos)
      throws InterruptedException {
    long unused = enter(offset, Long.BYTES, true);
    try {
      return await(internal.await64(offset, expected, this), timeoutNanos);
    } finally {
      internal.release();
    }
  }

  private WaitResult await(WaitQueues.@Nullable Waiter waiter, long nanos)
      throws InterruptedException {
    if (waiter == null) {
      return WaitResult.NOT_EQUAL;
    }
    if (closed) {
      boolean _ = waiter.cancel(false);
    }
    try {
      return nanos < 0 ? waiter.get() : waiter.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      waiter.timeOut();
      return waiter.join();
    } catch (CancellationException e) {
      throw new IllegalStateException("the shared memory is closed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a wait failed", e);
    } finally {
      // Interrupted: leaves the queue. Otherwise it is over and this does nothing.
      boolean _ = waiter.cancel(false);
    }
  }

  /**
   * Wakes waiters at an address, guests and threads, first come first served.
   *
   * @param most how many; unsigned, so -1 is all
   * @return how many
   */
  public int notifyWaiters(long offset, int most) {
    long unused = enter(offset, Integer.BYTES, true);
    try {
      return internal.wake(offset, most);
    } finally {
      internal.release();
    }
  }

  /** How many guests and threads wait at the memory now. */
  public int waiters() {
    enter();
    try {
      return internal.waiting();
    } finally {
      internal.release();
    }
  }

  /** Holds the memory for the time of an access, so that nobody's close unmaps it under it. */
  private void enter() {
    if (closed || !internal.tryRetain()) {
      throw new IllegalStateException("the shared memory is closed");
    }
  }

  /** An atomic access of a number of so many bytes, which is told its address. */
  private long at(long offset, int bytes, LongUnaryOperator access) {
    long address = enter(offset, bytes, true);
    try {
      return access.applyAsLong(address);
    } finally {
      internal.release();
    }
  }

  private long enter(long offset, int bytes, boolean aligned) {
    enter();
    if (!internal.contains(offset, bytes) || aligned && (offset & bytes - 1) != 0) {
      long length = internal.byteLength();
      internal.release();
      throw new IndexOutOfBoundsException(
          bytes
              + " bytes at "
              + Long.toUnsignedString(offset)
              + " of a memory of "
              + length
              + (aligned ? ", at multiples of " + bytes : ""));
    }
    return internal.base() + offset;
  }

  /** Gives this handle back. Later calls do nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      payer.giveBack(paidBytes);
    }
    internal.abandon(this);
    internal.release();
  }
}

package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.runtime.stub.HandlerInstaller;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the stores of one engine share. Thread-safe. */
public final class VmEngine implements AutoCloseable {
  /** Most collected heaps that an engine can have. */
  public static final int MOST_COLLECTED_HEAPS = GcRegions.MOST_REGIONS;

  private static final long HANDLER_CHECK_NANOS = 10_000_000;

  private final AtomicLong handlersChecked = new AtomicLong(System.nanoTime());
  private final Tunables tunables;
  private final MemoryAllocator memoryAllocator;
  private final StackAllocator stackAllocator;
  private final TypeRegistry types = new TypeRegistry();
  private final NativeHeap heap = new NativeHeap();
  private final MemoryAllocator sharedMemoryAllocator = new OnDemandMemoryAllocator();
  private final ScheduledExecutorService timers;
  private final AtomicInteger openSharedMemories = new AtomicInteger();
  private final GcRegions gcRegions;
  private volatile boolean collectsAtEveryAllocation;
  private final AtomicInteger openStores = new AtomicInteger();
  private final AtomicLong nextModuleKey = new AtomicLong(1);

  /**
   * An engine over these allocators, which it does not close.
   *
   * @param timers end the waits of parked fibers; null for a thread of this process
   * @param collectedHeaps stores that may have a collected heap at once
   */
  public VmEngine(
      Tunables tunables,
      MemoryAllocator memoryAllocator,
      StackAllocator stackAllocator,
      @Nullable ScheduledExecutorService timers,
      int collectedHeaps) {
    this.gcRegions = new GcRegions(collectedHeaps);
    this.timers = timers == null ? WaitTimers.SHARED : timers;
    this.tunables = tunables;
    this.memoryAllocator = memoryAllocator;
    this.stackAllocator = stackAllocator;
  }

  public Tunables tunables() {
    return tunables;
  }

  public MemoryAllocator memoryAllocator() {
    return memoryAllocator;
  }

  /** Where shared memories come from: they have a life of their own. */
  MemoryAllocator sharedMemoryAllocator() {
    return sharedMemoryAllocator;
  }

  /** What ends the waits of parked fibers in time. */
  public ScheduledExecutorService timers() {
    return timers;
  }

  void sharedMemoryOpened() {
    openSharedMemories.incrementAndGet();
  }

  void sharedMemoryClosed() {
    openSharedMemories.decrementAndGet();
  }

  /** Shared memories that somebody holds. */
  public int openSharedMemories() {
    return openSharedMemories.get();
  }

  public StackAllocator stackAllocator() {
    return stackAllocator;
  }

  public TypeRegistry types() {
    return types;
  }

  public NativeHeap heap() {
    return heap;
  }

  /** Where the stores' collected heaps come from. */
  GcRegions gcRegions() {
    return gcRegions;
  }

  /** Stores that may have a collected heap at once. */
  public int collectedHeaps() {
    return gcRegions.places();
  }

  /** How many more stores can have one now. */
  public int freeCollectedHeaps() {
    return gcRegions.free();
  }

  /** Runs an action whenever a collected heap becomes free, on any thread. */
  public void whenCollectedHeapIsFreed(Runnable action) {
    gcRegions.whenFreed(action);
  }

  /** Whether stores collect whenever an object is made. */
  public boolean collectsAtEveryAllocation() {
    return collectsAtEveryAllocation;
  }

  /**
   * For tests: stores that are made from now on collect whenever an object is made, so that a
   * reference that the collector is not told of is wrong at once.
   */
  public void collectAtEveryAllocation(boolean on) {
    collectsAtEveryAllocation = on;
  }

  /** Stores that are not closed. */
  public int openStores() {
    return openStores.get();
  }

  void storeOpened() {
    openStores.incrementAndGet();
  }

  void storeClosed() {
    openStores.decrementAndGet();
  }

  /**
   * Looks whether somebody has replaced our signal handlers; at most once in a while, because it
   * takes system calls.
   *
   * @throws dev.troupe.engine.runtime.stub.SignalHandlerException when somebody has
   */
  void checkHandlers() {
    long now = System.nanoTime();
    long last = handlersChecked.get();
    if (now - last > HANDLER_CHECK_NANOS && handlersChecked.compareAndSet(last, now)) {
      HandlerInstaller.requireInstalled();
    }
  }

  /** A key for a module about to be loaded; never 0, never reused. */
  long newModuleKey() {
    return nextModuleKey.getAndIncrement();
  }

  /**
   * Releases native structures.
   *
   * @throws IllegalStateException when a store or a shared memory is still open
   */
  @Override
  public void close() {
    if (openStores.get() != 0) {
      throw new IllegalStateException(openStores.get() + " stores are still open");
    }
    if (openSharedMemories.get() != 0) {
      throw new IllegalStateException(openSharedMemories.get() + " shared memories are still open");
    }
    heap.close();
    types.close();
    gcRegions.close();
  }
}

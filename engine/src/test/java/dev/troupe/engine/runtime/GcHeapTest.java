package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.os.VirtualMemory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a collected heap is charged with, and what it leaves when it is refused or interrupted. */
class GcHeapTest {
  private static final int CONTEXT_BYTES = 4096;
  private static final long MANY_BYTES = 64L << 20;

  private final VmEngine engine =
      new VmEngine(
          Tunables.DEFAULT,
          new OnDemandMemoryAllocator(),
          new OnDemandStackAllocator(OnDemandStackAllocator.DEFAULT_USABLE_BYTES),
          null,
          2);
  private final long context = engine.heap().allocate(CONTEXT_BYTES);
  private final AtomicInteger halfMoved = new AtomicInteger();

  private GcHeap heap(ResourceLimiter limiter) {
    return new GcHeap(engine, limiter, new ExternTable(), context, halfMoved::incrementAndGet);
  }

  private static ResourceLimiter limiter(long bytes) {
    VmLimits all = VmLimits.UNLIMITED;
    return new ResourceLimiter(
        new VmLimits(
            bytes,
            all.maxInstances(),
            all.maxMemories(),
            all.maxTables(),
            all.maxTableElements(),
            all.trapOnGrowthFailure()));
  }

  @AfterEach
  void close() {
    engine.heap().free(context, CONTEXT_BYTES);
    engine.close();
  }

  @Test
  void aRefusedHeapGivesItsPlaceBack() {
    GcHeap heap = heap(limiter(GcHeap.FIRST_BYTES));
    assertThat(heap.makeRoom(8)).isFalse();
    assertThat(engine.freeCollectedHeaps()).isEqualTo(2);
    assertThat(heap.usedBytes()).isZero();
  }

  @Test
  void aReservedHeapHasAPlaceAndNoMemory() {
    ResourceLimiter limiter = limiter(Long.MAX_VALUE);
    GcHeap first = heap(limiter);
    first.reserve();
    first.reserve();
    assertThat(engine.freeCollectedHeaps()).isEqualTo(1);
    assertThat(limiter.memoryBytes()).isZero();
    assertThat(first.makeRoom(8)).isTrue();
    assertThat(limiter.memoryBytes()).isEqualTo(2 * GcHeap.FIRST_BYTES);
    first.release();
    assertThat(engine.freeCollectedHeaps()).isEqualTo(2);
  }

  /** A region of which the system takes nothing back. */
  private static final class Stubborn extends GcRegions.Region {
    Stubborn(long base) {
      super(base, 0);
    }

    @Override
    boolean shrink(long bytes) {
      return accessible() <= bytes;
    }
  }

  @Test
  void whatTheSystemKeepsIsPaidForOnce() {
    engine.gcRegions().giveBack(new Stubborn(VirtualMemory.reserve(2 * GcRegions.HALF_BYTES)), 0);
    ResourceLimiter limiter = limiter(Long.MAX_VALUE);
    GcHeap heap = heap(limiter);
    assertThat(heap.makeRoom(MANY_BYTES)).isTrue();
    long paid = limiter.memoryBytes();
    long _ = heap.place(0, MANY_BYTES);
    // Nothing is alive: the heap would be smaller now.
    assertThat(heap.makeRoom(GcHeap.FIRST_BYTES)).isTrue();
    assertThat(heap.collections()).isEqualTo(1);
    assertThat(limiter.memoryBytes()).isEqualTo(paid);
    assertThat(heap.makeRoom(MANY_BYTES - (1 << 20))).isTrue();
    assertThat(limiter.memoryBytes()).isEqualTo(paid);
    heap.release();
  }

  /** An exception in the middle, whatever it is, leaves references to both halves. */
  @Test
  void anInterruptedCollectionIsTold() {
    GcHeap heap = heap(limiter(Long.MAX_VALUE));
    heap.addRoots(
        new GcRoots() {
          @Override
          public boolean areKnown() {
            return true;
          }

          @Override
          public void update(ReferenceMap map) {
            throw new StackOverflowError();
          }
        });
    assertThat(heap.makeRoom(8)).isTrue();
    assertThatThrownBy(heap::collect).isInstanceOf(StackOverflowError.class);
    assertThat(halfMoved).hasValue(1);
    heap.release();
  }
}

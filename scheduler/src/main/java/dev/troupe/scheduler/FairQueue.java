package dev.troupe.scheduler;

import java.util.Arrays;

/**
 * Weighted fair queuing among siblings: the one with the least virtual time goes next, and virtual
 * time advances by measured processor time divided by weight.
 *
 * <p>The queue's own clock, {@link #virtualNow}, is the one of WF²Q+ (Bennett and Zhang, 1997): it
 * advances by the service given divided by the weights that compete, and never stays behind the
 * start of what it serves. It says where a newcomer begins and how far behind anybody may fall.
 *
 * <p>Three rules keep it honest:
 *
 * <ul>
 *   <li><b>Debt survives sleep.</b> An entity that ran too long keeps its virtual time while it is
 *       idle; only service to others makes up for it.
 *   <li><b>Credit is bounded.</b> Whoever is more than {@link #maxCreditNanos} of its own time
 *       behind {@code virtualNow} got there by waiting in this queue: neither sleep nor too few
 *       runnable tasks save up a share.
 *   <li><b>Idle processors are free.</b> The caller charges only what was used while somebody
 *       waited; running alone puts nobody into debt.
 * </ul>
 *
 * <p>Guarded by the lock of the core. Every operation is O(log n) or better.
 */
final class FairQueue<E extends FairEntity> {

  /** Virtual units per nanosecond at weight 1. */
  static final long SCALE = 64;

  private static final int INITIAL_CAPACITY = 4;

  private final long maxCreditNanos;
  private FairEntity[] heap = new FairEntity[INITIAL_CAPACITY];
  private int size;
  private long virtualNow;
  private long activeWeight;

  FairQueue(long maxCreditNanos) {
    this.maxCreditNanos = maxCreditNanos;
  }

  boolean isEmpty() {
    return size == 0;
  }

  long virtualNow() {
    return virtualNow;
  }

  /** The sibling whose turn it is. The queue must not be empty. */
  @SuppressWarnings("unchecked")
  E first() {
    assert size > 0 : "no sibling is queued";
    return (E) heap[0];
  }

  /** {@code entity} wants the processor again after it had nothing to do, or for the first time. */
  void activate(E entity) {
    activeWeight += entity.weight;
    raiseTo(entity, virtualNow - entity.idleCredit);
  }

  /** {@code entity} has nothing to do any more. */
  void deactivate(E entity) {
    assert entity.heapIndex == FairEntity.NOT_IN_HEAP : "an idle entity is queued";
    activeWeight -= entity.weight;
    assert activeWeight >= 0 : "more weight left than came";
    long behind = virtualNow - entity.virtualTime;
    entity.idleCredit = Math.max(0, Math.min(behind, maxCredit(entity)));
    entity.creditAtStart = 0;
  }

  /** Queues {@code entity}, which is active. */
  void insert(E entity, long sequence) {
    assert entity.heapIndex == FairEntity.NOT_IN_HEAP : "queued twice";
    raiseTo(entity, virtualNow - Math.max(maxCredit(entity), entity.creditAtStart));
    entity.sequence = sequence;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    siftUp(size++, entity);
  }

  /** Takes {@code entity} out of the queue, wherever it stands. */
  void remove(E entity) {
    int index = entity.heapIndex;
    assert index >= 0 && index < size : "not queued";
    entity.heapIndex = FairEntity.NOT_IN_HEAP;
    FairEntity last = heap[--size];
    heap[size] = NO_ENTITY;
    if (index != size) {
      place(index, last);
    }
  }

  /** {@code entity} starts a slice that is expected to last {@code expectedNanos}. */
  void start(E entity, long expectedNanos) {
    long behind = virtualNow - entity.virtualTime;
    if (behind < 0) {
      virtualNow = entity.virtualTime;
    }
    entity.creditAtStart = Math.max(0, behind);
    addInFlight(entity, expectedNanos);
  }

  /** A slice of {@code entity} that was expected to last {@code expectedNanos} used this much. */
  void charge(E entity, long expectedNanos, long chargedNanos) {
    long scaled = chargedNanos * SCALE + entity.remainder;
    entity.virtualTime += scaled / entity.weight;
    entity.remainder = scaled % entity.weight;
    assert activeWeight >= entity.weight : "a running entity counts as active";
    virtualNow += chargedNanos * SCALE / activeWeight;
    addInFlight(entity, -expectedNanos);
  }

  /**
   * Changes the weight at once: what is owed to or by the entity keeps its length in processor
   * time.
   */
  void setWeight(E entity, int weight) {
    long ahead = entity.virtualTime - virtualNow;
    // Divides first: a debt of hours at weight 1 must not overflow on its way to weight 10,000.
    long scaled = ahead / weight * entity.weight + ahead % weight * entity.weight / weight;
    if (entity.activeTasks > 0) {
      activeWeight += weight - entity.weight;
    }
    entity.weight = weight;
    entity.remainder = 0;
    entity.virtualTime = virtualNow + scaled;
    entity.idleCredit = Math.min(entity.idleCredit, maxCredit(entity));
    entity.creditAtStart = 0;
    rekey(entity);
  }

  private void addInFlight(E entity, long nanos) {
    entity.inFlightNanos += nanos;
    assert entity.inFlightNanos >= 0 : "more slices ended than began";
    rekey(entity);
  }

  private void raiseTo(E entity, long floor) {
    if (floor - entity.virtualTime > 0) {
      entity.virtualTime = floor;
      entity.remainder = 0;
    }
    entity.refreshKey();
  }

  private long maxCredit(E entity) {
    return maxCreditNanos * SCALE / entity.weight;
  }

  private void rekey(E entity) {
    entity.refreshKey();
    if (entity.heapIndex != FairEntity.NOT_IN_HEAP) {
      place(entity.heapIndex, entity);
    }
  }

  private void place(int index, FairEntity entity) {
    if (index > 0 && entity.before(heap[(index - 1) >>> 1])) {
      siftUp(index, entity);
    } else {
      siftDown(index, entity);
    }
  }

  private void siftUp(int from, FairEntity entity) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      if (!entity.before(heap[parent])) {
        break;
      }
      set(index, heap[parent]);
      index = parent;
    }
    set(index, entity);
  }

  private void siftDown(int from, FairEntity entity) {
    int index = from;
    while (true) {
      int child = 2 * index + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].before(heap[child])) {
        child++;
      }
      if (!heap[child].before(entity)) {
        break;
      }
      set(index, heap[child]);
      index = child;
    }
    set(index, entity);
  }

  private void set(int index, FairEntity entity) {
    heap[index] = entity;
    entity.heapIndex = index;
  }

  /** Fills unused places of the heap, so that it keeps nothing alive. */
  private static final FairEntity NO_ENTITY = new FairEntity(1) {};
}

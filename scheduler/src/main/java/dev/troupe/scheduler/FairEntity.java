package dev.troupe.scheduler;

/**
 * Something that competes for the processor inside one {@link FairQueue}: a tenant, a function of a
 * tenant, or a task of a function. Guarded by the lock of the core.
 */
abstract class FairEntity {

  static final int NOT_IN_HEAP = -1;

  /** Share relative to its siblings. */
  int weight;

  /** Charged processor time divided by weight, in units of {@link FairQueue#SCALE} per ns. */
  long virtualTime;

  /** What the division by weight left over, so that rounding never favours anybody. */
  long remainder;

  /** Expected length of the slices that run now, so that several workers do not all pick one. */
  long inFlightNanos;

  /** Order in the heap: the virtual time with the slices in flight. */
  long key;

  /** Order among equal keys: first come, first served. */
  long sequence;

  /** Place in the heap, or {@link #NOT_IN_HEAP}. */
  int heapIndex = NOT_IN_HEAP;

  /** Tasks at or below this entity that are queued or running. */
  int activeTasks;

  /** How far behind its fair share it was when its last slice began; virtual units. */
  long creditAtStart;

  /** How far behind its fair share it was when it went idle, bounded; virtual units. */
  long idleCredit;

  FairEntity(int weight) {
    this.weight = weight;
  }

  final boolean before(FairEntity other) {
    // Differences, not values: virtual time may wrap around.
    long difference = key - other.key;
    return difference != 0 ? difference < 0 : sequence - other.sequence < 0;
  }

  final void refreshKey() {
    key = virtualTime + inFlightNanos * FairQueue.SCALE / weight;
  }
}

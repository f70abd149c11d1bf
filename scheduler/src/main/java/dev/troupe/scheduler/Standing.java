package dev.troupe.scheduler;

/**
 * How a tenant, a function of a tenant, or a task of a function stands among its siblings on the
 * whole machine. Changed under the lock of the tenant; read without it where a stale value only
 * delays a decision until the next look.
 */
abstract class Standing extends FairHeap.Node {
  /** Share relative to its siblings. */
  int weight;

  /** Tasks at or below this that are queued or running. */
  int activeTasks;

  /** Tasks at or below this that are queued. */
  int queuedTasks;

  /** Charged processor time divided by weight, in units of {@link FairClock#SCALE} per ns. */
  long virtualTime;

  /** What the division by weight left over, so that rounding never favours anybody. */
  long remainder;

  /** Expected length of the slices that run now, so that several workers do not all pick one. */
  long inFlightNanos;

  /** How far behind its fair share it was when its last slice began; virtual units. */
  long creditAtStart;

  /** How far behind its fair share it was when it went idle, bounded; virtual units. */
  long idleCredit;

  /** Where the clock stood when it had nothing to do any more; in the future when it is new. */
  long idleSince = Long.MAX_VALUE;

  Standing(int weight) {
    this.weight = weight;
  }

  /** Its virtual deadline if its next slice lasts {@code requestNanos}. */
  final long deadlineKey(long requestNanos) {
    return virtualTime + (inFlightNanos + requestNanos) * FairClock.SCALE / weight;
  }
}

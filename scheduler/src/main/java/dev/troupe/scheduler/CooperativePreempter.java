package dev.troupe.scheduler;

/** Leaves preemption to {@link WorkerContext#shouldYield()}. */
final class CooperativePreempter implements Preempter {
  @Override
  public void arm(long afterNanos) {
    // shouldYield() compares the clock with the worker's own copy of the alarm.
  }

  @Override
  public void disarm() {
    // See arm.
  }
}

package dev.troupe.scheduler;

import java.util.EnumMap;
import java.util.Map;

/** What a tenant, or everybody on one worker, has used. Guarded by its owner's lock. */
final class Accounts {
  private static final TaskEnd[] ENDS = TaskEnd.values();

  private final long[] ended = new long[ENDS.length];
  private final DurationHistogram waits = new DurationHistogram();
  private long submitted;
  private long refused;
  private long slices;
  private long preemptions;
  private long cpuNanos;

  void submitted() {
    submitted++;
  }

  void submitted(long count) {
    submitted += count;
  }

  void refused() {
    refused++;
  }

  void refused(long count) {
    refused += count;
  }

  void sliceBegan(long waitNanos) {
    slices++;
    waits.record(waitNanos);
  }

  void sliceEnded(long sliceCpuNanos, boolean preempted) {
    cpuNanos += sliceCpuNanos;
    if (preempted) {
      preemptions++;
    }
  }

  void endTold(long usedCpuNanos) {
    cpuNanos += usedCpuNanos;
  }

  void ended(TaskEnd end) {
    ended[end.ordinal()]++;
  }

  /** Adds what {@code other} counted. */
  void add(Accounts other) {
    for (int end = 0; end < ended.length; end++) {
      ended[end] += other.ended[end];
    }
    waits.add(other.waits);
    submitted += other.submitted;
    refused += other.refused;
    slices += other.slices;
    preemptions += other.preemptions;
    cpuNanos += other.cpuNanos;
  }

  AccountsSnapshot snapshot() {
    Map<TaskEnd, Long> ends = new EnumMap<>(TaskEnd.class);
    for (TaskEnd end : ENDS) {
      ends.put(end, ended[end.ordinal()]);
    }
    return new AccountsSnapshot(
        submitted, refused, slices, preemptions, cpuNanos, ends, waits.snapshot());
  }
}

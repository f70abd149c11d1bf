package dev.troupe.scheduler;

import java.util.EnumMap;
import java.util.Map;

/** What a tenant, or everybody together, has used. Guarded by the core's lock. */
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

  void refused() {
    refused++;
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

  void ended(TaskEnd end) {
    ended[end.ordinal()]++;
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

package dev.troupe.scheduler;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counters that only grow.
 *
 * @param submitted accepted tasks
 * @param refused submissions refused because a queue was full
 * @param slices slices begun
 * @param preemptions slices that ended by preemption
 * @param cpuNanos processor time measured over all finished slices
 * @param ended ended tasks by kind of end
 * @param waits how long tasks were runnable before each slice
 */
public record AccountsSnapshot(
    long submitted,
    long refused,
    long slices,
    long preemptions,
    long cpuNanos,
    Map<TaskEnd, Long> ended,
    DurationSnapshot waits) {

  /** Copies the map, keeping the order of the enum. */
  public AccountsSnapshot {
    Map<TaskEnd, Long> copy = new EnumMap<>(TaskEnd.class);
    copy.putAll(ended);
    ended = Collections.unmodifiableMap(copy);
  }
}

package dev.troupe.actors;

import dev.troupe.actors.call.Call;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a tenant that wait: for a place, first come, first served, or for their version to
 * be loaded. Adding and removing take constant time, so that ten thousand cancellations are no
 * work. Guarded by the lock of {@link Admission}.
 */
final class CallQueue {
  /** Later than every deadline. */
  static final long NEVER_NANOS = Long.MAX_VALUE;

  private final SequencedMap<Call, Long> deadlines = new LinkedHashMap<>();
  private final Map<VersionKey, SequencedMap<Call, Long>> loading = new LinkedHashMap<>();
  private int loadingCount;

  /** All that wait. */
  int size() {
    return deadlines.size() + loadingCount;
  }

  /** Whether no call waits for a place; some may wait for a version. */
  boolean noneWaitForPlace() {
    return deadlines.isEmpty();
  }

  /**
   * Appends a call that waits for a place.
   *
   * @param deadlineNanos {@link System#nanoTime()} of its deadline
   */
  void add(Call call, long deadlineNanos) {
    Long _ = deadlines.put(call, deadlineNanos);
  }

  /**
   * Adds a call that waits for its version.
   *
   * @return whether it is the first one, so that somebody has to load the version
   */
  boolean addLoading(VersionKey key, Call call, long deadlineNanos) {
    boolean first = !loading.containsKey(key);
    Long _ = loading.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(call, deadlineNanos);
    loadingCount++;
    return first;
  }

  /** Whether a call waits or waited for that version since {@link #removeLoading}. */
  boolean isLoading(VersionKey key) {
    return loading.containsKey(key);
  }

  /** Takes out the calls that wait for {@code key}, in their order. */
  List<Call> removeLoading(VersionKey key) {
    SequencedMap<Call, Long> calls = loading.remove(key);
    if (calls == null) {
      return List.of();
    }
    loadingCount -= calls.size();
    return List.copyOf(calls.sequencedKeySet());
  }

  /** The versions that calls wait for. */
  List<VersionKey> loadingKeys() {
    return List.copyOf(loading.keySet());
  }

  /** The call that waits longest for a place, or null. */
  @Nullable Call first() {
    return deadlines.isEmpty() ? null : deadlines.firstEntry().getKey();
  }

  /** Takes out {@link #first()}. */
  void removeFirst() {
    var _ = deadlines.pollFirstEntry();
  }

  /** Takes out the youngest call that waits for a place. There must be one. */
  Call removeLast() {
    return deadlines.pollLastEntry().getKey();
  }

  boolean remove(Call call) {
    if (deadlines.remove(call) != null) {
      return true;
    }
    for (SequencedMap<Call, Long> calls : loading.values()) {
      if (calls.remove(call) != null) {
        // An empty entry stays: its version is still being loaded.
        loadingCount--;
        return true;
      }
    }
    return false;
  }

  /** Takes out all calls whose deadline has passed. */
  List<Call> removeExpired(long nowNanos) {
    List<Call> expired = new ArrayList<>();
    removeExpired(deadlines, nowNanos, expired);
    int before = expired.size();
    loading.values().forEach(calls -> removeExpired(calls, nowNanos, expired));
    loadingCount -= expired.size() - before;
    return expired;
  }

  private static void removeExpired(
      SequencedMap<Call, Long> calls, long nowNanos, List<Call> expired) {
    for (Iterator<Map.Entry<Call, Long>> all = calls.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Call, Long> entry = all.next();
      if (entry.getValue() - nowNanos <= 0) {
        expired.add(entry.getKey());
        all.remove();
      }
    }
  }

  /** The earliest deadline, or {@link #NEVER_NANOS}. */
  long earliestDeadlineNanos(long nowNanos) {
    long earliest = earliest(deadlines, NEVER_NANOS, nowNanos);
    for (SequencedMap<Call, Long> calls : loading.values()) {
      earliest = earliest(calls, earliest, nowNanos);
    }
    return earliest == NEVER_NANOS ? NEVER_NANOS : nowNanos + earliest;
  }

  private static long earliest(SequencedMap<Call, Long> calls, long soonest, long nowNanos) {
    long left = soonest;
    for (long deadline : calls.values()) {
      left = Math.min(left, deadline - nowNanos);
    }
    return left;
  }

  /** Takes out everything. */
  List<Call> removeAll() {
    List<Call> all = new ArrayList<>(deadlines.keySet());
    loading.values().forEach(calls -> all.addAll(calls.keySet()));
    deadlines.clear();
    loading.clear();
    loadingCount = 0;
    return all;
  }
}

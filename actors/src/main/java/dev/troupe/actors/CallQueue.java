package dev.troupe.actors;

import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.call.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a tenant that wait: for a place, or for their version to be loaded.
 *
 * <p>Those that wait for a place stand in a lane for each function and have numbers. The least
 * number is next, first come, first served; but a lane whose function may run no more at once is
 * passed by, so that only its own limit holds a function up. Adding and removing take constant time
 * in each lane, so that ten thousand cancellations are no work. Guarded by the lock of {@link
 * Admission}.
 */
final class CallQueue {
  /** Later than every deadline. */
  static final long NEVER_NANOS = Long.MAX_VALUE;

  /**
   * A call that waits.
   *
   * @param number in the order of arrival
   * @param untilNanos {@link System#nanoTime()} when it has waited for long enough
   */
  private record Waiting(long number, long untilNanos) {}

  private final Map<FunctionAccount, SequencedMap<Call, Waiting>> lanes = new LinkedHashMap<>();
  private final Map<VersionKey, SequencedMap<Call, Waiting>> loading = new LinkedHashMap<>();
  private long lastNumber;
  private int count;

  /** All that wait. */
  int size() {
    return count;
  }

  /** Appends a call that waits for a place. */
  void add(FunctionAccount account, Call call, long untilNanos) {
    put(lanes.computeIfAbsent(account, a -> new LinkedHashMap<>()), call, untilNanos);
  }

  /**
   * Adds a call that waits for its version.
   *
   * @return whether it is the first one, so that somebody has to load the version
   */
  boolean addLoading(VersionKey key, Call call, long untilNanos) {
    boolean first = !loading.containsKey(key);
    put(loading.computeIfAbsent(key, k -> new LinkedHashMap<>()), call, untilNanos);
    return first;
  }

  private void put(SequencedMap<Call, Waiting> lane, Call call, long untilNanos) {
    Waiting _ = lane.put(call, new Waiting(++lastNumber, untilNanos));
    count++;
  }

  /** Whether a call waits or waited for that version since {@link #removeLoading}. */
  boolean isLoading(VersionKey key) {
    return loading.containsKey(key);
  }

  /** Takes out the calls that wait for {@code key}, in their order. */
  List<Call> removeLoading(VersionKey key) {
    SequencedMap<Call, Waiting> calls = loading.remove(key);
    if (calls == null) {
      return List.of();
    }
    count -= calls.size();
    return List.copyOf(calls.sequencedKeySet());
  }

  /** The versions that calls wait for. */
  List<VersionKey> loadingKeys() {
    return List.copyOf(loading.keySet());
  }

  /** Whether a call of that function that comes now would overtake nobody. */
  boolean noneIsBefore(FunctionAccount account) {
    return !lanes.containsKey(account) && firstLane() == null;
  }

  /** The call that is next, or null when none waits whose function may run one more. */
  @Nullable Call first() {
    SequencedMap<Call, Waiting> lane = firstLane();
    return lane == null ? null : lane.firstEntry().getKey();
  }

  private @Nullable SequencedMap<Call, Waiting> firstLane() {
    SequencedMap<Call, Waiting> first = null;
    long least = Long.MAX_VALUE;
    for (Map.Entry<FunctionAccount, SequencedMap<Call, Waiting>> lane : lanes.entrySet()) {
      long number = lane.getValue().firstEntry().getValue().number();
      if (number < least && lane.getKey().hasRoom()) {
        least = number;
        first = lane.getValue();
      }
    }
    return first;
  }

  /** Takes out the youngest call that waits for a place; null when none does. */
  @Nullable Call removeLast() {
    Call youngest = null;
    long most = 0;
    for (SequencedMap<Call, Waiting> lane : lanes.values()) {
      Map.Entry<Call, Waiting> last = lane.lastEntry();
      if (last.getValue().number() > most) {
        most = last.getValue().number();
        youngest = last.getKey();
      }
    }
    if (youngest != null) {
      boolean _ = remove(youngest);
    }
    return youngest;
  }

  boolean remove(Call call) {
    for (Iterator<SequencedMap<Call, Waiting>> all = lanes.values().iterator(); all.hasNext(); ) {
      SequencedMap<Call, Waiting> lane = all.next();
      if (lane.remove(call) != null) {
        count--;
        if (lane.isEmpty()) {
          all.remove();
        }
        return true;
      }
    }
    for (SequencedMap<Call, Waiting> calls : loading.values()) {
      if (calls.remove(call) != null) {
        // An empty entry stays: its version is still being loaded.
        count--;
        return true;
      }
    }
    return false;
  }

  /** Takes out all calls that have waited for long enough. */
  List<Call> removeExpired(long nowNanos) {
    List<Call> expired = new ArrayList<>();
    lanes.values().forEach(lane -> removeExpired(lane, nowNanos, expired));
    boolean _ = lanes.values().removeIf(Map::isEmpty);
    loading.values().forEach(calls -> removeExpired(calls, nowNanos, expired));
    count -= expired.size();
    return expired;
  }

  private static void removeExpired(
      SequencedMap<Call, Waiting> calls, long nowNanos, List<Call> expired) {
    for (Iterator<Map.Entry<Call, Waiting>> all = calls.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Call, Waiting> entry = all.next();
      if (entry.getValue().untilNanos() - nowNanos <= 0) {
        expired.add(entry.getKey());
        all.remove();
      }
    }
  }

  /**
   * Limits have changed: asks anew how long each call may wait.
   *
   * @param untilNanos told the account, null for a call that waits for its version, and the call
   */
  void reschedule(ToLongBiFunction<@Nullable FunctionAccount, Call> untilNanos) {
    lanes.forEach((account, lane) ->
        lane.replaceAll(
            (call, old) -> new Waiting(old.number(), untilNanos.applyAsLong(account, call))));
    for (SequencedMap<Call, Waiting> calls : loading.values()) {
      calls.replaceAll(
          (call, old) -> new Waiting(old.number(), untilNanos.applyAsLong(null, call)));
    }
  }

  /** The earliest end of waiting, or {@link #NEVER_NANOS}. */
  long earliestNanos(long nowNanos) {
    long left = Math.min(earliest(lanes.values(), nowNanos), earliest(loading.values(), nowNanos));
    return left == NEVER_NANOS ? NEVER_NANOS : nowNanos + left;
  }

  private static long earliest(Collection<SequencedMap<Call, Waiting>> all, long nowNanos) {
    long left = NEVER_NANOS;
    for (SequencedMap<Call, Waiting> calls : all) {
      for (Waiting waiting : calls.values()) {
        left = Math.min(left, waiting.untilNanos() - nowNanos);
      }
    }
    return left;
  }

  /** Takes out everything. */
  List<Call> removeAll() {
    List<Call> all = new ArrayList<>();
    lanes.values().forEach(calls -> all.addAll(calls.keySet()));
    loading.values().forEach(calls -> all.addAll(calls.keySet()));
    lanes.clear();
    loading.clear();
    count = 0;
    return all;
  }
}

package dev.troupe.load.client;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What became of the calls of a stream. Written by one event loop; everybody else gets copies.
 *
 * <p>Counts are of calls that were due after the warm-up, answered whenever. The three named "in
 * window" are of events between the end of the warm-up and the end of the stream, which is what
 * rates are made of.
 */
public final class CallCounts {
  private static final long LOWEST_NANOS = 1_000;
  private static final long HIGHEST_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private long due;
  private long dropped;
  private long ok;
  private long wrong;
  private long cold;
  private long cancelled;
  private long unanswered;
  private long deadlines;
  private long dueEver;
  private long okEver;
  private long notOkEver;
  private long answeredInWindow;
  private long okInWindow;
  private final Map<String, Long> traps = new TreeMap<>();
  private final Map<String, Long> sheds = new TreeMap<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, String> messages = new TreeMap<>();
  private final Histogram latency = newHistogram();
  private final Histogram sendLag = newHistogram();

  CallCounts() {}

  /** Nothing has happened yet. */
  public static CallCounts none() {
    return new CallCounts();
  }

  /** A histogram of nanoseconds: 1 us to 2 min, three digits. */
  public static Histogram newHistogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  static long recordable(long nanos) {
    return Math.clamp(nanos, 0, HIGHEST_NANOS);
  }

  void due(boolean measured) {
    dueEver++;
    if (measured) {
      due++;
    }
  }

  void dropped() {
    dropped++;
  }

  void sent(long lagNanos) {
    sendLag.recordValue(recordable(lagNanos));
  }

  void answered(boolean good, boolean inWindow) {
    okEver += good ? 1 : 0;
    notOkEver += good ? 0 : 1;
    if (inWindow) {
      answeredInWindow++;
      okInWindow += good ? 1 : 0;
    }
  }

  void ok(long latencyNanos, boolean right, boolean coldStart) {
    ok++;
    if (!right) {
      wrong++;
    }
    if (coldStart) {
      cold++;
    }
    latency.recordValue(recordable(latencyNanos));
  }

  void trap(String kind) {
    traps.merge(kind, 1L, Long::sum);
    if (kind.equals("DEADLINE_EXCEEDED")) {
      deadlines++;
    }
  }

  void shed(String quota) {
    sheds.merge(quota, 1L, Long::sum);
  }

  void error(String reason, String message, boolean deadline) {
    errors.merge(reason, 1L, Long::sum);
    messages.putIfAbsent(reason, message);
    if (deadline) {
      deadlines++;
    }
  }

  void cancelled() {
    cancelled++;
  }

  void unanswered() {
    unanswered++;
  }

  /** Adds other counts. */
  public void add(CallCounts other) {
    due += other.due;
    dropped += other.dropped;
    ok += other.ok;
    wrong += other.wrong;
    cold += other.cold;
    cancelled += other.cancelled;
    unanswered += other.unanswered;
    deadlines += other.deadlines;
    dueEver += other.dueEver;
    okEver += other.okEver;
    notOkEver += other.notOkEver;
    answeredInWindow += other.answeredInWindow;
    okInWindow += other.okInWindow;
    other.traps.forEach((kind, count) -> traps.merge(kind, count, Long::sum));
    other.sheds.forEach((quota, count) -> sheds.merge(quota, count, Long::sum));
    other.errors.forEach((reason, count) -> errors.merge(reason, count, Long::sum));
    other.messages.forEach(messages::putIfAbsent);
    latency.add(other.latency);
    sendLag.add(other.sendLag);
  }

  CallCounts copy() {
    CallCounts result = new CallCounts();
    result.add(this);
    return result;
  }

  /** Calls that should have started. */
  public long dueCalls() {
    return due;
  }

  /** Calls that were never sent, because too many were outstanding. */
  public long droppedCalls() {
    return dropped;
  }

  /** Calls that returned a result, right or wrong. */
  public long okCalls() {
    return ok;
  }

  /** Results that differed from the expected one. */
  public long wrongResults() {
    return wrong;
  }

  /** Calls that returned a result and had an instance made for them. */
  public long coldStarts() {
    return cold;
  }

  /** Calls that this client cancelled on purpose. */
  public long cancelledCalls() {
    return cancelled;
  }

  /** Calls without an answer when the time to wait for them was over. */
  public long unansweredCalls() {
    return unanswered;
  }

  /** Errors and traps whose cause was a deadline; they are counted there, too. */
  public long deadlinesMissed() {
    return deadlines;
  }

  /** Calls that a quota refused. */
  public long shedCalls() {
    return sum(sheds);
  }

  /** Answers of any kind in the measured time. */
  public long answersInWindow() {
    return answeredInWindow;
  }

  /** Results in the measured time. */
  public long okInWindow() {
    return okInWindow;
  }

  /** Calls that should have started, during the warm-up, too. */
  public long dueEver() {
    return dueEver;
  }

  /** Results, during the warm-up, too. */
  public long okEver() {
    return okEver;
  }

  /** Answers that were no results, during the warm-up, too. */
  public long notOkEver() {
    return notOkEver;
  }

  /** Trap kinds and how often each. */
  public Map<String, Long> traps() {
    return new TreeMap<>(traps);
  }

  /** Refusals (RESOURCE_EXHAUSTED) by quota; those that named none are {@code UNTYPED}. */
  public Map<String, Long> sheds() {
    return new TreeMap<>(sheds);
  }

  /** Failed calls by ErrorInfo reason, else by status code; sheds excluded. */
  public Map<String, Long> errors() {
    return new TreeMap<>(errors);
  }

  /** Of each kind of {@link #errors} what the first said, for people; may be empty. */
  public Map<String, String> messages() {
    return new TreeMap<>(messages);
  }

  /** Latency of calls that returned a result, nanoseconds from when they were due. */
  public Histogram latency() {
    return latency.copy();
  }

  /** How late this client itself was with sending, nanoseconds. */
  public Histogram sendLag() {
    return sendLag.copy();
  }

  /** Latency at a percentile, milliseconds. */
  public double latencyMillis(double percentile) {
    return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile) / 1e6;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}

package dev.troupe.load.client;

/**
 * What a stream does.
 *
 * @param workload the requests
 * @param pace when they are sent
 * @param maxOutstanding most calls without an answer; what arrives beyond is dropped and counted
 * @param deadlineNanos gRPC deadline of each call; 0: none
 * @param cancelAfterNanos calls are cancelled so long after they were sent; 0: never
 * @param cancelFraction how many of the calls are cancelled, 0 to 1
 * @param readDelayNanos answers are left in the connection for so long; 0: read at once
 */
public record CallPlan(
    Workload workload,
    Pace pace,
    int maxOutstanding,
    long deadlineNanos,
    long cancelAfterNanos,
    double cancelFraction,
    long readDelayNanos) {
  /** Calls in flight that a stream may have when nothing else is said. */
  public static final int DEFAULT_OUTSTANDING = 20_000;

  /** Plain calls. */
  public static CallPlan of(Workload workload, Pace pace) {
    return new CallPlan(workload, pace, DEFAULT_OUTSTANDING, 0, 0, 0, 0);
  }

  /**
   * The part of one of several lanes. Closed callers are dealt out; an open lane takes every n-th
   * arrival by itself.
   */
  int share(int total, int lane, int lanes) {
    return total / lanes + (lane < total % lanes ? 1 : 0);
  }
}

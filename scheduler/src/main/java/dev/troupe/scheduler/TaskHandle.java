package dev.troupe.scheduler;

/** A submitted task, as the submitter sees it. All methods may be called from any thread. */
public interface TaskHandle {

  /**
   * Asks for the end of the task. A queued or parked task never runs again; a running one is
   * preempted at once. Does nothing when the task has ended. The answer is {@link Task#ended}, with
   * {@link TaskEnd#CANCELLED} unless another end came first.
   */
  void cancel();

  /**
   * Makes a parked task runnable. When the task is not parked, its next park ends at once (a single
   * permit, like {@link java.util.concurrent.locks.LockSupport}).
   */
  void unpark();

  /**
   * Tightens the limits of the task: the deadline becomes the earlier of its own and {@code
   * timeoutNanos} after submission, the limit of processor time the smaller of both. Limits never
   * loosen. Acts at once, wherever the task is; does nothing when it has ended.
   */
  void lowerLimits(long timeoutNanos, long cpuLimitNanos);

  /** Processor time of the finished slices, in nanoseconds. */
  long cpuNanos();
}

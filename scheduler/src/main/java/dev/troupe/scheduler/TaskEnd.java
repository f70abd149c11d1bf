package dev.troupe.scheduler;

/** How the life of a task in the scheduler ended. */
public enum TaskEnd {
  /** {@link Task#run} returned {@link SliceOutcome#DONE}. */
  DONE,
  /** {@link TaskHandle#cancel()} was called. */
  CANCELLED,
  /** The deadline passed, wherever the task was: queued, running or parked. */
  DEADLINE_EXCEEDED,
  /** The task used up its limit of processor time. */
  CPU_LIMIT_EXCEEDED,
  /** {@link Task#run} threw. */
  FAILED,
  /** The scheduler was closed before the task was done. */
  SHUT_DOWN
}

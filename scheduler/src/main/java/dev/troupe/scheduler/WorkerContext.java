package dev.troupe.scheduler;

/** What a task may ask about the worker that runs its slice. Valid only during the slice. */
public interface WorkerContext {

  /** Index of the worker, from 0. */
  int workerIndex();

  /** Number of the slice, unique for its worker and increasing. */
  long sliceNumber();

  /**
   * Whether the slice should end soon: its time is up while somebody waits, or it is cancelled or
   * past its deadline. For tasks written in Java, which no signal preempts; costs a clock reading.
   */
  boolean shouldYield();
}

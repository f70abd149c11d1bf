package dev.troupe.scheduler;

/**
 * Ends the running slice of one worker from outside: an alarm clock that makes {@link Task#run}
 * return {@link SliceOutcome#PREEMPTED}.
 *
 * <p>An alarm that rings between two slices, or in the first microseconds of a later one, does no
 * harm: the scheduler then picks again. An implementation may therefore leave the exact slice to
 * chance, but it must not lose the alarm of a slice that goes on: it repeats until that slice ends.
 * Calls come from any thread, one at a time per worker, and must not block.
 */
public interface Preempter {

  /**
   * Asks for the end of the running slice after {@code afterNanos} nanoseconds (0: at once). Takes
   * the place of an earlier request.
   */
  void arm(long afterNanos);

  /** Takes back the request. Called before the worker goes idle, so that idleness costs nothing. */
  void disarm();

  /** The worker leaves for good. Called on its thread. */
  default void close() {
    // Nothing to release.
  }

  /** Makes the preempter of each worker. */
  @FunctionalInterface
  interface Factory {
    /** Called once by each worker, on its own thread, before its first slice. */
    Preempter forCurrentWorker(int workerIndex);
  }

  /**
   * Does nothing: slices end only when tasks look at {@link WorkerContext#shouldYield()} or return
   * by themselves.
   */
  static Factory cooperative() {
    return workerIndex -> new CooperativePreempter();
  }
}

package dev.troupe.scheduler;

import java.util.concurrent.CompletionStage;

/** Why a slice of a task came to its end. */
public sealed interface SliceOutcome {

  /** The task has finished. */
  SliceOutcome DONE = new Done();

  /** The task was interrupted from outside and wants to go on. */
  SliceOutcome PREEMPTED = new Preempted();

  /** The task gave way by itself and wants to go on. */
  SliceOutcome YIELDED = new Yielded();

  /** The task waits for {@link TaskHandle#unpark()}. */
  SliceOutcome PARKED = new Parked(Parked.NO_TIMEOUT_NANOS);

  /** See {@link #DONE}. */
  record Done() implements SliceOutcome {}

  /** See {@link #PREEMPTED}. */
  record Preempted() implements SliceOutcome {}

  /** See {@link #YIELDED}. */
  record Yielded() implements SliceOutcome {}

  /**
   * The task waits for {@link TaskHandle#unpark()} or for a time to pass, whichever is first. An
   * {@code unpark} that came before the task had parked makes it runnable at once.
   *
   * @param timeoutNanos how long to wait at most; {@link #NO_TIMEOUT_NANOS} for no limit
   */
  record Parked(long timeoutNanos) implements SliceOutcome {
    /** Waits for {@code unpark} alone. */
    public static final long NO_TIMEOUT_NANOS = Long.MAX_VALUE;

    /** Checks the timeout. */
    public Parked {
      if (timeoutNanos < 0) {
        throw new IllegalArgumentException("timeoutNanos " + timeoutNanos + " is negative");
      }
    }
  }

  /** The task waits until {@code stage} completes, in whatever way. */
  record ParkedOn(CompletionStage<?> stage) implements SliceOutcome {}
}

package dev.troupe.engine.runtime;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call of a host function that has not ended: what it waits for, and how it goes on. While it
 * waits it touches nothing that belongs to the store: results, memory and descriptors are touched
 * in {@link #resume} alone, which the thread calls that runs the guest next. So a call may end, and
 * its store be closed, at any moment of a wait.
 */
public interface PendingCall {
  /**
   * Completes when going on is worth it; exceptionally for a trap of the calling guest. Cancelled
   * when the call ends before.
   */
  CompletionStage<?> stage();

  /**
   * Goes on, like the body of an inline host function. Arguments are still in the call's slots.
   *
   * @return null when the results are in place, otherwise what it waits for next
   * @throws Throwable anything: becomes a trap of the calling guest
   */
  @Nullable PendingCall resume(HostSlots slots) throws Throwable;
}

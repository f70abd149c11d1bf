package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.TrapKind;
import org.jspecify.annotations.Nullable;

/**
 * What may end a store's calls from outside: a deadline, or a cancellation. Set from any thread,
 * looked at whenever a guest has left.
 */
public final class Interruption {
  /** {@link #deadlineNanos()} when there is none. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private volatile long deadlineNanos = NO_DEADLINE;
  private volatile @Nullable String cancelReason;
  private volatile @Nullable Carrier carrier;
  private volatile @Nullable Runnable waiter;

  /** When calls must end, in terms of {@link System#nanoTime()}, or {@link #NO_DEADLINE}. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Sets or ({@link #NO_DEADLINE}) removes the deadline. */
  public void deadlineNanos(long nanoTime) {
    deadlineNanos = nanoTime;
  }

  /** Ends the present call, and every later one until {@link #clearCancel()}. */
  public void cancel(String reason) {
    cancelReason = reason;
    Carrier running = carrier;
    if (running != null) {
      running.preemptNow();
    }
    Runnable waiting = waiter;
    if (waiting != null) {
      waiting.run();
    }
  }

  /**
   * What a cancellation runs, on any thread, while a plain call waits for the host. Look at {@link
   * #due} after setting it. Waits nest: a body that one call waits for may make another call, which
   * waits, too.
   *
   * @return what it was before, for {@link #waited}
   */
  @Nullable Runnable waiting(Runnable wakeUp) {
    Runnable outer = waiter;
    waiter = wakeUp;
    return outer;
  }

  /** The wait is over: whoever waits around it is woken by cancellations again, and by this one. */
  void waited(@Nullable Runnable outer) {
    waiter = outer;
    if (outer != null && cancelReason != null) {
      outer.run();
    }
  }

  /** Allows calls again. */
  public void clearCancel() {
    cancelReason = null;
  }

  /** Why calls are cancelled, or null. */
  public @Nullable String cancelReason() {
    return cancelReason;
  }

  /** Whether something could end the present call. */
  boolean hasDeadline() {
    return deadlineNanos != NO_DEADLINE;
  }

  /** Nanoseconds to the deadline; not positive when it has passed. */
  public long remainingNanos() {
    long deadline = deadlineNanos;
    return deadline == NO_DEADLINE ? Long.MAX_VALUE : deadline - System.nanoTime();
  }

  /** The trap that is due now, or null. */
  @Nullable TrapKind due() {
    if (cancelReason != null) {
      return TrapKind.CANCELLED;
    }
    return hasDeadline() && remainingNanos() <= 0 ? TrapKind.DEADLINE_EXCEEDED : null;
  }

  /** What the trap of this kind says. */
  String message(TrapKind kind) {
    String reason = cancelReason;
    return kind == TrapKind.CANCELLED && reason != null
        ? kind.message() + ": " + reason
        : kind.message();
  }

  /** Remembers where the guest runs, so that a cancellation reaches it; null when it has left. */
  void runningOn(@Nullable Carrier running) {
    carrier = running;
  }
}

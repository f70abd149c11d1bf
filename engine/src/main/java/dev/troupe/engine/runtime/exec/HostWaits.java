package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.TrapKind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a plain call waits for the host, on the caller's thread: until the host function has
 * completed, the deadline passes or the call is cancelled.
 */
final class HostWaits {
  /** The body of a blocking host function. */
  @FunctionalInterface
  interface Body {
    void run() throws Throwable;
  }

  private final Interruption interruption;

  HostWaits(Interruption interruption) {
    this.interruption = interruption;
  }

  /**
   * Waits for a stage, which is cancelled when the call must end before.
   *
   * @throws GuestTrapException when the call must end
   * @throws Throwable what the stage completed with
   */
  void await(CompletableFuture<?> future) throws Throwable {
    if (!future.isDone()) {
      CompletableFuture<Boolean> wake = new CompletableFuture<>();
      var _ = future.whenComplete((_, _) -> wake.complete(Boolean.TRUE));
      Runnable outer = interruption.waiting(() -> wake.complete(Boolean.FALSE));
      try {
        // Cancelled before the waiter was set?
        if (interruption.due() == null) {
          boolean _ = wake.get(Math.max(0, interruption.remainingNanos()), TimeUnit.NANOSECONDS);
        }
      } catch (TimeoutException e) {
        // The deadline, which is due now.
      } finally {
        interruption.waited(outer);
        if (!future.isDone()) {
          boolean _ = future.cancel(false);
        }
      }
      throwIfDue();
    }
    throwFailure(future);
  }

  private void throwIfDue() {
    TrapKind due = interruption.due();
    if (due != null) {
      throw new GuestTrapException(due, interruption.message(due));
    }
  }

  /** Throws what a completed stage failed with, if it did. */
  static void throwFailure(CompletableFuture<?> completed) throws Throwable {
    try {
      Object _ = completed.get();
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /**
   * Runs a blocking body on this thread, which is interrupted at the deadline or by a cancellation.
   *
   * @throws GuestTrapException when it failed after it was interrupted
   * @throws Throwable what the body throws
   */
  void block(Body body) throws Throwable {
    Interrupter interrupter = new Interrupter(Thread.currentThread());
    CompletableFuture<Boolean> timer = timer(interrupter);
    Runnable outer = interruption.waiting(interrupter);
    try {
      if (interruption.due() != null) {
        interrupter.run();
      }
      body.run();
    } catch (Throwable failure) {
      if (interrupter.end()) {
        throwIfDue();
      }
      throw failure;
    } finally {
      boolean _ = interrupter.end();
      interruption.waited(outer);
      if (timer != null) {
        boolean _ = timer.complete(Boolean.TRUE);
      }
    }
  }

  private @Nullable CompletableFuture<Boolean> timer(Runnable atDeadline) {
    if (!interruption.hasDeadline()) {
      return null;
    }
    long nanos = Math.max(0, interruption.remainingNanos());
    CompletableFuture<Boolean> timer = new CompletableFuture<>();
    var _ =
        timer
            .orTimeout(nanos, TimeUnit.NANOSECONDS)
            .whenComplete((_, late) -> {
              if (late != null) {
                atDeadline.run();
              }
            });
    return timer;
  }

  /** Interrupts a thread as long as it runs a body. */
  private static final class Interrupter implements Runnable {
    private final Thread thread;
    private boolean ended;
    private boolean used;

    Interrupter(Thread thread) {
      this.thread = thread;
    }

    @Override
    public synchronized void run() {
      if (!ended) {
        used = true;
        thread.interrupt();
      }
    }

    /** From now on nobody interrupts: whether somebody did. */
    synchronized boolean end() {
      if (!ended && used) {
        boolean _ = Thread.interrupted();
      }
      ended = true;
      return used;
    }
  }
}

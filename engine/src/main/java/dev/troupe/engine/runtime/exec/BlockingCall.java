package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.runtime.HostFunctionBody;
import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.runtime.PendingCall;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A blocking host function of a sliced run, on a thread of its own. It may call into the store and
 * use its memory, so the store is that thread's until the body has ended: nobody runs, ends or
 * closes anything before. Whoever wants to end the call interrupts the body and waits for it.
 */
final class BlockingCall implements PendingCall, Runnable {
  private enum Phase {
    NEW,
    STARTING,
    RUNNING,
    OVER
  }

  private final HostFunctionBody body;
  private final HostSlots slots;
  private final CompletableFuture<Object> completion = new CompletableFuture<>();
  private Phase phase = Phase.NEW;
  private @Nullable Thread runner;
  private boolean interrupted;

  BlockingCall(HostFunctionBody body, HostSlots slots) {
    this.body = body;
    this.slots = slots;
  }

  /** Completes when the body has ended. Nobody cancels it before, see {@link #stop}. */
  @Override
  public CompletionStage<?> stage() {
    return completion;
  }

  @Override
  public @Nullable PendingCall resume(HostSlots filled) {
    return null;
  }

  /**
   * Hands the body over, once; called when the slice is over, because the body may use the store.
   */
  void start(Executor executor) {
    synchronized (this) {
      if (phase != Phase.NEW) {
        return;
      }
      phase = Phase.STARTING;
    }
    try {
      executor.execute(this);
    } catch (Throwable refused) {
      // Whatever it is (no thread, no memory, a full queue): somebody waits for an end.
      refuse(refused);
    }
  }

  /** The body was not taken; one that was all the same ends by itself. */
  private void refuse(Throwable reason) {
    synchronized (this) {
      if (phase != Phase.STARTING) {
        return;
      }
      phase = Phase.OVER;
      notifyAll();
    }
    boolean _ =
        completion.completeExceptionally(
            new RejectedExecutionException("no thread runs the blocking host function", reason));
  }

  @Override
  public void run() {
    synchronized (this) {
      if (phase != Phase.STARTING) {
        return;
      }
      phase = Phase.RUNNING;
      runner = Thread.currentThread();
    }
    Throwable failure = null;
    try {
      if (body.invoke(slots) != null) {
        failure = new IllegalStateException("a blocking host function left something to wait for");
      }
    } catch (Throwable thrown) {
      failure = thrown;
    }
    end(failure);
  }

  private void end(@Nullable Throwable failure) {
    synchronized (this) {
      phase = Phase.OVER;
      runner = null;
      if (interrupted) {
        // The thread may be a pool's, and the interrupt was meant for the body.
        boolean _ = Thread.interrupted();
      }
      notifyAll();
    }
    boolean _ =
        failure == null
            ? completion.complete(Boolean.TRUE)
            : completion.completeExceptionally(failure);
  }

  /** Whether the store can be used again. */
  synchronized boolean isOver() {
    return phase == Phase.OVER;
  }

  /** Whether the body runs on the calling thread. */
  synchronized boolean isHere() {
    return Thread.currentThread().equals(runner);
  }

  /**
   * Asks the body to end: interrupts it, or sees to it that it does not start.
   *
   * @return whether it is over, so that the store can be used again
   */
  synchronized boolean stop() {
    Thread running = runner;
    if (running != null) {
      if (!interrupted) {
        interrupted = true;
        running.interrupt();
      }
      return false;
    }
    if (phase != Phase.OVER) {
      phase = Phase.OVER;
      boolean _ = completion.completeExceptionally(new CancellationException("the call has ended"));
    }
    return true;
  }

  /**
   * Asks the body to end and waits until it has, however long that takes.
   *
   * @throws IllegalStateException when the body itself asks
   */
  synchronized void stopAndWait() {
    if (Thread.currentThread().equals(runner)) {
      throw new IllegalStateException("a blocking host function cannot end its own call");
    }
    boolean woken = false;
    while (!stop()) {
      try {
        wait();
      } catch (InterruptedException e) {
        woken = true;
      }
    }
    if (woken) {
      Thread.currentThread().interrupt();
    }
  }
}

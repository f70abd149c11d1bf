package dev.troupe.actors.engine;

import dev.troupe.engine.Linker;
import dev.troupe.engine.Value;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What deployed functions may import from the module {@code troupe}; {@code docs/GUEST-ABI.md} is
 * its description for those who write functions.
 *
 * <p>A sleeping call is an entry in the queue of one shared timer thread and a parked fiber: it
 * holds neither a worker nor a thread. The entry is taken out as soon as the call ends otherwise.
 */
public final class HostModule implements AutoCloseable {
  /** Name of the module in imports. */
  public static final String NAME = "troupe";

  /**
   * Sleeping times are multiples of this, rounded up: a guest cannot make the timer thread work
   * more often, and gets no fine clock out of it.
   */
  static final long TICK_NANOS = 1_000_000;

  /** One call of {@code sleep}. */
  private static final class Sleep extends CompletableFuture<List<Value>> implements Runnable {
    private @Nullable Future<?> entry;

    @Override
    public void run() {
      boolean _ = complete(List.of());
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      Future<?> waiting = entry;
      if (waiting != null) {
        boolean _ = waiting.cancel(false);
      }
      return super.cancel(mayInterrupt);
    }
  }

  private static final FuncType SLEEP = FuncType.of(List.of(NumType.I64), List.of());
  private static final CompletionStage<List<Value>> NOTHING =
      CompletableFuture.completedStage(List.of());

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("troupe-sleepers").daemon().factory());

  /** Starts no thread before the first guest sleeps. */
  public HostModule() {
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Defines all functions of the module. */
  public <T> Linker<T> addTo(Linker<T> linker) {
    return linker.asyncFunc(NAME, "sleep", SLEEP, (caller, call) -> sleep(call.i64(0)));
  }

  private CompletionStage<List<Value>> sleep(long nanos) {
    if (nanos <= 0) {
      return NOTHING;
    }
    Sleep sleep = new Sleep();
    try {
      // Rounded up.
      sleep.entry = timer.schedule(sleep, (nanos - 1) / TICK_NANOS + 1, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedStage(
          new IllegalStateException("the server shuts down", closed));
    }
    return sleep;
  }

  /** Calls that sleep now. */
  public int sleeping() {
    return timer.getQueue().size();
  }

  /** Stops the timer; who sleeps is not woken. The calls have ended. */
  @Override
  public void close() {
    var _ = timer.shutdownNow();
  }
}

package dev.troupe.engine;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a {@linkplain WaitingHostFunction host function} waits for, and how it goes on. The fiber is
 * parked meanwhile; nothing of the host function runs, so the call can end at any moment of the
 * wait.
 *
 * @param <T> the store's host data
 */
public interface HostWait<T> {
  /**
   * Completed, by any thread, when going on is worth it; exceptionally for a trap of the calling
   * guest. Whoever completes it touches nothing of the store. When the call ends before, by a
   * deadline or because it is cancelled or dropped, it is cancelled. The same object every time.
   */
  CompletableFuture<?> ready();

  /**
   * Goes on, on the thread that runs the guest next. The arguments can be read again; memory may
   * have grown, and other calls of the store may have run.
   *
   * @return null when the results are in place, otherwise what to wait for next
   * @throws Exception anything: the calling guest traps
   */
  @Nullable HostWait<T> resume(Caller<T> caller, HostCall call) throws Exception;
}

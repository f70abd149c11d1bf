package dev.troupe.engine.runtime;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The timers of parked waits where the embedder has none to give: one thread per process. */
final class WaitTimers {
  static final ScheduledExecutorService SHARED = shared();

  private WaitTimers() {}

  private static ScheduledExecutorService shared() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("troupe-timers").factory());
    // Most waits are notified long before their time.
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }
}

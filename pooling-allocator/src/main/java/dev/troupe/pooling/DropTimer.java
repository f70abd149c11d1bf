package dev.troupe.pooling;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Who resets slots later: a port, so that tests decide when that is. */
interface DropTimer extends AutoCloseable {
  /** Runs the task after so many nanoseconds, or perhaps never once the timer is closed. */
  void after(long delayNanos, Runnable task);

  @Override
  void close();

  /** A thread that exists while there is something to reset. */
  static DropTimer threaded() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("troupe-reset").daemon().factory());
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRejectedExecutionHandler((task, closed) -> {
      // The pool is closed: its last user resets what is left.
    });
    return new DropTimer() {
      @Override
      public void after(long delayNanos, Runnable task) {
        var _ = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      }

      @Override
      public void close() {
        var _ = executor.shutdownNow();
      }
    };
  }
}

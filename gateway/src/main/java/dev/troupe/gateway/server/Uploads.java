package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What all uploads share: the platform, the settings, the budget and the timer. */
final class Uploads {
  private static final int MOST_WAITING = 1000;

  final Platform platform;
  final long maxModuleBytes;
  final UploadSettings settings;
  final UploadBudget budget;

  /** Uploads that have begun and neither handed their module over nor failed. */
  final AtomicInteger receiving = new AtomicInteger();

  final Retries retries;

  private final ScheduledThreadPoolExecutor timer;

  /**
   * No uploads.
   *
   * @param timer runs short tasks; closed by whoever made it
   */
  Uploads(
      Platform platform,
      long maxModuleBytes,
      UploadSettings settings,
      Retries retries,
      ScheduledThreadPoolExecutor timer) {
    this.platform = platform;
    this.maxModuleBytes = maxModuleBytes;
    this.settings = settings;
    this.retries = retries;
    this.timer = timer;
    budget =
        new UploadBudget(
            settings.maxBufferedBytes(), settings.maxBufferedBytesPerTenant(), MOST_WAITING, timer);
  }

  /** Runs {@code look} on the timer's thread after a while, unless it is cancelled before. */
  Future<?> later(long delayNanos, Runnable look) {
    return timer.schedule(look, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** What waits for its time with the timer. */
  int scheduled() {
    return timer.getQueue().size();
  }
}

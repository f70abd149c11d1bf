package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What all uploads share: the platform, the settings, the budget and the clock. */
final class Uploads implements AutoCloseable {
  private static final int MOST_WAITING = 1000;

  final Platform platform;
  final long maxModuleBytes;
  final UploadSettings settings;
  final UploadBudget budget;

  /** Uploads that have begun and neither handed their module over nor failed. */
  final AtomicInteger receiving = new AtomicInteger();

  private final ScheduledThreadPoolExecutor timer;

  Uploads(Platform platform, long maxModuleBytes, UploadSettings settings) {
    this.platform = platform;
    this.maxModuleBytes = maxModuleBytes;
    this.settings = settings;
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("troupe-uploads").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    // What is still on its way when the server ends needs no more looks.
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setRejectedExecutionHandler((task, executor) -> {});
    budget =
        new UploadBudget(
            settings.maxBufferedBytes(), settings.maxBufferedBytesPerTenant(), MOST_WAITING, timer);
  }

  /** Runs {@code look} on the timer's thread after a while. */
  void later(long delayNanos, Runnable look) {
    var unused = timer.schedule(look, delayNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    var unused = timer.shutdownNow();
  }
}

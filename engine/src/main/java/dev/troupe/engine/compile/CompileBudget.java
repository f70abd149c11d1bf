package dev.troupe.engine.compile;

import dev.troupe.engine.contract.CompileMeter;
import java.time.Duration;

/** What is left of the {@link CompileLimits} while a module is compiled. Thread-safe. */
final class CompileBudget {
  private final CompileLimits limits;
  private final CompileMeter meter;
  private final long startNanos;
  private long inUseBytes;
  private long codeBytes;

  CompileBudget(CompileLimits limits, CompileMeter meter) {
    this.limits = limits;
    this.meter = meter;
    this.startNanos = System.nanoTime();
  }

  /**
   * @throws CompileLimitException when the time is up
   */
  void checkWallTime() {
    Duration spent = Duration.ofNanos(System.nanoTime() - startNanos);
    if (spent.compareTo(limits.wallTime()) > 0) {
      throw new CompileLimitException(
          "more than %d ms, of which %d ms of processor time"
              .formatted(limits.wallTime().toMillis(), meter.spentNanos() / 1_000_000));
    }
  }

  /** Measures the calling thread, which works on this compilation from now on. */
  CompileMeter.Stopwatch startWorker() {
    return meter.start();
  }

  /**
   * @throws CompileLimitException when the processor time is used up
   */
  void checkProcessorTime() {
    boolean exceeded = Duration.ofNanos(meter.spentNanos()).compareTo(limits.processorTime()) > 0;
    if (exceeded || meter.isExceeded()) {
      long mostMillis = Math.min(meter.limitNanos() / 1_000_000, limits.processorTime().toMillis());
      throw new CompileLimitException("more than " + mostMillis + " ms of processor time");
    }
  }

  /**
   * Takes working memory for a function, waiting for others to give theirs back.
   *
   * @throws CompileLimitException when the function alone needs too much, or the time is up
   */
  synchronized void acquire(int function, long bytes) {
    if (bytes > limits.memoryBytes()) {
      throw new CompileLimitException(
          "function "
              + function
              + " needs an estimated "
              + bytes
              + " bytes of working memory, "
              + limits.memoryBytes()
              + " are allowed");
    }
    boolean interrupted = false;
    while (inUseBytes + bytes > limits.memoryBytes()) {
      checkWallTime();
      try {
        wait(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    inUseBytes += bytes;
  }

  /** Gives back what {@link #acquire} took. */
  synchronized void release(long bytes) {
    inUseBytes -= bytes;
    notifyAll();
  }

  /**
   * Counts machine code that stays until the module is finished.
   *
   * @throws CompileLimitException when all of it together is too much
   */
  synchronized void addCode(int bytes) {
    codeBytes += bytes;
    if (codeBytes > limits.memoryBytes()) {
      throw new CompileLimitException(
          "more than " + limits.memoryBytes() + " bytes of machine code");
    }
  }
}

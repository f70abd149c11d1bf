package dev.troupe.engine.compile;

import java.time.Duration;

/**
 * What compiling one module may cost. A module that would cost more gets a {@link
 * CompileLimitException}; so does one that is fine by the limits on its size, but slow to compile.
 *
 * @param processorTime of all threads together, looked at between functions: what others do on the
 *     machine meanwhile does not count
 * @param wallTime for who waits for the module; generous, because it says little about the module
 * @param memoryBytes estimated working memory of the functions compiled at one time, and of the
 *     machine code made; a function that alone would exceed it is refused, others wait their turn
 * @param concurrency most threads that work on one module
 */
public record CompileLimits(
    Duration processorTime, Duration wallTime, long memoryBytes, int concurrency) {
  private static final long MOST_DEFAULT_BYTES = 2L << 30;

  /**
   * Five minutes of processor time in half an hour; half of the heap, but at most 2 GiB; as many
   * threads as asked for.
   */
  public static final CompileLimits DEFAULT =
      new CompileLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Math.min(MOST_DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 2),
          Integer.MAX_VALUE);

  /** The same for other times. */
  public CompileLimits within(Duration newProcessorTime, Duration newWallTime) {
    return new CompileLimits(newProcessorTime, newWallTime, memoryBytes, concurrency);
  }

  /** Checks that the limits admit anything at all. */
  public CompileLimits {
    if (processorTime.isNegative()
        || wallTime.isNegative()
        || memoryBytes <= 0
        || concurrency <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}

package dev.troupe.engine.compile;

import java.time.Duration;

/**
 * What compiling one module may cost. A module that would cost more gets a {@link
 * CompileLimitException}; so does one that is fine by the limits on its size, but slow to compile.
 *
 * @param time wall time for the whole module, looked at between functions
 * @param memoryBytes estimated working memory of the functions compiled at one time, and of the
 *     machine code made; a function that alone would exceed it is refused, others wait their turn
 * @param concurrency most threads that work on one module
 */
public record CompileLimits(Duration time, long memoryBytes, int concurrency) {
  private static final long MOST_DEFAULT_BYTES = 2L << 30;

  /** A minute; half of the heap, but at most 2 GiB; as many threads as asked for. */
  public static final CompileLimits DEFAULT =
      new CompileLimits(
          Duration.ofMinutes(1),
          Math.min(MOST_DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 2),
          Integer.MAX_VALUE);

  /** Checks that the limits admit anything at all. */
  public CompileLimits {
    if (time.isNegative() || memoryBytes <= 0 || concurrency <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}

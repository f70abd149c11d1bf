package dev.troupe.load.run;

import java.nio.file.Path;

/**
 * How a scenario is run.
 *
 * @param connections to the server
 * @param eventLoops threads that serve them
 * @param sampleNanos time between looks at streams and server
 * @param brief whether expectations about time and shares are left out
 * @param root the checkout, for its commit
 */
public record RunOptions(
    int connections, int eventLoops, long sampleNanos, boolean brief, Path root) {
  private static final long BRIEF_PATIENCE_NANOS = 120_000_000_000L;

  /** How long answers are waited for at least: shortened runs are tests. */
  long patienceNanos() {
    return brief ? BRIEF_PATIENCE_NANOS : 0;
  }
}

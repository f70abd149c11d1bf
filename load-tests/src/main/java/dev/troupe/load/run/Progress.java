package dev.troupe.load.run;

import java.io.PrintStream;
import java.util.Locale;

/** The line that says how a run is doing: rewritten in place on a terminal, else one a second. */
public final class Progress {
  private static final long LINE_NANOS = 1_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private long lastNanos = System.nanoTime() - LINE_NANOS;

  /** Writes to a stream that is a terminal, or not. */
  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Something happened that stays on the screen. */
  void say(String message) {
    out.println((terminal ? "\r\033[K" : "") + message);
  }

  /** What is going on now. */
  void show(String phase, double second, double seconds, String figures) {
    if (terminal) {
      out.printf(
          Locale.ROOT, "\r\033[K  %-12s %5.1f / %.0f s  %s", phase, second, seconds, figures);
      out.flush();
    } else if (System.nanoTime() - lastNanos >= LINE_NANOS) {
      lastNanos = System.nanoTime();
      out.printf(Locale.ROOT, "  %-12s %5.1f / %.0f s  %s%n", phase, second, seconds, figures);
    }
  }

  /** The line is over. */
  void done() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}

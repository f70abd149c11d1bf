package dev.troupe.engine.wast;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command {@code wast FILE...}. */
public final class WastFiles {
  private WastFiles() {}

  /**
   * Runs scripts one after the other and prints each failing directive as {@code file:line:
   * message}, and in the last line {@code N passed, M failed, K skipped}.
   *
   * @return the exit status: 0, or 1 when anything failed or a file could not be read
   */
  public static int run(WastRunner runner, List<Path> files, PrintStream out) {
    WastReport total = WastReport.EMPTY;
    for (Path file : files) {
      WastReport report = run(runner, file);
      for (WastReport.Failure failure : report.failures()) {
        out.println(failure);
      }
      total = total.plus(report);
    }
    out.println(total.summary());
    return total.failed() == 0 ? 0 : 1;
  }

  private static WastReport run(WastRunner runner, Path file) {
    byte[] source;
    try {
      source = Files.readAllBytes(file);
    } catch (IOException e) {
      WastReport.Failure failure =
          new WastReport.Failure(file.toString(), 1, "the file cannot be read: " + e);
      return new WastReport(0, 1, 0, List.of(failure));
    }
    return runner.run(file.toString(), source);
  }
}

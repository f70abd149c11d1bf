package dev.troupe.load.report;

import dev.troupe.load.report.Report.PhaseReport;
import dev.troupe.load.report.Report.StreamReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Percentile distributions in HdrHistogram's own text form, milliseconds; one after the other, each
 * under a line {@code #[phase.stream]}, which readers of the form take for a comment.
 */
public final class ReportHgrm {
  private static final double NANOS_PER_MILLI = 1e6;

  private ReportHgrm() {}

  /** All distributions of a report. */
  public static String of(Report report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      for (PhaseReport phase : report.phases()) {
        for (StreamReport stream : phase.streams()) {
          out.println("#[" + phase.name() + "." + stream.name() + "]");
          Histograms.decode(stream.latency()).outputPercentileDistribution(out, NANOS_PER_MILLI);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

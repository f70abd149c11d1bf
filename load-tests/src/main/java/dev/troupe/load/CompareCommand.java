package dev.troupe.load;

import dev.troupe.load.report.Comparison;
import dev.troupe.load.report.Report;
import dev.troupe.load.report.ReportJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troupe load compare}: two reports beside each other. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    version = "troupe 0.1.0",
    description = "Compares two JSON reports: rates and latencies, or everything that changed.")
final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A.json", description = "first report")
  private @Nullable Path first;

  @Parameters(index = "1", paramLabel = "B.json", description = "second report")
  private @Nullable Path second;

  @Option(names = "--all", description = "every metric that differs")
  private boolean all;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (first == null || second == null) {
      return 1;
    }
    Report one = ReportJson.read(first);
    Report other = ReportJson.read(second);
    PrintWriter out = spec.commandLine().getOut();
    out.println("first:  " + origin(one));
    out.println("second: " + origin(other));
    out.print(Comparison.of(one, other).text(all));
    out.flush();
    return 0;
  }

  private static String origin(Report report) {
    return report.scenario()
        + ", "
        + report.started()
        + ", commit "
        + (report.commit().isEmpty() ? "unknown" : report.commit());
  }
}

package dev.troupe.load;

import dev.troupe.load.report.Comparison;
import dev.troupe.load.report.ReportJson;
import java.io.IOException;
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
    Comparison comparison = Comparison.of(ReportJson.read(first), ReportJson.read(second));
    spec.commandLine().getOut().print(comparison.text(all));
    spec.commandLine().getOut().flush();
    return 0;
  }
}

package dev.troupe.load;

import dev.troupe.load.report.Report;
import dev.troupe.load.report.ReportHgrm;
import dev.troupe.load.report.ReportHtml;
import dev.troupe.load.report.ReportJson;
import dev.troupe.load.report.ReportText;
import dev.troupe.load.run.Progress;
import dev.troupe.load.run.RunOptions;
import dev.troupe.load.run.ScenarioRun;
import dev.troupe.load.run.Target;
import dev.troupe.load.scenario.Library;
import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.ScenarioException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe load}: a scenario, or one function that exists already. */
@Command(
    name = "troupe load",
    mixinStandardHelpOptions = true,
    version = "troupe 0.1.0",
    sortOptions = false,
    subcommands = CompareCommand.class,
    description = {
      "Loads a server: one function (TENANT/FUNCTION), or a scenario with tenants, functions,"
          + " phases and expectations.",
      "Exit status 1 when an expectation is missed."
    },
    footer = {
      "",
      "Without --server, a scenario starts a server of its own on a free loopback port.",
      "docs/LOAD.md says how scenarios are written and how reports are read."
    })
final class LoadCommand implements Callable<Integer> {
  private static final long SECOND = 1_000_000_000L;
  private static final String DEFAULT_SERVER = "127.0.0.1:7171";

  @Parameters(arity = "0..1", paramLabel = "TENANT/FUNCTION", description = "function to call")
  private @Nullable String function;

  @Option(names = "--list", description = "list the scenarios that come with the program")
  private boolean list;

  @Option(names = "--scenario", paramLabel = "NAME|FILE", description = "scenario to run")
  private @Nullable String scenario;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "override a key of the scenario, such as phases.load.duration=30s")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--brief",
      description = "the scenario's short form; times and shares are not judged")
  private boolean brief;

  @Option(names = "--server", paramLabel = "HOST:PORT", description = "server that runs already")
  private @Nullable String server;

  @ArgGroup(exclusive = false, heading = "One function:%n")
  private @Nullable SimpleOptions simple;

  @Option(
      names = "--connections",
      defaultValue = "2",
      paramLabel = "N",
      description = "connections to the server (2)")
  private int connections;

  @Option(
      names = "--event-loops",
      defaultValue = "1",
      paramLabel = "N",
      description = "threads that make all calls (1)")
  private int eventLoops;

  @Option(
      names = "--sample",
      defaultValue = "1000",
      paramLabel = "MILLIS",
      description = "time between samples (1000)")
  private long sampleMillis;

  @Option(names = "--json", paramLabel = "FILE", description = "write the complete report")
  private @Nullable Path json;

  @Option(names = "--hgrm", paramLabel = "FILE", description = "write percentile distributions")
  private @Nullable Path hgrm;

  @Option(names = "--html", paramLabel = "FILE", description = "write a page with plots")
  private @Nullable Path html;

  @Option(names = "--verbose", description = "show stack traces")
  private boolean verbose;

  private final PrintStream out;
  private final Path root;

  LoadCommand(PrintStream out, Path root) {
    this.out = out;
    this.root = root;
  }

  boolean isVerbose() {
    return verbose;
  }

  @Override
  public Integer call()
      throws UsageException, ScenarioException, IOException, InterruptedException {
    check();
    if (list) {
      list();
      return 0;
    }
    Scenario chosen =
        scenario == null
            ? (simple == null ? new SimpleOptions() : simple)
                .scenario(function == null ? "" : function)
            : Library.scenario(scenario, settings, brief);
    if (chosen.ownServer() && server != null) {
      throw new UsageException(
          chosen.name() + " stops its server, so it needs one of its own: leave out --server");
    }
    try (Target target = target(chosen)) {
      Report report =
          new ScenarioRun(
                  chosen,
                  target,
                  new RunOptions(connections, eventLoops, sampleMillis * 1_000_000, brief, root),
                  new Progress(System.err, System.console() != null))
              .run();
      out.print(ReportText.of(report));
      write(report);
      return report.good() ? 0 : 1;
    }
  }

  private void check() throws UsageException {
    if (!list && (function == null) == (scenario == null)) {
      throw new UsageException(
          "name a function (troupe load TENANT/FUNCTION) or a scenario (--scenario NAME,"
              + " --list shows them)");
    }
    if (scenario == null && (brief || !settings.isEmpty())) {
      throw new UsageException("--set and --brief belong to --scenario");
    }
    if (scenario != null && simple != null) {
      throw new UsageException(
          "the options for one function do not go with --scenario: --set KEY=VALUE changes it");
    }
    if (connections < 1 || connections > 1000 || eventLoops < 1 || eventLoops > 64) {
      throw new UsageException("--connections takes 1 to 1000, --event-loops 1 to 64");
    }
    if (sampleMillis < 50 || sampleMillis > 60_000) {
      throw new UsageException("--sample takes 50 to 60000 milliseconds");
    }
    for (Path file : files()) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new UsageException("there is no folder for " + file + ": create it first");
      }
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    if (json != null) {
      files.add(json);
    }
    if (hgrm != null) {
      files.add(hgrm);
    }
    if (html != null) {
      files.add(html);
    }
    return files;
  }

  private void list() throws ScenarioException {
    for (String name : Library.NAMES) {
      Scenario described = Library.scenario(name, List.of(), false);
      long nanos =
          described.phases().stream()
              .mapToLong(phase -> phase.warmUpNanos() + phase.durationNanos())
              .sum();
      out.printf(Locale.ROOT, "%-18s %4d s  %s%n", name, nanos / SECOND, described.description());
    }
  }

  private Target target(Scenario chosen) throws IOException, InterruptedException {
    if (server != null) {
      return Target.at(server);
    }
    return scenario == null
        ? Target.at(DEFAULT_SERVER)
        : Target.start(root.resolve("troupe"), chosen.server());
  }

  private void write(Report report) throws IOException {
    if (json != null) {
      Files.writeString(json, ReportJson.write(report));
    }
    if (hgrm != null) {
      Files.writeString(hgrm, ReportHgrm.of(report));
    }
    if (html != null) {
      Files.writeString(html, ReportHtml.of(report));
    }
  }
}

package dev.troupe.load.run;

import dev.troupe.load.client.Connections;
import dev.troupe.load.client.Platform;
import dev.troupe.load.report.Report;
import dev.troupe.load.report.Report.PhaseReport;
import dev.troupe.load.scenario.Expectation;
import dev.troupe.load.scenario.Expectation.Verdict;
import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.Scenario.Phase;
import dev.troupe.load.scenario.ScenarioException;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs a scenario against a server and reports what happened. */
public final class ScenarioRun {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final long SETTLE_SECONDS = 60;

  private static final long POLL_NANOS = 50_000_000;

  private final Scenario scenario;
  private final Target target;
  private final RunOptions options;
  private final Progress progress;

  /** Prepares; {@link #run} does it. */
  public ScenarioRun(Scenario scenario, Target target, RunOptions options, Progress progress) {
    this.scenario = scenario;
    this.target = target;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs all phases and removes everything that was created.
   *
   * @throws IOException when the server refuses the tenants or functions
   * @throws ScenarioException when a rate depends on something that was not measured
   */
  public Report run() throws IOException, ScenarioException, InterruptedException {
    String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(target.address())
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    SortedMap<String, Double> metrics = new TreeMap<>();
    List<PhaseReport> phases = new ArrayList<>();
    try {
      Platform platform = new Platform(channel);
      Stage stage = new Stage(scenario, platform, prefix());
      ServerWatch server = new ServerWatch(platform, stage);
      put("start.server.", ServerFigures.of(platform.statistics(), stage), metrics);
      try {
        stage.build();
        play(stage, server, phases, metrics);
      } finally {
        stage.clear().stream().limit(3).forEach(failure -> progress.say("  " + failure));
      }
      put("end.server.", settle(server), metrics);
    } catch (StatusRuntimeException e) {
      throw new IOException(
          "no answer from "
              + target.address()
              + " ("
              + e.getStatus().getCode()
              + "): name a server with --server, or start one with ./troupe serve"
              + target.lastWords(),
          e);
    } finally {
      channel.shutdownNow();
    }
    return new Report(
        Report.FORMAT,
        scenario.name(),
        scenario.description(),
        started,
        ClientFigures.commit(options.root()),
        ClientFigures.machine(),
        target.address() + (target.isOwn() ? " (started for this run)" : ""),
        phases,
        metrics,
        verdicts(metrics));
  }

  private void play(
      Stage stage, ServerWatch server, List<PhaseReport> phases, SortedMap<String, Double> metrics)
      throws ScenarioException, InterruptedException {
    try (Connections connections =
        Connections.open(target.address(), options.connections(), options.eventLoops())) {
      for (Phase phase : scenario.phases()) {
        phases.add(
            new PhaseRun(scenario, phase, stage, server, progress, options)
                .run(connections, target, metrics));
      }
    }
  }

  /** Waits until the server holds nothing any more, if that is expected, or the time is over. */
  private ServerFigures settle(ServerWatch server) throws InterruptedException {
    boolean awaited =
        scenario.expectations().stream().anyMatch(one -> one.metric().startsWith("end."));
    long deadline = System.nanoTime() + (awaited ? TimeUnit.SECONDS.toNanos(SETTLE_SECONDS) : 0);
    ServerFigures figures = server.now();
    while (!(figures.value("scheduler.live") == 0 && figures.value("pool.slots-in-use") == 0)
        && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      figures = server.now();
    }
    return figures;
  }

  private List<Verdict> verdicts(SortedMap<String, Double> metrics) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Expectation expectation : scenario.expectations()) {
      if (!expectation.measured() || !options.brief()) {
        verdicts.add(expectation.check(metrics));
      }
    }
    return verdicts;
  }

  private static void put(String prefix, ServerFigures figures, SortedMap<String, Double> metrics) {
    figures.values().forEach((name, value) -> metrics.put(prefix + name, value));
  }

  // Two runs on one server must not meet, and one that was killed must not be in the way.
  private static String prefix() {
    long mixed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
    return "l" + Long.toString(mixed & 0xffffffffffL, 36) + "-";
  }
}

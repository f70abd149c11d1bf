package dev.troupe.load.run;

import dev.troupe.load.client.CallCounts;
import dev.troupe.load.client.CallStream;
import dev.troupe.load.client.Connections;
import dev.troupe.load.client.StreamSample;
import dev.troupe.load.client.Window;
import dev.troupe.load.report.Histograms;
import dev.troupe.load.report.Report.PhaseReport;
import dev.troupe.load.report.Report.StreamReport;
import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.Scenario.Phase;
import dev.troupe.load.scenario.ScenarioException;
import dev.troupe.load.scenario.StreamSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs one phase: starts its streams, looks at them and at the server in equal intervals. */
final class PhaseRun {
  private static final long CONNECT_NANOS = 60_000_000_000L;

  private final Scenario scenario;
  private final Phase phase;
  private final Stage stage;
  private final ServerWatch server;
  private final Progress progress;
  private final long sampleNanos;
  private final long patienceNanos;
  private final SortedMap<String, CallStream> streams = new TreeMap<>();
  private final SortedMap<String, CallCounts> before = new TreeMap<>();
  private final SortedMap<String, Double> peaks = new TreeMap<>();
  private final SeriesBuilder series = new SeriesBuilder();

  PhaseRun(
      Scenario scenario,
      Phase phase,
      Stage stage,
      ServerWatch server,
      Progress progress,
      RunOptions options) {
    this.scenario = scenario;
    this.phase = phase;
    this.stage = stage;
    this.server = server;
    this.progress = progress;
    this.sampleNanos = options.sampleNanos();
    this.patienceNanos = options.patienceNanos();
  }

  /** Runs; adds what it measured to the metrics. */
  PhaseReport run(Connections shared, Target target, SortedMap<String, Double> metrics)
      throws ScenarioException, InterruptedException {
    Map<String, Connections> own = new HashMap<>();
    try {
      shared.connect(CONNECT_NANOS);
      for (StreamSpec spec : phase.streams()) {
        if (spec.connections() > 0) {
          Connections connections = Connections.open(target.address(), spec.connections(), 1);
          own.put(spec.name(), connections);
          connections.connect(CONNECT_NANOS);
        }
      }
      return measure(shared, own, target, metrics);
    } finally {
      own.values().forEach(Connections::close);
    }
  }

  private PhaseReport measure(
      Connections shared,
      Map<String, Connections> own,
      Target target,
      SortedMap<String, Double> metrics)
      throws ScenarioException, InterruptedException {
    Window window = Window.fromNow(phase.warmUpNanos(), phase.durationNanos());
    long seed = scenario.seed();
    for (StreamSpec spec : phase.streams()) {
      var plan = Plans.plan(spec, stage.functionNames(spec.function()), metrics, seed++);
      Connections connections = own.getOrDefault(spec.name(), shared);
      streams.put(spec.name(), CallStream.start(connections, plan, window));
    }
    Events events = Events.start(phase.events(), window, stage, target);
    ServerFigures serverBefore = server.now();
    ClientFigures clientBefore = ClientFigures.now();
    if (phase.warmUpNanos() > 0) {
      watch(window.startNanos(), window.measuredNanos(), serverBefore);
      serverBefore = server.now();
      clientBefore = ClientFigures.now();
    }
    watch(window.startNanos(), window.endNanos(), serverBefore);
    ServerFigures serverAfter = server.now();
    ClientFigures clientAfter = ClientFigures.now();
    progress.done();
    double seconds = window.measuredSeconds();
    PhaseReport report = drain(seconds, metrics);
    events.stop(phase.name(), metrics);
    peaks.forEach((name, value) -> metrics.put(phase.name() + ".peak." + name, value));
    new Findings(phase, scenario, metrics)
        .put(serverBefore, serverAfter, clientBefore, clientAfter);
    return report;
  }

  private PhaseReport drain(double seconds, SortedMap<String, Double> metrics) {
    long deadline = System.nanoTime() + Math.max(phase.drainNanos(), patienceNanos);
    CallCounts all = CallCounts.none();
    List<StreamReport> reports = new ArrayList<>();
    streams.values().forEach(CallStream::stop);
    for (Map.Entry<String, CallStream> stream : streams.entrySet()) {
      StreamSample end = stream.getValue().drain(Math.max(0, deadline - System.nanoTime()));
      CallCounts counts = end.counts();
      all.add(counts);
      StreamFigures.put(phase.name() + "." + stream.getKey() + ".", counts, seconds, metrics);
      reports.add(new StreamReport(stream.getKey(), Histograms.encode(counts.latency())));
      sayWhy(stream.getKey(), counts);
    }
    StreamFigures.put(phase.name() + ".all.", all, seconds, metrics);
    return new PhaseReport(phase.name(), seconds, reports, series.build());
  }

  /** Numbers alone do not help whoever has mistyped a name. */
  private void sayWhy(String stream, CallCounts counts) {
    counts
        .messages()
        .forEach((reason, message) -> {
          if (!message.isEmpty()) {
            progress.say("  " + stream + ": the first " + reason + " says: " + message);
          }
        });
  }

  /** Looks and shows until the moment has come. */
  private void watch(long startNanos, long untilNanos, ServerFigures first)
      throws InterruptedException {
    ServerFigures last = first;
    long lastNanos = System.nanoTime();
    while (untilNanos - System.nanoTime() > 0) {
      long next = Math.min(untilNanos - System.nanoTime(), sampleNanos);
      LockSupport.parkNanos(next);
      if (Thread.interrupted()) {
        streams.values().forEach(CallStream::stop);
        throw new InterruptedException();
      }
      long now = System.nanoTime();
      if (now - lastNanos < Math.min(sampleNanos, TimeUnit.MILLISECONDS.toNanos(50))) {
        continue;
      }
      ServerFigures figures = server.now();
      sample(startNanos, now, now - lastNanos, last, figures);
      last = figures;
      lastNanos = now;
    }
  }

  private void sample(
      long startNanos, long now, long sinceNanos, ServerFigures last, ServerFigures figures) {
    double seconds = sinceNanos / 1e9;
    series.begin((now - startNanos) / 1e9);
    double rate = 0;
    long inFlight = 0;
    long sheds = 0;
    long failed = 0;
    for (Map.Entry<String, CallStream> stream : streams.entrySet()) {
      StreamSample sample = stream.getValue().sample();
      CallCounts counts = sample.counts();
      CallCounts earlier = before.getOrDefault(stream.getKey(), CallCounts.none());
      String prefix = stream.getKey() + ".";
      double ok = (counts.okEver() - earlier.okEver()) / seconds;
      series.put(prefix + "ok-per-second", ok);
      series.put(prefix + "started-per-second", (counts.dueEver() - earlier.dueEver()) / seconds);
      series.put(
          prefix + "refused-per-second", (counts.notOkEver() - earlier.notOkEver()) / seconds);
      series.put(prefix + "in-flight", sample.inFlight());
      if (sample.interval().getTotalCount() > 0) {
        series.put(prefix + "p50-ms", StreamFigures.percentile(sample.interval(), 50));
        series.put(prefix + "p99-ms", StreamFigures.percentile(sample.interval(), 99));
      }
      before.put(stream.getKey(), counts);
      rate += ok;
      inFlight += sample.inFlight();
      sheds += counts.shedCalls();
      failed += counts.errors().values().stream().mapToLong(Long::longValue).sum();
    }
    shares(last, figures);
    figures
        .values()
        .forEach((name, value) -> {
          series.put("server." + name, value);
          peaks.merge(name, value, Math::max);
        });
    double total = (phase.warmUpNanos() + phase.durationNanos()) / 1e9;
    progress.show(
        phase.name(),
        (now - startNanos) / 1e9,
        total,
        String.format(
            Locale.ROOT,
            "%7.0f ok/s, %5d in flight, %d shed, %d failed, %.0f live, %.0f memories",
            rate,
            inFlight,
            sheds,
            failed,
            figures.value("scheduler.live"),
            figures.value("pool.slots-in-use")));
  }

  private void shares(ServerFigures last, ServerFigures figures) {
    double total = 0;
    SortedMap<String, Double> used = new TreeMap<>();
    for (Map.Entry<String, Long> group : figures.groupCpuNanos().entrySet()) {
      double nanos =
          Math.max(0, group.getValue() - last.groupCpuNanos().getOrDefault(group.getKey(), 0L));
      used.put(group.getKey(), nanos);
      total += nanos;
    }
    for (Map.Entry<String, Double> group : used.entrySet()) {
      series.put("cpu." + group.getKey() + ".share", total == 0 ? 0 : group.getValue() / total);
    }
  }
}

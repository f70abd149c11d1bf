package dev.troupe.load.report;

import dev.troupe.load.report.Report.PhaseReport;
import dev.troupe.load.report.Report.StreamReport;
import dev.troupe.load.scenario.Expectation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report for the terminal. */
public final class ReportText {
  private final Report report;
  private final StringBuilder out = new StringBuilder();

  private ReportText(Report report) {
    this.report = report;
  }

  /** The report as lines. */
  public static String of(Report report) {
    ReportText text = new ReportText(report);
    text.write();
    return text.out.toString();
  }

  private void write() {
    line("%s: %s", report.scenario(), report.description());
    line(
        "%s  server %s  commit %s  %d cores, %s",
        report.started(),
        report.target(),
        report.commit().isEmpty() ? "unknown" : report.commit(),
        report.machine().cores(),
        report.machine().processor());
    for (PhaseReport phase : report.phases()) {
      phase(phase);
    }
    if (!report.verdicts().isEmpty()) {
      line("");
    }
    for (Verdict verdict : report.verdicts()) {
      line("  %s  %s  (%s)", verdict.met() ? "ok   " : "FAIL ", verdict.text(), verdict.detail());
    }
  }

  private void phase(PhaseReport phase) {
    line("");
    line("phase %s, %.1f s measured", phase.name(), phase.seconds());
    line(
        "  %-14s %9s %9s %9s %8s %8s %8s %8s %8s",
        "stream", "offered/s", "answers/s", "ok/s", "p50 ms", "p90 ms", "p99 ms", "p99.9", "max");
    List<String> names = new ArrayList<>(phase.streams().stream().map(StreamReport::name).toList());
    if (names.size() > 1) {
      names.add("all");
    }
    for (String name : names) {
      String prefix = phase.name() + "." + name + ".";
      line(
          "  %-14s %9.0f %9.0f %9.0f %8.2f %8.2f %8.2f %8.2f %8.2f",
          name,
          metric(prefix + "due-per-second"),
          metric(prefix + "answers-per-second"),
          metric(prefix + "ok-per-second"),
          metric(prefix + "p50-ms"),
          metric(prefix + "p90-ms"),
          metric(prefix + "p99-ms"),
          metric(prefix + "p999-ms"),
          metric(prefix + "max-ms"));
    }
    for (String name : names) {
      outcomes(phase.name() + "." + name + ".", name);
    }
    shares(phase.name() + ".cpu.");
    String client = phase.name() + ".client.";
    line(
        "  client: %.2f cores, %.0f ms in %.0f collections, sends late by p99 %.2f ms",
        metric(client + "cpu-cores"),
        metric(client + "gc-ms"),
        metric(client + "gc-count"),
        metric(phase.name() + ".all.send-lag-p99-ms"));
    server(phase);
  }

  private void server(PhaseReport phase) {
    String server = phase.name() + ".server.";
    StringBuilder words = new StringBuilder();
    words.append(
        String.format(
            Locale.ROOT,
            "  server: guests %.2f cores, %.0f slices, %.0f preempted, wait p99 %.2f ms",
            metric(server + "scheduler.cpu-cores"),
            metric(server + "scheduler.slices.change"),
            metric(server + "scheduler.preemptions.change"),
            metric(server + "scheduler.wait.p99-ms")));
    if (report.metrics().containsKey(server + "process.cpu-time-ms")) {
      words.append(
          String.format(
              Locale.ROOT,
              "; process %.2f cores, GC %.0f ms, heap %.0f MiB, resident %.0f MiB",
              metric(server + "process.cpu-cores"),
              metric(server + "process.gc-time-ms.change"),
              metric(server + "process.heap-used-bytes") / (1 << 20),
              metric(server + "process.rss-bytes") / (1 << 20)));
    }
    line("%s", words);
  }

  private void outcomes(String prefix, String name) {
    if (name.equals("all")) {
      return;
    }
    List<String> words = new ArrayList<>();
    for (String measure : List.of("dropped", "wrong", "cancelled", "unanswered", "deadlines")) {
      if (metric(prefix + measure) > 0) {
        words.add(String.format(Locale.ROOT, "%s %.0f", measure, metric(prefix + measure)));
      }
    }
    for (String measure : List.of("sheds", "traps", "errors")) {
      String kinds = prefix + measure + ".";
      for (Map.Entry<String, Double> kind : report.metrics().tailMap(kinds).entrySet()) {
        if (!kind.getKey().startsWith(kinds)) {
          break;
        }
        words.add(
            String.format(
                Locale.ROOT,
                "%s %s %.0f",
                measure,
                kind.getKey().substring(kinds.length()),
                kind.getValue()));
      }
    }
    line(
        "  %-14s %.0f of %.0f ok, %.0f cold%s",
        name,
        metric(prefix + "ok"),
        metric(prefix + "due"),
        metric(prefix + "cold-starts"),
        words.isEmpty() ? "" : "; " + String.join(", ", words));
  }

  private void shares(String prefix) {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, Double> entry : report.metrics().tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      if (entry.getKey().endsWith(".share")) {
        String group =
            entry.getKey().substring(prefix.length(), entry.getKey().length() - ".share".length());
        words.add(
            String.format(
                Locale.ROOT,
                "%s %.1f %% (%.2f cores)",
                group,
                100 * entry.getValue(),
                metric(prefix + group + ".cores")));
      }
    }
    if (!words.isEmpty()) {
      line("  CPU of guests: %s", String.join(", ", words));
    }
  }

  private double metric(String name) {
    return report.metrics().getOrDefault(name, 0.0);
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

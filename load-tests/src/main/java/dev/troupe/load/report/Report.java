package dev.troupe.load.report;

import dev.troupe.load.scenario.Expectation.Verdict;
import java.util.List;
import java.util.SortedMap;

/**
 * What a run found.
 *
 * @param format version of this form, {@link #FORMAT}
 * @param scenario name
 * @param description of the scenario
 * @param started ISO 8601
 * @param commit of the program, or empty
 * @param machine where client and, unless another host was named, server ran
 * @param target the server's address, and whether it was started for this run
 * @param phases in order
 * @param metrics everything as a number by name: {@code PHASE.STREAM.MEASURE}, {@code
 *     PHASE.client.MEASURE}, {@code PHASE.server.MEASURE}, {@code PHASE.cpu.GROUP.MEASURE}
 * @param verdicts expectations and whether they were met
 */
public record Report(
    int format,
    String scenario,
    String description,
    String started,
    String commit,
    Machine machine,
    String target,
    List<PhaseReport> phases,
    SortedMap<String, Double> metrics,
    List<Verdict> verdicts) {
  /** The version that this program writes and reads. */
  public static final int FORMAT = 1;

  /** Whether every expectation was met. */
  public boolean good() {
    return verdicts.stream().allMatch(Verdict::met);
  }

  /**
   * A machine.
   *
   * @param cores processors that the client may use
   * @param memoryBytes physical memory
   * @param processor its model's name
   * @param kernel operating system and version
   * @param java virtual machine of the client
   */
  public record Machine(
      int cores, long memoryBytes, String processor, String kernel, String java) {}

  /**
   * A phase.
   *
   * @param name as in the scenario
   * @param seconds that were measured
   * @param streams in the order of their names
   * @param series what changed over time
   */
  public record PhaseReport(
      String name, double seconds, List<StreamReport> streams, Series series) {}

  /**
   * A stream.
   *
   * @param name as in the scenario
   * @param latency histogram of nanoseconds, compressed and in Base64 as HdrHistogram's V2 encoding
   */
  public record StreamReport(String name, String latency) {}

  /**
   * Columns of numbers over time.
   *
   * @param seconds end of each interval, from the start of the phase, warm-up included
   * @param columns by name; {@code NaN} ({@code "NaN"} in JSON) where nothing is known
   */
  public record Series(List<Double> seconds, SortedMap<String, List<Double>> columns) {}
}

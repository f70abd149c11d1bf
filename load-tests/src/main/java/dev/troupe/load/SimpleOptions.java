package dev.troupe.load;

import com.google.protobuf.ByteString;
import dev.troupe.load.client.CallPlan;
import dev.troupe.load.scenario.Expectation;
import dev.troupe.load.scenario.Quantity;
import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.Scenario.Phase;
import dev.troupe.load.scenario.ScenarioException;
import dev.troupe.load.scenario.StreamSpec;
import dev.troupe.load.scenario.StreamSpec.Answer;
import dev.troupe.load.scenario.StreamSpec.Input;
import dev.troupe.load.scenario.StreamSpec.PaceSpec;
import dev.troupe.load.scenario.StreamSpec.Popularity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code troupe load TENANT/FUNCTION}: a scenario of one stream. */
final class SimpleOptions {
  private static final int CONCURRENCY = 16;
  private static final int MOST_CALLERS = 1_000_000;
  private static final int MOST_CALLS_PER_SECOND = 10_000_000;
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration DURATION = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofDays(1);

  @Option(names = "--payload", paramLabel = "FILE", description = "send these bytes")
  private @Nullable Path payload;

  @Option(names = "--invoke", paramLabel = "NAME", description = "exported function (handle)")
  private String entryPoint = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "closed model: calls in flight (16)")
  private @Nullable Integer concurrency;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "open model: calls a second, whatever happens to the earlier ones")
  private @Nullable Double rate;

  @Option(names = "--poisson", description = "random gaps between the calls of --rate")
  private boolean poisson;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "time at the start that does not count (2s)")
  private Duration warmUp = WARM_UP;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "time that counts, such as 500ms, 10s or 2m (10s)")
  private Duration duration = DURATION;

  /** The options as a scenario for a function that exists. */
  Scenario scenario(String function) throws UsageException, IOException, ScenarioException {
    String[] parts = function.split("/", -1);
    boolean full = function.startsWith("tenants/");
    if (!full && (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty())) {
      throw new UsageException("name a function: troupe load TENANT/FUNCTION");
    }
    check();
    String name = full ? function : "tenants/" + parts[0] + "/functions/" + parts[1];
    int callers = concurrency == null ? CONCURRENCY : concurrency;
    StreamSpec stream =
        new StreamSpec(
            "calls",
            name,
            entryPoint,
            input(),
            new Answer.Any(),
            rate == null
                ? new PaceSpec.Closed(callers, 0)
                : new PaceSpec.Constant(new Quantity(rate, null), poisson),
            new Popularity.RoundRobin(),
            0,
            CallPlan.DEFAULT_OUTSTANDING,
            0,
            0,
            0,
            0,
            null);
    return new Scenario(
        function,
        rate == null ? callers + " calls in flight" : new Quantity(rate, null) + " calls a second",
        1,
        Map.of(),
        false,
        Map.of(),
        Map.of(),
        List.of(
            new Phase(
                "load",
                warmUp.toNanos(),
                duration.toNanos(),
                DRAIN.toNanos(),
                List.of(),
                List.of(stream),
                List.of())),
        List.of(
            Expectation.parse("load.calls.ok > 0", false),
            Expectation.parse("load.calls.errors = 0", false)));
  }

  private void check() throws UsageException {
    if (concurrency != null && rate != null) {
      throw new UsageException(
          "--concurrency (callers that wait for answers) and --rate (calls by the clock) exclude"
              + " each other");
    }
    if (poisson && rate == null) {
      throw new UsageException("--poisson goes with --rate");
    }
    if (concurrency != null && (concurrency < 1 || concurrency > MOST_CALLERS)) {
      throw new UsageException("--concurrency takes 1 to " + MOST_CALLERS);
    }
    if (rate != null && !(rate > 0 && rate <= MOST_CALLS_PER_SECOND)) {
      throw new UsageException("--rate takes more than 0 and at most " + MOST_CALLS_PER_SECOND);
    }
    if (duration.isZero() || duration.compareTo(LONGEST) > 0 || warmUp.compareTo(LONGEST) > 0) {
      throw new UsageException("--duration takes more than 0s, and --warm-up and it 1d at most");
    }
  }

  private Input input() throws UsageException, IOException {
    Path file = payload;
    if (file == null) {
      return new Input.Values(List.of());
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("--payload: there is no file " + file + " that can be read");
    }
    return new Input.Payload(ByteString.copyFrom(Files.readAllBytes(file)));
  }
}

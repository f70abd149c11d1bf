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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code troupe load TENANT/FUNCTION}: a scenario of one stream. */
final class SimpleOptions {
  private static final long SECOND = 1_000_000_000L;

  @Option(names = "--payload", paramLabel = "FILE", description = "send these bytes")
  private @Nullable Path payload;

  @Option(names = "--invoke", paramLabel = "NAME", description = "exported function (handle)")
  private String entryPoint = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "closed model: calls in flight (16)")
  private int concurrency = 16;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "open model: calls a second, whatever happens to the earlier ones")
  private double rate;

  @Option(names = "--poisson", description = "random gaps between the calls of --rate")
  private boolean poisson;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "time at the start that does not count (2)")
  private int warmUpSeconds = 2;

  @Option(names = "--duration", paramLabel = "SECONDS", description = "time that counts (10)")
  private int seconds = 10;

  /** The options as a scenario for a function that exists. */
  Scenario scenario(String function) throws UsageException, IOException, ScenarioException {
    String[] parts = function.split("/", -1);
    if (parts.length < 2) {
      throw new UsageException("name a function: troupe load TENANT/FUNCTION");
    }
    if (concurrency < 1 || rate < 0 || warmUpSeconds < 0 || seconds < 1) {
      throw new UsageException("--concurrency, --rate, --warm-up and --duration are positive");
    }
    String name =
        function.startsWith("tenants/")
            ? function
            : "tenants/" + parts[0] + "/functions/" + parts[1];
    Input input =
        payload == null
            ? new Input.Values(List.of())
            : new Input.Payload(ByteString.copyFrom(Files.readAllBytes(payload)));
    StreamSpec stream =
        new StreamSpec(
            "calls",
            name,
            entryPoint,
            input,
            new Answer.Any(),
            rate > 0
                ? new PaceSpec.Constant(new Quantity(rate, null), poisson)
                : new PaceSpec.Closed(concurrency, 0),
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
        rate > 0 ? rate + " calls a second" : concurrency + " calls in flight",
        1,
        Map.of(),
        false,
        Map.of(),
        Map.of(),
        List.of(
            new Phase(
                "load",
                warmUpSeconds * SECOND,
                seconds * SECOND,
                10 * SECOND,
                List.of(),
                List.of(stream),
                List.of())),
        List.of(
            Expectation.parse("load.calls.ok > 0", false),
            Expectation.parse("load.calls.errors = 0", false)));
  }
}

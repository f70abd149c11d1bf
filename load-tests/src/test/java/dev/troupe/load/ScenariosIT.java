package dev.troupe.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.load.report.Report;
import dev.troupe.load.report.ReportJson;
import dev.troupe.load.run.ServerProcess;
import dev.troupe.load.scenario.Library;
import dev.troupe.load.scenario.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scenario in its short form against the real server, with its expectations about outcomes
 * and leaks. Those that need nothing special share one server.
 */
class ScenariosIT {
  private static final Path ROOT =
      Path.of(System.getProperty("troupe.root", "..")).toAbsolutePath().normalize();

  @TempDir static Path folder;

  private static ServerProcess shared;

  @BeforeAll
  static void startServer() throws Exception {
    System.setProperty("troupe.root", ROOT.toString());
    shared = ServerProcess.start(ROOT.resolve("troupe"), folder.resolve("data"), 0, Map.of());
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    int status = shared.stop();
    shared.close();
    assertThat(status).as(shared.lastWords()).isIn(0, 143);
  }

  static List<String> names() {
    return Library.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void scenarioMeetsItsExpectations(String name) throws Exception {
    Scenario scenario = Library.scenario(name, List.of(), true);
    Path json = folder.resolve(name + ".json");
    List<String> arguments =
        new ArrayList<>(
            List.of("--scenario", name, "--brief", "--sample", "100", "--json", json.toString()));
    if (scenario.server().isEmpty() && !scenario.ownServer()) {
      arguments.addAll(List.of("--server", shared.address()));
    }
    Outcome outcome = load(arguments);

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    Report report = ReportJson.read(json);
    assertThat(report.scenario()).isEqualTo(name);
    assertThat(report.verdicts()).isNotEmpty();
    assertThat(report.metrics()).containsKey("end.server.scheduler.live");
  }

  @Test
  void oneFunctionInBothModelsAndAllForms() throws Exception {
    Path wat = ROOT.resolve("examples/shout.wat");
    deploy("shouting", wat);
    Path payload = Files.writeString(folder.resolve("payload"), "hello");
    Path closed = folder.resolve("closed.json");
    Path open = folder.resolve("open.json");
    List<String> common =
        List.of(
            "shouting/main",
            "--server",
            shared.address(),
            "--payload",
            payload.toString(),
            "--warm-up",
            "0",
            "--duration",
            "1");
    Outcome first = load(with(common, "--concurrency", "4", "--json", closed.toString()));
    assertThat(first.status()).as(first.out() + first.err()).isZero();
    Outcome second =
        load(
            with(
                common,
                "--rate",
                "200",
                "--poisson",
                "--json",
                open.toString(),
                "--hgrm",
                folder.resolve("open.hgrm").toString(),
                "--html",
                folder.resolve("open.html").toString()));
    assertThat(second.status()).as(second.out() + second.err()).isZero();
    assertThat(folder.resolve("open.hgrm")).content().contains("#[load.calls]");
    assertThat(folder.resolve("open.html")).content().contains("shouting/main");

    Outcome compared = load(List.of("compare", closed.toString(), open.toString()));
    assertThat(compared.status()).as(compared.out() + compared.err()).isZero();
    assertThat(compared.out()).contains("load.calls.ok-per-second");
  }

  @Test
  void mistakesAreOneSentence() {
    assertMistake("name a function", "--duration", "3");
    assertMistake("name a function", "a/b", "--scenario", "echo");
    assertMistake("there is no scenario and no file 'ecco'", "--scenario", "ecco");
    assertMistake("is not known here", "--scenario", "echo", "--set", "phases.closed.dration=1s");
    assertMistake("stops its server", "--scenario", "server-restart", "--server", "127.0.0.1:1");
    assertMistake("no answer from 127.0.0.1:1", "a/b", "--server", "127.0.0.1:1");
    assertMistake("name a function", "a/b/c");
    assertMistake("exclude each other", "a/b", "--rate", "5", "--concurrency", "2");
    assertMistake("--poisson goes with --rate", "a/b", "--poisson");
    assertMistake("--rate takes more than 0", "a/b", "--rate", "0");
    assertMistake("--concurrency takes 1", "a/b", "--concurrency", "0");
    assertMistake("--duration takes more than 0s", "a/b", "--duration", "0");
    assertMistake("no time such as 500ms", "a/b", "--duration", "long");
    assertMistake("there is no file absent that can be read", "a/b", "--payload", "absent");
    assertMistake("do not go with --scenario", "--scenario", "echo", "--duration", "3s");
    assertMistake(
        "there is nothing to call: tenants/nobody", "nobody/f", "--server", shared.address());
    assertMistake("there is no folder", "a/b", "--json", "/no/such/folder/r.json");
    assertMistake("there is no file", "compare", "absent.json", "absent.json");
    assertMistake("Unknown option", "--nonsense");
  }

  /** Whoever mistypes the name of an entry point reads it in the report of the first error. */
  @Test
  void theFirstErrorOfEachKindIsTold() throws Exception {
    deploy("mistaken", ROOT.resolve("examples/shout.wat"));
    Outcome outcome =
        load(
            List.of(
                "mistaken/main",
                "--server",
                shared.address(),
                "--invoke",
                "nope",
                "--warm-up",
                "0s",
                "--duration",
                "3s"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains("errors INVALID_ARGUMENT");
    assertThat(outcome.err()).contains("the first INVALID_ARGUMENT says: ").contains("nope");
  }

  private static void assertMistake(String message, String... arguments) {
    Outcome outcome = load(List.of(arguments));
    assertThat(outcome.status()).as(outcome.out()).isEqualTo(1);
    assertThat(outcome.err()).contains(message);
    assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
  }

  private static void deploy(String tenant, Path module) throws Exception {
    var channel =
        io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder.forTarget(shared.address())
            .usePlaintext()
            .build();
    try {
      var platform = new dev.troupe.load.client.Platform(channel);
      var unusedTenant =
          platform.createTenant(tenant, dev.troupe.functions.v1.TenantQuotas.getDefaultInstance());
      var unused = platform.deploy(tenant, "main", Files.readAllBytes(module));
    } finally {
      channel.shutdownNow();
    }
  }

  private static List<String> with(List<String> common, String... more) {
    List<String> all = new ArrayList<>(common);
    all.addAll(List.of(more));
    return all;
  }

  private record Outcome(int status, String out, String err) {}

  private static Outcome load(List<String> arguments) {
    PrintStream err = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      List<String> all = new ArrayList<>(List.of("load"));
      all.addAll(arguments);
      int status = Main.run(all, new PrintStream(out, true, StandardCharsets.UTF_8));
      return new Outcome(
          status, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(err);
    }
  }
}

package dev.troupe.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.load.scenario.Scenario.Event;
import dev.troupe.load.scenario.StreamSpec.Answer;
import dev.troupe.load.scenario.StreamSpec.Input;
import dev.troupe.load.scenario.StreamSpec.PaceSpec;
import dev.troupe.load.scenario.StreamSpec.Popularity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario files: everything that can be written is read, everything wrong is told. */
class ScenarioReaderTest {
  private static final String GOOD =
      """
      description = "all there is"
      seed = 9
      server { own = true, settings { pool.memories = 20, pool { stacks = 30 } } }
      tenants {
        many { count = 3, quotas { weight = 5, memory-bytes = 8 MiB, deadline = 4 s,
               rate { calls_per_second = 50, burst = 10 } } }
        one {}
      }
      functions {
        work { tenants = many, wat = "(module (func (export \\"v{{variant}}\\")))", variants = 2 }
        echo { tenants = one, resource = "echo.wat" }
      }
      sequence = [first, second]
      phases {
        first {
          warm-up = 1 s
          duration = 1500 ms
          drain = 3 s
          saturated = [many]
          streams {
            a { function = work, entry-point = v1, values = ["i32:5", "i64:-1", "f64:0.5"]
                answer = "i64:7", popularity { zipf = 1.2 }, max-outstanding = 7
                arrivals { model = steps, from = 10, to = 30, by = 10, every = 1 s } }
            b { function = echo, payload-bytes = 1 KiB, answer = payload
                deadline = 2 s, cancel-after = 5 ms, cancel-fraction = 0.25, read-delay = 1 s
                limits { cpu_time = 20 ms, memory_bytes = 1 MiB }
                arrivals { model = closed, callers = 4, think = 10 ms } }
          }
          events = [
            { do = deploy, function = work, at = 1 s, every = 250 ms }
            { do = restart, at = 2 s }
            { do = quotas, tenants = many, quotas { weight = 1 } }
          ]
        }
        second.streams.c { function = echo, payload = "hi"
          arrivals { model = ramp, from = 0, to = 2 x first.a.ok-per-second, over = 5 s, poisson = true } }
      }
      expect = ["first.a.errors.UNKNOWN = 0"]
      expect-measured = ["second.c.p99-ms <= 2 x first.a.p99-ms"]
      brief.phases.first.duration = 100 ms
      """;

  @TempDir Path folder;

  @Test
  void everythingThatCanBeWrittenIsRead() throws ScenarioException {
    Scenario scenario = read(GOOD);

    assertThat(scenario.seed()).isEqualTo(9);
    assertThat(scenario.ownServer()).isTrue();
    assertThat(scenario.server())
        .containsEntry("pool.memories", "20")
        .containsEntry("pool.stacks", "30");
    var many = Objects.requireNonNull(scenario.tenants().get("many"));
    assertThat(many.count()).isEqualTo(3);
    assertThat(many.quotas().getMemoryBytes()).isEqualTo(8 << 20);
    assertThat(many.quotas().getDeadline().getSeconds()).isEqualTo(4);
    assertThat(many.quotas().getRate().getBurst()).isEqualTo(10);
    assertThat(many.quotas().hasConcurrency()).isFalse();
    var work = Objects.requireNonNull(scenario.functions().get("work"));
    assertThat(work.module(1)).contains("\"v1\"");
    assertThat(work.id(1)).isEqualTo("work-1");
    assertThat(scenario.phases())
        .extracting(Scenario.Phase::name)
        .containsExactly("first", "second");

    Scenario.Phase first = scenario.phases().getFirst();
    assertThat(first.durationNanos()).isEqualTo(1_500_000_000L);
    assertThat(first.events())
        .hasSize(3)
        .first()
        .isEqualTo(new Event.Deploy(1_000_000_000L, 250_000_000L, "work", 0));
    StreamSpec a = first.streams().getFirst();
    assertThat(a.pace())
        .isEqualTo(new PaceSpec.Steps(number(10), number(30), number(10), 1, false));
    assertThat(a.popularity()).isEqualTo(new Popularity.Zipf(1.2));
    assertThat(((Input.Values) a.input()).values().get(1).getI64()).isEqualTo(-1);
    StreamSpec b = first.streams().get(1);
    assertThat(b.input()).isEqualTo(new Input.RandomPayload(1024));
    assertThat(b.answer()).isEqualTo(new Answer.Echo());
    assertThat(b.pace()).isEqualTo(new PaceSpec.Closed(4, 10_000_000));
    assertThat(b.limits()).isNotNull();
    StreamSpec c = scenario.phases().get(1).streams().getFirst();
    assertThat(c.pace())
        .isEqualTo(new PaceSpec.Ramp(number(0), new Quantity(2, "first.a.ok-per-second"), 5, true));
    assertThat(scenario.expectations()).hasSize(2);
  }

  private static Quantity number(double value) {
    return new Quantity(value, null);
  }

  @Test
  void settingsWinOverBriefAndBriefOverTheFile() throws ScenarioException {
    assertThat(duration(ScenarioReader.read("s", GOOD, folder, List.of(), true)))
        .isEqualTo(100_000_000L);
    assertThat(
            duration(
                ScenarioReader.read("s", GOOD, folder, List.of("phases.first.duration=7s"), true)))
        .isEqualTo(7_000_000_000L);
  }

  private static long duration(Scenario scenario) {
    return scenario.phases().getFirst().durationNanos();
  }

  /** In the good text, the first is replaced by the second; the message must hold the third. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "seed = 9 | sed = 9 | sed is not known here; known are",
        "seed = 9 | seed = many | seed must be a whole number",
        "description = \"all there is\" | | description is missing",
        "count = 3 | count = 0 | tenants.many.count must be 1 to 100000, not 0",
        "count = 3 | count = 1000000 | tenants.many.count must be",
        "one {} | many-1 {} | tenants.many-1 must not end with a number",
        "variants = 2 | variants = 50000 | functions.work.variants times the number of tenants",
        "weight = 5 | wait = 5 | tenants.many.quotas.wait is not known here; known are"
            + " memory_bytes",
        "memory-bytes = 8 MiB | memory-bytes = lots | must be a size such as 64 KiB",
        "deadline = 4 s | deadline = soon | must be a duration such as 500 ms",
        "tenants = many, wat | tenants = few, wat | functions.work.tenants names no group of"
            + " tenants",
        "v{{variant}} | v | functions.work.variants needs a module that differs by {{variant}}",
        "resource = \"echo.wat\" | resource = \"ohce.wat\" | functions.echo.resource cannot be"
            + " read",
        "resource = \"echo.wat\" | file = \"no.wat\" | functions.echo.file cannot be read",
        "resource = \"echo.wat\" | resource = a, wat = b | takes one of wat, resource and file",
        "sequence = [first, second] | | sequence is missing",
        "sequence = [first, second] | sequence = [third] | names 'third', which is no phase",
        "duration = 1500 ms | duration = 0 s | phases.first.duration must be longer than nothing",
        "duration = 1500 ms | duration = 9 days | phases.first.duration must be 0 s to 7200 s",
        "saturated = [many] | saturated = [few] | names 'few', which is no group",
        "function = work, entry | function = wrok, entry | names no function of this scenario",
        "\"i32:5\" | \"5\" | values are written i32:5, i64:-1 or f64:0.5",
        "\"i32:5\" | \"i32:5000000000\" | values are written i32:5",
        "zipf = 1.2 | zapf = 1.2 | must be round-robin or { zipf = 1.1 }",
        "payload-bytes = 1 KiB | payload-bytes = 1 KiB, payload = x | excludes payload-bytes",
        "answer = payload | answer = nothing | values are written",
        "cancel-fraction = 0.25 | cancel-fraction = 25 | must be 0.0 to 1.0, not 25.0",
        "cpu_time = 20 ms | cpu = 20 ms | limits.cpu is not known here",
        "model = steps | model = stairs | must be constant, poisson, steps, ramp, burst or closed",
        "by = 10, every | by = -10, every | must lead from 10 to 30",
        "from = 10 | from = -10 | must be 0 to 10000000 calls a second",
        "callers = 4 | callers = 0 | must be 1 to 100000, not 0",
        "over = 5 s | over = 0 s | over must be longer than nothing",
        "over = 5 s | longer = 5 s | over is missing: it takes a duration",
        "2 x first.a.ok-per-second | 2 y first.a | is neither a number nor a metric",
        "do = restart | do = reboot | must be deploy, restart or quotas, not reboot",
        "own = true | own = false | the event restart needs server.own = true",
        "streams.c { | streams.all { | cannot have one called all",
        "streams.c { | streams.C { | names are 1 to 31 of a-z",
        "first.a.errors.UNKNOWN = 0 | first.a.errors | is not of the form METRIC <= NUMBER",
        "first.a.errors.UNKNOWN = 0 | first.a.errors <= a lot | is neither a number nor a metric",
        "seed = 9 | seed = { | not valid HOCON",
      })
  void whatIsWrongIsTold(String good, String bad, String message) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> read(GOOD.replace(good, bad == null ? "" : bad)))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n\n");
  }

  @Test
  void messagesNameTheLine() {
    assertThatThrownBy(() -> read(GOOD.replace("count = 3", "count = 0")))
        .hasMessageStartingWith("test: 5: tenants.many.count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"phases", "=5", ""})
  void badSettingsAreTold(String setting) {
    assertThatThrownBy(() -> ScenarioReader.read("s", GOOD, folder, List.of(setting), false))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("--set takes KEY=VALUE");
  }

  @Test
  void filesMayNameModulesBesideThem() throws Exception {
    Files.writeString(folder.resolve("m.wat"), "(module)");
    Path file =
        Files.writeString(
            folder.resolve("mine.conf"), GOOD.replace("resource = \"echo.wat\"", "file = m.wat"));

    Scenario scenario = Library.scenario(file.toString(), List.of(), false);
    assertThat(scenario.name()).isEqualTo("mine");
    var echo = Objects.requireNonNull(scenario.functions().get("echo"));
    assertThat(echo.module(0)).isEqualTo("(module)");
    assertThatThrownBy(() -> Library.scenario("ecco", List.of(), false))
        .hasMessageContaining("there is no scenario and no file 'ecco'; scenarios are echo,");
  }

  @Test
  void everyScenarioOfTheFolderIsInTheLibraryAndInTheDocumentation() throws IOException {
    Path root = Path.of(System.getProperty("troupe.root", "..")).toAbsolutePath().normalize();
    Path shipped = root.resolve("load-tests/src/main/resources/dev/troupe/load/scenarios");
    try (Stream<Path> files = Files.list(shipped)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".conf", "")))
          .containsExactlyInAnyOrderElementsOf(Library.NAMES);
    }
    List<String> documented =
        Files.readAllLines(root.resolve("docs/LOAD.md")).stream()
            .filter(line -> line.startsWith("| `") && line.split("\\|").length == 4)
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertThat(documented).containsAll(Library.NAMES);
  }

  /** Every scenario that ships is right, in full and in brief, and every brief one is short. */
  @Test
  void theLibraryIsInOrder() throws ScenarioException {
    List<String> tooLong = new ArrayList<>();
    for (String name : Library.NAMES) {
      Scenario full = Library.scenario(name, List.of(), false);
      Scenario brief = Library.scenario(name, List.of(), true);
      assertThat(full.description()).as(name).isNotBlank();
      assertThat(full.expectations()).as(name).isNotEmpty();
      assertThat(brief.phases()).as(name).hasSameSizeAs(full.phases());
      long nanos =
          brief.phases().stream().mapToLong(p -> p.warmUpNanos() + p.durationNanos()).sum();
      if (nanos > 2_500_000_000L) {
        tooLong.add(name + ": " + nanos / 1e9 + " s");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void theExampleInTheManualIsRight() throws Exception {
    String page = Files.readString(Path.of("../docs/LOAD.md"));
    int start = page.indexOf("```hocon\n") + "```hocon\n".length();
    String example = page.substring(start, page.indexOf("```", page.indexOf("\nlet {}", start)));
    Files.writeString(folder.resolve("mine.wat"), "(module)");

    Scenario scenario = read(example);
    assertThat(scenario.phases()).hasSize(2);
    assertThat(scenario.expectations()).hasSize(3);
  }

  private Scenario read(String text) throws ScenarioException {
    return ScenarioReader.read("test", text, folder, List.of(), false);
  }
}

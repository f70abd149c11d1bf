package dev.troupe.load.scenario;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.load.scenario.Scenario.Event;
import dev.troupe.load.scenario.Scenario.FunctionGroup;
import dev.troupe.load.scenario.Scenario.Phase;
import dev.troupe.load.scenario.Scenario.TenantGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a HOCON text into a {@link Scenario}, or into one sentence that says what is wrong. */
public final class ScenarioReader {
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX_NANOS = 7_200 * SECOND;
  private static final int MAX_TENANTS = 100_000;
  private static final int MAX_FUNCTIONS = 100_000;

  private final String name;
  private final Path folder;
  private Map<String, TenantGroup> tenants = Map.of();
  private Map<String, FunctionGroup> functions = Map.of();

  private ScenarioReader(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  /**
   * Reads a scenario.
   *
   * @param name its name
   * @param text HOCON
   * @param folder where the module files lie that it names
   * @param settings {@code key=value}, overriding what is written
   * @param brief whether its block {@code brief} applies, which makes it short
   */
  public static Scenario read(
      String name, String text, Path folder, List<String> settings, boolean brief)
      throws ScenarioException {
    try {
      ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(name);
      Config file = ConfigFactory.parseString(text, options);
      if (brief && file.hasPath("brief")) {
        file = file.getConfig("brief").withFallback(file);
      }
      for (String setting : settings) {
        file = setting(setting).withFallback(file);
      }
      Block block = new Block(file.resolve().withoutPath("brief").withoutPath("let"), "");
      return new ScenarioReader(name, folder).scenario(block);
    } catch (ConfigException e) {
      throw new ScenarioException("not valid HOCON: " + e.getMessage());
    }
  }

  private static Config setting(String setting) throws ScenarioException {
    if (setting.indexOf('=') <= 0) {
      throw new ScenarioException("--set takes KEY=VALUE, not '" + setting + "'");
    }
    return ConfigFactory.parseString(
        setting, ConfigParseOptions.defaults().setOriginDescription("--set " + setting));
  }

  private Scenario scenario(Block block) throws ScenarioException {
    Block server = block.blockIfPresent("server");
    Map<String, String> settings = Map.of();
    boolean own = false;
    if (server != null) {
      own = server.flag("own");
      Block inner = server.blockIfPresent("settings");
      settings = inner == null ? Map.of() : inner.flat();
      server.end();
    }
    tenants = tenants(block);
    functions = functions(block);
    Scenario scenario =
        new Scenario(
            name,
            block.text("description"),
            block.count("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
            settings,
            own,
            tenants,
            functions,
            phases(block),
            expectations(block));
    block.end();
    boolean restarts =
        scenario.phases().stream()
            .flatMap(phase -> phase.events().stream())
            .anyMatch(Event.Restart.class::isInstance);
    if (restarts && !own) {
      throw new ScenarioException(
          name + ": the event restart needs server.own = true, it stops the server");
    }
    return scenario;
  }

  private static Map<String, TenantGroup> tenants(Block block) throws ScenarioException {
    Map<String, TenantGroup> result = new LinkedHashMap<>();
    for (Map.Entry<String, Block> entry : block.blocks("tenants").entrySet()) {
      Block group = entry.getValue();
      checkName(group, entry.getKey());
      result.put(
          entry.getKey(),
          new TenantGroup(
              entry.getKey(), (int) group.count("count", 1, 1, MAX_TENANTS), quotas(group)));
      group.end();
    }
    return result;
  }

  // The members of a group are called name-0, name-1 ...
  private static void checkName(Block block, String name) throws ScenarioException {
    if (name.matches(".*-[0-9]+")) {
      throw new ScenarioException(
          block.path() + " must not end with a number: members of other groups could be called so");
    }
  }

  private static TenantQuotas quotas(Block block) throws ScenarioException {
    Block quotas = block.blockIfPresent("quotas");
    return quotas == null
        ? TenantQuotas.getDefaultInstance()
        : ProtoBlock.read(quotas, TenantQuotas.newBuilder()).build();
  }

  private Map<String, FunctionGroup> functions(Block block) throws ScenarioException {
    Map<String, FunctionGroup> result = new LinkedHashMap<>();
    for (Map.Entry<String, Block> entry : block.blocks("functions").entrySet()) {
      Block function = entry.getValue();
      checkName(function, entry.getKey());
      int variants = (int) function.count("variants", 1, 1, MAX_TENANTS);
      String source = source(function);
      if (variants > 1 && !source.contains("{{variant}}")) {
        throw function.wrong("variants", "needs a module that differs by {{variant}}");
      }
      String group = groupName(function, "tenants");
      TenantGroup owners = tenants.get(group);
      if (owners != null && (long) owners.count() * variants > MAX_FUNCTIONS) {
        throw function.wrong(
            "variants", "times the number of tenants must be at most " + MAX_FUNCTIONS);
      }
      result.put(entry.getKey(), new FunctionGroup(entry.getKey(), group, source, variants));
      function.end();
    }
    return result;
  }

  private String source(Block function) throws ScenarioException {
    List<String> given = List.of("wat", "resource", "file").stream().filter(function::has).toList();
    if (given.size() != 1) {
      throw new ScenarioException(
          name + ": " + function.path() + " takes one of wat, resource and file, not " + given);
    }
    String key = given.getFirst();
    String value = function.text(key);
    try {
      return switch (key) {
        case "resource" -> Library.function(value);
        case "file" -> Files.readString(folder.resolve(value));
        default -> value;
      };
    } catch (IOException e) {
      throw function.wrong(key, "cannot be read: " + value);
    }
  }

  private String groupName(Block block, String key) throws ScenarioException {
    String group = block.text(key);
    if (!tenants.containsKey(group)) {
      throw block.wrong(key, "names no group of tenants; there are " + tenants.keySet());
    }
    return group;
  }

  private List<Phase> phases(Block block) throws ScenarioException {
    Map<String, Block> blocks = block.blocks("phases");
    List<String> order = block.texts("sequence");
    if (order.isEmpty()) {
      order = List.copyOf(blocks.keySet());
      if (order.size() != 1) {
        throw new ScenarioException(
            name
                + ": "
                + (order.isEmpty()
                    ? "phases is missing: it takes blocks by name"
                    : "sequence is missing: it takes the order of the phases " + order));
      }
    }
    List<Phase> result = new ArrayList<>();
    for (String phase : order) {
      Block inner = blocks.get(phase);
      if (inner == null) {
        throw block.wrong(
            "sequence", "names '" + phase + "', which is no phase; there are " + blocks.keySet());
      }
      result.add(phase(phase, inner));
    }
    return List.copyOf(result);
  }

  private Phase phase(String phaseName, Block block) throws ScenarioException {
    List<StreamSpec> streams = new ArrayList<>();
    for (Map.Entry<String, Block> entry : block.blocks("streams").entrySet()) {
      if (List.of("all", "client", "server", "cpu", "peak", "events").contains(entry.getKey())) {
        throw block.wrong("streams", "cannot have one called " + entry.getKey());
      }
      streams.add(StreamReader.read(entry.getKey(), entry.getValue(), functions));
    }
    List<Event> events = new ArrayList<>();
    for (Block event : block.list("events")) {
      events.add(event(event));
    }
    List<String> saturated = block.texts("saturated");
    for (String group : saturated) {
      if (!tenants.containsKey(group)) {
        throw block.wrong("saturated", "names '" + group + "', which is no group of tenants");
      }
    }
    long duration = block.duration("duration", 10 * SECOND, MAX_NANOS);
    if (duration == 0) {
      throw block.wrong("duration", "must be longer than nothing");
    }
    Phase phase =
        new Phase(
            phaseName,
            block.duration("warm-up", 0, MAX_NANOS),
            duration,
            block.duration("drain", 10 * SECOND, MAX_NANOS),
            List.copyOf(saturated),
            List.copyOf(streams),
            List.copyOf(events));
    block.end();
    return phase;
  }

  private Event event(Block block) throws ScenarioException {
    long at = block.duration("at", 0, MAX_NANOS);
    long every = block.duration("every", 0, MAX_NANOS);
    String kind = block.text("do");
    Event event =
        switch (kind) {
          case "deploy" -> {
            String function = block.text("function");
            if (!functions.containsKey(function)) {
              throw block.wrong("function", "names no function; there are " + functions.keySet());
            }
            yield new Event.Deploy(
                at, every, function, (int) block.count("versions", 0, 0, MAX_FUNCTIONS));
          }
          case "restart" -> new Event.Restart(at, every);
          case "quotas" -> new Event.Quotas(at, every, groupName(block, "tenants"), quotas(block));
          default -> throw block.wrong("do", "must be deploy, restart or quotas, not " + kind);
        };
    block.end();
    return event;
  }

  private static List<Expectation> expectations(Block block) throws ScenarioException {
    List<Expectation> result = new ArrayList<>();
    for (String key : List.of("expect", "expect-measured")) {
      for (String text : block.texts(key)) {
        try {
          result.add(Expectation.parse(text, key.equals("expect-measured")));
        } catch (ScenarioException e) {
          throw block.wrong(key, "has " + e.getMessage());
        }
      }
    }
    return List.copyOf(result);
  }
}

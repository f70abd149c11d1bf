package dev.troupe.load.scenario;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A block of a configuration file that knows which of its keys were read, so that a misspelt key is
 * an error and not ignored. Every message says where.
 */
final class Block {
  private final Config config;
  private final String path;
  private final Set<String> known = new TreeSet<>();

  Block(Config config, String path) {
    this.config = config;
    this.path = path;
  }

  String path() {
    return path;
  }

  boolean has(String key) {
    known.add(key);
    return config.hasPath(quoted(key));
  }

  String text(String key) throws ScenarioException {
    known.add(key);
    return read(key, "text", () -> config.getString(quoted(key)));
  }

  String text(String key, String absent) throws ScenarioException {
    return has(key) ? text(key) : absent;
  }

  long count(String key, long absent, long min, long max) throws ScenarioException {
    if (!has(key)) {
      return absent;
    }
    long value = read(key, "a whole number", () -> config.getLong(quoted(key)));
    if (value < min || value > max) {
      throw wrong(key, "must be " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  double number(String key, double absent, double min, double max) throws ScenarioException {
    if (!has(key)) {
      return absent;
    }
    double value = read(key, "a number", () -> config.getDouble(quoted(key)));
    if (!(value >= min && value <= max)) {
      throw wrong(key, "must be " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  boolean flag(String key) throws ScenarioException {
    return has(key) && read(key, "true or false", () -> config.getBoolean(quoted(key)));
  }

  long bytes(String key) throws ScenarioException {
    known.add(key);
    return read(key, "a size such as 64 KiB", () -> config.getBytes(quoted(key)));
  }

  /** Nanoseconds. */
  long duration(String key, long absent, long maxNanos) throws ScenarioException {
    if (!has(key)) {
      return absent;
    }
    long nanos =
        read(key, "a duration such as 500 ms", () -> config.getDuration(quoted(key)).toNanos());
    if (nanos < 0 || nanos > maxNanos) {
      throw wrong(
          key, "must be 0 s to " + maxNanos / 1_000_000_000 + " s, not " + nanos / 1e9 + " s");
    }
    return nanos;
  }

  Quantity quantity(String key) throws ScenarioException {
    try {
      return Quantity.parse(text(key));
    } catch (ScenarioException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  List<String> texts(String key) throws ScenarioException {
    if (!has(key)) {
      return List.of();
    }
    return read(key, "a list of texts", () -> config.getStringList(quoted(key)));
  }

  Block block(String key) throws ScenarioException {
    known.add(key);
    return new Block(
        read(key, "a block in braces", () -> config.getConfig(quoted(key))), inside(key));
  }

  @Nullable Block blockIfPresent(String key) throws ScenarioException {
    return has(key) ? block(key) : null;
  }

  /** The named blocks inside a block, in the order of their names. */
  Map<String, Block> blocks(String key) throws ScenarioException {
    Map<String, Block> result = new LinkedHashMap<>();
    if (has(key)) {
      Block outer = block(key);
      for (String name : new TreeSet<>(outer.config.root().keySet())) {
        if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
          throw outer.wrong(name, "names are 1 to 31 of a-z, 0-9 and '-', beginning with a letter");
        }
        result.put(name, outer.block(name));
      }
    }
    return result;
  }

  List<Block> list(String key) throws ScenarioException {
    List<Block> result = new ArrayList<>();
    if (has(key)) {
      List<? extends Config> parts =
          read(key, "a list of blocks", () -> config.getConfigList(quoted(key)));
      for (int i = 0; i < parts.size(); i++) {
        result.add(new Block(parts.get(i), inside(key) + "[" + i + "]"));
      }
    }
    return result;
  }

  /** Every key with its value as text, nested ones with dots. */
  Map<String, String> flat() {
    Map<String, String> result = new LinkedHashMap<>();
    config
        .entrySet()
        .forEach(entry -> result.put(entry.getKey(), entry.getValue().unwrapped().toString()));
    return new java.util.TreeMap<>(result);
  }

  /** The keys that are here, in the order of their names. */
  Set<String> keys() {
    return new TreeSet<>(config.root().keySet());
  }

  boolean isBlock(String key) {
    ConfigValue value = config.root().get(key);
    return value != null && value.valueType() == ConfigValueType.OBJECT;
  }

  /** Refuses keys that nobody asked for. */
  void end() throws ScenarioException {
    ConfigObject all = config.root();
    for (String key : new TreeSet<>(all.keySet())) {
      if (!known.contains(key)) {
        throw wrong(key, "is not known here; known are " + String.join(", ", known));
      }
    }
  }

  /** An error about a key of this block. */
  ScenarioException wrong(String key, String problem) {
    ConfigValue value = config.root().get(key);
    String place = value == null ? "" : value.origin().description() + ": ";
    return new ScenarioException(place + inside(key) + " " + problem);
  }

  private String inside(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String quoted(String key) {
    return com.typesafe.config.ConfigUtil.quoteString(key);
  }

  private <T> T read(String key, String kind, Supplier<T> reader) throws ScenarioException {
    try {
      return reader.get();
    } catch (ConfigException.Missing e) {
      throw wrong(key, "is missing: it takes " + kind);
    } catch (ConfigException e) {
      throw wrong(key, "must be " + kind);
    }
  }
}

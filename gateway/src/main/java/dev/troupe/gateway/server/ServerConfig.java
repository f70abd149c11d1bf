package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.engine.EngineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's settings, checked; {@code reference.conf} describes each of them.
 *
 * @param address address to listen on
 * @param port port to listen on; 0 for any free one
 * @param insecure whether addresses other than loopback are allowed
 * @param dataFolder folder of artifacts
 * @param maxArtifactBytes compiled artifacts kept there
 * @param engine what modules may use, and how they are compiled
 * @param memories pooled memories wanted; 0 for as many as the kernel has room for
 * @param stacks pooled stacks wanted; 0 for as many as the kernel has room for
 * @param collectedHeaps instances that may have a collected heap at once
 * @param maxMemoryBytes most that a memory may grow to
 * @param keepResidentBytes prefix of a memory that is reset by writing
 * @param stackBytes stack that a guest may use
 * @param workers threads that run guests; 0 for one per core
 * @param slice length of a slice when somebody waits
 * @param interactiveSlice length of a slice of a call that has used little so far
 * @param requests what remote calls may send and keep
 * @param limits what no tenant, function or call may exceed
 * @param quotas quotas of tenants that name none
 * @param instances how long instances live
 * @param transport what a connection may do
 * @param uploads what uploads may hold
 * @param retries what is remembered by request id
 * @param programLog what of the standard error of programs goes into the log
 * @param admin the port for operators
 * @param drain how the server ends
 */
record ServerConfig(
    String address,
    int port,
    boolean insecure,
    Path dataFolder,
    long maxArtifactBytes,
    EngineSettings engine,
    int memories,
    int stacks,
    int collectedHeaps,
    long maxMemoryBytes,
    long keepResidentBytes,
    long stackBytes,
    int workers,
    Duration slice,
    Duration interactiveSlice,
    RequestSettings requests,
    Limits limits,
    TenantQuotas quotas,
    InstanceSettings instances,
    TransportSettings transport,
    UploadSettings uploads,
    RetrySettings retries,
    ProgramLogSettings programLog,
    AdminSettings admin,
    DrainSettings drain) {

  /** Beyond this an upload would not fit an array. */
  private static final long MOST_MODULE_BYTES = 1L << 30;

  /** A setting that makes no sense; the message names it and says what does. */
  static final class BadConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    BadConfigException(String message) {
      super(message);
    }
  }

  /**
   * The defaults, overridden by a file, by system properties and by {@code overrides}.
   *
   * @param file a HOCON file, or null
   * @param overrides settings by path below {@code troupe}
   */
  static ServerConfig load(@Nullable Path file, Map<String, Object> overrides)
      throws BadConfigException {
    if (file != null && !Files.isReadable(file)) {
      throw new BadConfigException("the configuration file " + file + " cannot be read");
    }
    try {
      Config named = ConfigFactory.parseMap(overrides).atPath("troupe");
      Config parsed = file == null ? ConfigFactory.empty() : ConfigFactory.parseFile(file.toFile());
      Config all =
          named
              .withFallback(ConfigFactory.systemProperties())
              .withFallback(parsed)
              .withFallback(ConfigFactory.defaultReference())
              .resolve();
      return of(all.getConfig("troupe"));
    } catch (ConfigException e) {
      throw new BadConfigException("configuration: " + e.getMessage());
    }
  }

  private static ServerConfig of(Config config) throws BadConfigException {
    ServerConfig result =
        new ServerConfig(
            config.getString("listen.address"),
            config.getInt("listen.port"),
            config.getBoolean("listen.insecure"),
            Path.of(config.getString("data")),
            Checks.longBytes(config, "artifacts", 1 << 20, Long.MAX_VALUE),
            EngineSettings.of(config),
            config.getInt("pool.memories"),
            config.getInt("pool.stacks"),
            config.getInt("pool.collected-heaps"),
            config.getBytes("pool.max-memory"),
            config.getBytes("pool.keep-resident"),
            config.getBytes("pool.stack"),
            config.getInt("scheduler.workers"),
            config.getDuration("scheduler.slice"),
            config.getDuration("scheduler.interactive-slice"),
            RequestSettings.of(config),
            LimitsConfig.read(config, "limits"),
            new TenantQuotas(LimitsConfig.read(config, "quotas")),
            InstanceSettings.of(config),
            TransportSettings.of(config),
            UploadSettings.of(config),
            RetrySettings.of(config),
            ProgramLogSettings.of(config),
            AdminSettings.of(config),
            DrainSettings.of(config));
    result.check();
    return result;
  }

  /** Largest module that is received at all; an upload is kept in memory. */
  long maxModuleBytes() {
    return Math.min(limits.get(Quota.MODULE_BYTES), MOST_MODULE_BYTES);
  }

  private void check() throws BadConfigException {
    Checks.require(port >= 0 && port <= 65_535, "listen.port", port, "0 to 65535");
    Checks.require(memories >= 0, "pool.memories", memories, "0 (as many as fit) or more");
    Checks.require(stacks >= 0, "pool.stacks", stacks, "0 (as many as fit) or more");
    Checks.require(
        collectedHeaps >= 1 && collectedHeaps <= EngineConfig.MOST_COLLECTED_HEAPS,
        "pool.collected-heaps",
        collectedHeaps,
        "1 to " + EngineConfig.MOST_COLLECTED_HEAPS);
    Checks.require(workers >= 0, "scheduler.workers", workers, "0 (one per core) or more");
    Checks.require(
        slice.compareTo(Duration.ofNanos(50_000)) >= 0, "scheduler.slice", slice, "at least 50 us");
    Checks.require(
        interactiveSlice.compareTo(Duration.ofNanos(50_000)) >= 0
            && interactiveSlice.compareTo(slice) <= 0,
        "scheduler.interactive-slice",
        interactiveSlice,
        "50 us to scheduler.slice");
    Checks.require(
        maxMemoryBytes > 0 && maxMemoryBytes <= 1L << 32,
        "pool.max-memory",
        maxMemoryBytes,
        "1 to 4 GiB");
    checkAddress(address);
    if (admin.enabled()) {
      checkAddress(admin.address());
    }
  }

  private void checkAddress(String listening) throws BadConfigException {
    boolean loopback =
        listening.equals("localhost") || listening.equals("::1") || listening.startsWith("127.");
    if (!loopback && !insecure) {
      throw new BadConfigException(
          "listening on "
              + listening
              + " lets everybody in, there is no authentication yet: listen on 127.0.0.1 or pass"
              + " --insecure");
    }
  }

  /** A constant by its name. */
  static <E extends Enum<E>> E choice(Class<E> type, Config config, String path)
      throws BadConfigException {
    String name = config.getString(path);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(name)) {
        return constant;
      }
    }
    throw new BadConfigException(
        "setting "
            + path
            + " is "
            + name
            + ", allowed: "
            + java.util.Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
  }
}

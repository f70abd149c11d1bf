package dev.troupe.gateway.server;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.TerminationSignals;
import dev.troupe.engine.os.UnsupportedPlatformException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troupe serve}: runs until SIGTERM or SIGINT, then drains. */
@Command(
    name = "serve",
    description = {
      "Run the server. Prints its address and the pool's size when it serves.",
      "SIGTERM drains: calls in flight may end, new ones get UNAVAILABLE; a second one hurries.",
      "Exit status: 0 when all calls ended, 1 when some were stopped or it did not start."
    })
public final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port; 0 for any free one (default: 7171).")
  @Nullable Integer port;

  @Option(names = "--address", paramLabel = "HOST", description = "Address (default: 127.0.0.1).")
  @Nullable String address;

  @Option(
      names = "--insecure",
      description = "Allow addresses other than loopback; nobody is authenticated.")
  boolean insecure;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of compiled artifacts.")
  @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "HOCON file with settings.")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting below troupe, for example pool.memories=200.")
  Map<String, String> settings = new HashMap<>();

  @Option(names = "--verbose", description = "Show stack traces of errors.")
  boolean verbose;

  @Override
  public Integer call() {
    // Taken before anybody is told that we serve: from then on a signal means a drain.
    try (TerminationSignals signals = TerminationSignals.install()) {
      TroupeServer server = TroupeServer.start(ServerConfig.load(config, overrides()));
      // What the start has made stays for ever. Moved now, while nobody waits; the first collection
      // under load would take 50 ms for it.
      System.gc();
      System.out.println("troupe: serving on " + server.address());
      System.out.println("troupe: metrics and health on " + server.adminAddress());
      System.out.println("troupe: pool of " + server.poolSizing());
      System.out.flush();
      return server.runUntilTerminated(signals);
    } catch (ServerConfig.BadConfigException
        | UnsupportedPlatformException
        | OsException
        | IllegalStateException
        | IOException e) {
      System.err.println("troupe: " + e.getMessage());
      if (verbose) {
        e.printStackTrace(System.err);
      }
      return 1;
    }
  }

  private Map<String, Object> overrides() {
    Map<String, Object> overrides = new HashMap<>(settings);
    if (port != null) {
      overrides.put("listen.port", port);
    }
    if (address != null) {
      overrides.put("listen.address", address);
    }
    if (insecure) {
      overrides.put("listen.insecure", true);
    }
    if (data != null) {
      overrides.put("data", data);
    }
    return overrides;
  }
}

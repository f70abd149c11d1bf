package dev.troupe.gateway.server;

import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TenantStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A server on a free port and a client of it. */
final class TestServer extends TestClient {
  final TroupeServer server;

  private TestServer(TroupeServer server) {
    super(server.address());
    this.server = server;
  }

  static TestServer start(Path data) {
    return start(data, Map.of());
  }

  static TestServer start(Path data, Map<String, Object> settings) {
    return start(data, settings, new InMemoryTenantStore());
  }

  static TestServer start(Path data, Map<String, Object> settings, TenantStore store) {
    Map<String, Object> all = new HashMap<>();
    all.put("listen.port", 0);
    all.put("admin.port", 0);
    all.put("admin.statistics-age", "0 ms");
    all.put("data", data.toString());
    all.put("pool.memories", 64);
    all.put("pool.stacks", 64);
    all.put("drain", "2 s");
    // Longer than a busy machine takes for any test; those of deadlines set their own.
    all.put("quotas.deadline", "10 m");
    all.putAll(settings);
    try {
      return new TestServer(TroupeServer.start(ServerConfig.load(null, all), store));
    } catch (IOException | ServerConfig.BadConfigException e) {
      throw new AssertionError("the server does not start", e);
    }
  }

  @Override
  public void close() {
    super.close();
    server.close();
  }
}

package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One module is compiled once, whoever deploys it how often on however many servers. */
class SharedCacheTest {
  private static final String MODULE = "(module (func (export \"f\") (result i32) (i32.const 7)))";

  @TempDir Path data;

  @Test
  void hundredDeploymentsCompileOnceAndARestartNever() throws Exception {
    try (TestServer server = TestServer.start(data)) {
      deployConcurrently(server, 10, 10);
      assertThat(server.statistics().getCache().getCompilations()).isEqualTo(1);
      assertThat(artifacts()).hasSize(1);
    }
    try (TestServer server = TestServer.start(data)) {
      deployConcurrently(server, 2, 2);
      assertThat(server.statistics().getCache().getCompilations()).isZero();
      assertThat(server.statistics().getCache().getFolderHits()).isEqualTo(1);
    }
    try (TestServer server = TestServer.start(data, Map.of("engine.spectre", "off"))) {
      deployConcurrently(server, 1, 1);
      assertThat(server.statistics().getCache().getCompilations()).isEqualTo(1);
      assertThat(artifacts()).hasSize(2);
    }
  }

  @Test
  void damagedEntryIsRejectedRecompiledAndCounted() throws Exception {
    try (TestServer server = TestServer.start(data)) {
      deployConcurrently(server, 1, 1);
    }
    Path entry = artifacts().getFirst();
    byte[] bytes = Files.readAllBytes(entry);
    bytes[bytes.length / 3] ^= 0x10;
    Files.write(entry, bytes);
    try (TestServer server = TestServer.start(data)) {
      deployConcurrently(server, 1, 1);
      assertThat(server.statistics().getCache().getRejectedFiles()).isEqualTo(1);
      assertThat(server.statistics().getCache().getCompilations()).isEqualTo(1);
      assertThat(
              server.invoke(TestServer.request("t0", "f0", "f")).getResults().getValues(0).getI32())
          .isEqualTo(7);
    }
  }

  @Test
  void twoServersOnOneFolderLeaveOneFile() throws Exception {
    try (TestServer first = TestServer.start(data);
        TestServer second = TestServer.start(data)) {
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        Future<?> one = threads.submit(() -> deployConcurrently(first, 2, 2));
        Future<?> two = threads.submit(() -> deployConcurrently(second, 2, 2));
        assertThat(one.get()).isNull();
        assertThat(two.get()).isNull();
      }
      assertThat(artifacts()).hasSize(1);
    }
  }

  private static void deployConcurrently(TestServer server, int tenants, int functions) {
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      List<Future<?>> deployments = new ArrayList<>();
      for (int t = 0; t < tenants; t++) {
        String tenant = "t" + t;
        var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
        for (int f = 0; f < functions; f++) {
          String function = "f" + f;
          deployments.add(
              threads.submit(() -> {
                try {
                  return server.deploy(tenant, function, MODULE);
                } catch (StatusException e) {
                  throw new AssertionError(e);
                }
              }));
        }
      }
      for (Future<?> deployment : deployments) {
        assertThat(deployment.get()).isNotNull();
      }
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private List<Path> artifacts() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(file -> file.toString().endsWith(".elf")).toList();
    }
  }
}

package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process: what SIGTERM does to a server that has calls in flight. */
class TerminationTest {
  @Test
  void signalLetsCallsInFlightEndAndThenTheProcess(@TempDir Path data) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.troupe.gateway.Main",
                "serve",
                "--port",
                "0",
                "--data",
                data.toString(),
                "--set",
                "pool.memories=16",
                "--set",
                "drain=5m",
                "--set",
                "quotas.deadline=5m")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        TestClient client = new TestClient(HeapPressureTest.address(lines))) {
      var _ = client.createTenant("acme", TenantQuotas.newBuilder());
      var _ = client.deploy("acme", "cat", Programs.CAT);
      var running = InvocationServiceGrpc.newBlockingV2Stub(client.channel).invokeStream();
      InvokeRequest cat = InvokeRequest.newBuilder().setName("tenants/acme/functions/cat").build();
      boolean _ = running.write(InvokeStreamRequest.newBuilder().setStart(cat).build());
      await().until(() -> client.usage("acme").getConcurrency() == 1);
      // What kill does.
      assertThat(process.toHandle().destroy()).isTrue();
      await().until(() -> health(client) == ServingStatus.NOT_SERVING);
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> client.invoke(cat));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(process.isAlive()).isTrue();
      running.halfClose();
      assertThat(running.read().getEnd().hasTrap()).isFalse();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
      int _ = process.waitFor();
    }
  }

  private static ServingStatus health(TestClient client) {
    return HealthGrpc.newBlockingStub(client.channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }
}

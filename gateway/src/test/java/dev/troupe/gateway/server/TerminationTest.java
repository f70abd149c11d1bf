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
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process: what SIGTERM does to a server that has calls in flight. */
class TerminationTest {
  @Test
  void signalLetsCallsInFlightEndAndThenTheProcess(@TempDir Path data) throws Exception {
    try (ServerProcess server =
            ServerProcess.start(
                data,
                List.of("-Xmx256m"),
                List.of("pool.memories=16", "drain=5m", "quotas.deadline=5m"));
        TestClient client = new TestClient(server.address)) {
      var _ = client.createTenant("acme", TenantQuotas.newBuilder());
      var _ = client.deploy("acme", "cat", Programs.CAT);
      var running = InvocationServiceGrpc.newBlockingV2Stub(client.channel).invokeStream();
      InvokeRequest cat = InvokeRequest.newBuilder().setName("tenants/acme/functions/cat").build();
      boolean _ = running.write(InvokeStreamRequest.newBuilder().setStart(cat).build());
      await().until(() -> client.usage("acme").getConcurrency() == 1);
      // What kill does.
      assertThat(server.process.toHandle().destroy()).isTrue();
      await().until(() -> health(client) == ServingStatus.NOT_SERVING);
      // One that comes before the refusals begin is served: it ends at once.
      await()
          .untilAsserted(() -> {
            StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> client.invoke(cat));
            assertThat(refused).isNotNull();
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          });
      assertThat(server.process.isAlive()).isTrue();
      running.halfClose();
      assertThat(running.read().getEnd().hasTrap()).isFalse();
      assertThat(server.process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(server.process.exitValue()).isZero();
    }
  }

  private static ServingStatus health(TestClient client) {
    return HealthGrpc.newBlockingStub(client.channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }
}

package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeleteTenantRequest;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TrapKind;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Retries over gRPC: what is done once stays done once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestIdTest {
  private static final String MODULE =
      "(module (func (export \"nop\")) (func (export \"spin\") (loop $l (br $l))))";

  private final TestServer server;

  RequestIdTest(@TempDir Path data) {
    server = TestServer.start(data);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private void deploy(String tenant) throws Exception {
    var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
    var unusedVersion = server.deploy(tenant, "f", MODULE);
  }

  private long arrived(String tenant) {
    return server.statistics().getTenantsList().stream()
        .filter(statistics -> statistics.getName().equals("tenants/" + tenant))
        .mapToLong(statistics -> statistics.getInvocations())
        .sum();
  }

  @Test
  void retriedInvocationRunsOnce() throws Exception {
    deploy("once");
    InvokeRequest request =
        TestServer.request("once", "f", "nop").toBuilder()
            .setRequestId(UUID.randomUUID().toString())
            .build();
    InvokeResponse first = server.invoke(request);
    // The account of the call too: it is the first one's answer and no other.
    assertThat(server.invoke(request)).isEqualTo(first);
    assertThat(arrived("once")).isEqualTo(1);
    StatusRuntimeException mistake =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> server.invoke(request.toBuilder().setEntryPoint("spin").build()));
    assertThat(mistake.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void joinedInvocationGoesOnUntilAllClientsHaveGone() throws Exception {
    deploy("joined");
    InvokeRequest.Builder spin = TestServer.request("joined", "f", "spin").toBuilder();
    spin.setRequestId(UUID.randomUUID().toString());
    spin.getLimitsBuilder().setDeadline(Durations.fromMinutes(10));
    var stub = InvocationServiceGrpc.newFutureStub(server.channel);
    var first = stub.invoke(spin.build());
    await().until(() -> server.usage("joined").getConcurrency() == 1);
    // The question above is a call too, and may end a little after its answer.
    await().until(() -> server.server.callsInFlight() == 1);
    var second = stub.invoke(spin.build());
    await().until(() -> server.server.callsInFlight() == 2);
    assertThat(first.cancel(true)).isTrue();
    await().until(() -> server.server.callsInFlight() == 1);
    assertThat(server.usage("joined").getConcurrency()).isEqualTo(1);
    assertThat(second.cancel(true)).isTrue();
    await().until(() -> server.usage("joined").getConcurrency() == 0);
    assertThat(arrived("joined")).isEqualTo(1);
    // What was given up is done anew.
    spin.getLimitsBuilder().setDeadline(Durations.fromMinutes(10));
    var third = stub.invoke(spin.build());
    await().until(() -> arrived("joined") == 2);
    assertThat(third.cancel(true)).isTrue();
  }

  @Test
  void refusedAttemptIsNotRemembered() throws Exception {
    var unused =
        server.createTenant(
            "refused", TenantQuotas.newBuilder().setConcurrency(1).setQueueLength(0));
    var unusedVersion = server.deploy("refused", "f", MODULE);
    InvokeRequest.Builder spin = TestServer.request("refused", "f", "spin").toBuilder();
    var running = InvocationServiceGrpc.newFutureStub(server.channel).invoke(spin.build());
    await().until(() -> server.usage("refused").getConcurrency() == 1);
    InvokeRequest request =
        TestServer.request("refused", "f", "nop").toBuilder()
            .setRequestId(UUID.randomUUID().toString())
            .build();
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> server.invoke(request));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(running.cancel(true)).isTrue();
    await().until(() -> server.usage("refused").getConcurrency() == 0);
    assertThat(server.invoke(request).hasResults()).isTrue();
  }

  @Test
  void trapIsAnAnswerLikeAnother() throws Exception {
    deploy("trapped");
    List<InvokeRequest> sent = new ArrayList<>();
    InvokeResponse first =
        server.invokeUntilBegun(deadline -> {
          InvokeRequest.Builder spin = TestServer.request("trapped", "f", "spin").toBuilder();
          spin.setRequestId(UUID.randomUUID().toString());
          spin.getLimitsBuilder().setDeadline(Durations.fromMillis(deadline.toMillis()));
          sent.add(spin.build());
          return sent.getLast();
        });
    assertThat(first.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
    assertThat(server.invoke(sent.getLast())).isEqualTo(first);
  }

  @Test
  void retriedCreationAndDeletionSucceed() {
    var tenants = TenantServiceGrpc.newBlockingStub(server.channel);
    CreateTenantRequest create =
        CreateTenantRequest.newBuilder()
            .setTenantId("made")
            .setRequestId(UUID.randomUUID().toString())
            .build();
    Tenant first = tenants.createTenant(create);
    assertThat(tenants.createTenant(create)).isEqualTo(first);
    DeleteTenantRequest delete =
        DeleteTenantRequest.newBuilder()
            .setName("tenants/made")
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var unused = tenants.deleteTenant(delete);
    var unusedToo = tenants.deleteTenant(delete);
  }

  @Test
  void retriedDeploymentIsAnsweredAtItsHeader() throws Exception {
    var unused = server.createTenant("deployer", TenantQuotas.newBuilder());
    byte[] module = MODULE.getBytes(StandardCharsets.UTF_8);
    var header =
        TestServer.header("deployer", "f", module).toBuilder()
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var first = server.deploy(header, module);
    assertThat(first.getAlreadyDeployed()).isFalse();
    var second = server.deploy(header, module);
    assertThat(second).isEqualTo(first);
  }
}

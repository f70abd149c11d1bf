package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.RateQuota;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tenants, deployments, calls and their errors, as a client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {
  private static final String MODULE =
      """
      (module
        (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "div") (param i32 i32) (result i32)
          (i32.div_s (local.get 0) (local.get 1)))
        (func (export "spin") (loop $l (br $l)))
        (func (export "hog")
          (loop $l (drop (memory.grow (i32.const 16))) (br $l)))
        (func (export "troupe_alloc") (param i32) (result i32) (i32.const 1024))
        (func (export "handle") (param $p i32) (param $n i32) (result i64)
          (i32.store8 (local.get $p) (i32.const 33))
          (i64.or
            (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32))
            (i64.extend_i32_u (local.get $n)))))
      """;

  private final TestServer server;

  GatewayTest(@TempDir Path data) {
    server = TestServer.start(data);
  }

  @BeforeAll
  void deploy() throws StatusException {
    Tenant unused = server.createTenant("acme", TenantQuotas.newBuilder());
    var unusedVersion = server.deploy("acme", "f", MODULE);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void valuesComeBack() {
    InvokeResponse response = server.invoke(TestServer.request("acme", "f", "add", 40, 2));
    assertThat(response.getResults().getValues(0).getI32()).isEqualTo(42);
    assertThat(response.getStats().getVersion()).startsWith("tenants/acme/functions/f/versions/");
    assertThat(Durations.toNanos(response.getStats().getCpuTime())).isPositive();
  }

  @Test
  void bytesComeBack() {
    InvokeResponse response =
        server.invoke(
            InvokeRequest.newBuilder()
                .setName("tenants/acme/functions/f")
                .setPayload(ByteString.copyFromUtf8("?ello"))
                .build());
    assertThat(response.getPayload().toStringUtf8()).isEqualTo("!ello");
  }

  @Test
  void functionsMaySleepAsLongAsTheirDeadlineAllows() throws StatusException {
    var unused =
        server.deploy(
            "acme",
            "sleeper",
            """
            (module
              (import "troupe" "sleep" (func $sleep (param i64)))
              (func (export "nap") (param i32) (result i32)
                (call $sleep (i64.mul (i64.extend_i32_s (local.get 0)) (i64.const 1000000)))
                (local.get 0)))
            """);
    InvokeResponse nap = server.invoke(TestServer.request("acme", "sleeper", "nap", 2));
    assertThat(nap.getResults().getValues(0).getI32()).isEqualTo(2);
    InvokeRequest endless = TestServer.request("acme", "sleeper", "nap", Integer.MAX_VALUE);
    assertThat(server.invokeUntilBegun(endless).getTrap().getKind())
        .isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
  }

  @Test
  void trapIsAnOutcome() {
    InvokeResponse response = server.invoke(TestServer.request("acme", "f", "div", 1, 0));
    assertThat(response.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_INTEGER_DIVISION_BY_ZERO);
    assertThat(response.getTrap().getMessage()).startsWith("integer divide by zero");
    assertThat(response.getTrap().getBacktraceList()).isNotEmpty();
  }

  @Test
  void spinEndsAtItsDeadlineAndOthersAreServedMeanwhile() {
    var unused = server.createTenant("spinner", TenantQuotas.newBuilder());
    deployAs("spinner");
    var future =
        CompletableFuture.supplyAsync(
            () -> server.invokeUntilBegun(TestServer.request("spinner", "f", "spin")),
            task -> Thread.ofPlatform().daemon().start(task));
    InvokeResponse other = server.invoke(TestServer.request("acme", "f", "add", 1, 2));
    assertThat(other.getResults().getValues(0).getI32()).isEqualTo(3);
    assertThat(future.join().getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
  }

  @Test
  void cancelledCallLeavesTheWorker() {
    var unused = server.createTenant("canceller", TenantQuotas.newBuilder());
    deployAs("canceller");
    var future =
        InvocationServiceGrpc.newFutureStub(server.channel)
            .invoke(TestServer.request("canceller", "f", "spin"));
    await().until(() -> concurrency("canceller") == 1);
    assertThat(future.cancel(true)).isTrue();
    await().until(() -> concurrency("canceller") == 0);
  }

  @Test
  void statisticsShowProcessFibersAndPool() {
    var unused = server.createTenant("observed", TenantQuotas.newBuilder());
    deployAs("observed");
    ServerStatistics before = server.statistics();
    assertThat(before.getProcess().getRssBytes()).isPositive();
    assertThat(before.getProcess().getMappings()).isPositive();
    var future =
        InvocationServiceGrpc.newFutureStub(server.channel)
            .invoke(TestServer.request("observed", "f", "spin"));
    await().until(() -> server.statistics().getFibers().getLive() > 0);
    assertThat(server.statistics().getPool().getStacksInUse()).isPositive();
    assertThat(future.cancel(true)).isTrue();
    await().until(() -> concurrency("observed") == 0);
  }

  @Test
  void memoryHogEndsWithMemoryLimit() {
    var unused =
        server.createTenant(
            "hog",
            TenantQuotas.newBuilder().setMemoryBytes(4 << 20).setInstanceMemoryBytes(4 << 20));
    deployAs("hog");
    InvokeResponse response = server.invoke(TestServer.request("hog", "f", "hog"));
    assertThat(response.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_MEMORY_LIMIT);
  }

  @Test
  void loweredRateShedsWithQuotaFailure() throws InvalidProtocolBufferException {
    var unused = server.createTenant("metered", TenantQuotas.newBuilder());
    deployAs("metered");
    var unusedAnswer = server.invoke(TestServer.request("metered", "f", "add", 1, 1));
    Tenant updated =
        TenantServiceGrpc.newBlockingStub(server.channel)
            .updateTenant(
                UpdateTenantRequest.newBuilder()
                    .setTenant(
                        Tenant.newBuilder()
                            .setName("tenants/metered")
                            .setQuotas(
                                TenantQuotas.newBuilder()
                                    .setRate(
                                        RateQuota.newBuilder()
                                            .setCallsPerSecond(0.01)
                                            .setBurst(1))))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("quotas.rate"))
                    .build());
    assertThat(updated.getQuotas().getRate().getBurst()).isEqualTo(1);
    StatusRuntimeException refused = refusedCall("metered");
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(detail(refused, ErrorInfo.class).getMetadataMap()).containsEntry("quota", "rate");
    assertThat(detail(refused, QuotaFailure.class).getViolations(0).getSubject())
        .isEqualTo("tenants/metered");
    assertThat(Durations.isPositive(detail(refused, RetryInfo.class).getRetryDelay())).isTrue();
  }

  private StatusRuntimeException refusedCall(String tenant) {
    for (int i = 0; i < 3; i++) {
      try {
        var unused = server.invoke(TestServer.request(tenant, "f", "add", 1, 1));
      } catch (StatusRuntimeException e) {
        return e;
      }
    }
    throw new AssertionError("three calls passed a bucket of one");
  }

  @Test
  void mistakesOfCallersAreTyped() {
    assertError(TestServer.request("nobody", "f", "add", 1, 2), Status.Code.NOT_FOUND);
    assertError(TestServer.request("acme", "g", "add", 1, 2), Status.Code.NOT_FOUND);
    assertError(TestServer.request("acme", "f", "nope"), Status.Code.INVALID_ARGUMENT);
    assertError(TestServer.request("acme", "f", "add", 1), Status.Code.INVALID_ARGUMENT);
    assertError(InvokeRequest.newBuilder().setName("../etc").build(), Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void badModulesAreRefusedWithTheirPhase() throws InvalidProtocolBufferException {
    assertThat(deployReason("(module (func (result i32)))".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("MODULE_INVALID");
    assertThat(deployReason(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 9}))
        .isEqualTo("MODULE_MALFORMED");
    assertThat(
            deployReason("(module (import \"a\" \"b\" (func)))".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("MODULE_UNLINKABLE");
  }

  @Test
  void wrongDigestIsRefused() {
    byte[] module = MODULE.getBytes(StandardCharsets.UTF_8);
    var header =
        TestServer.header("acme", "g", module).toBuilder()
            .setSha256(ByteString.copyFrom(new byte[32]))
            .build();
    StatusException failure =
        catchThrowableOfType(StatusException.class, () -> server.deploy(header, module));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).contains("digest");
  }

  @Test
  void staleEtagIsAborted() {
    var unused = server.createTenant("etag", TenantQuotas.newBuilder());
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                TenantServiceGrpc.newBlockingStub(server.channel)
                    .updateTenant(
                        UpdateTenantRequest.newBuilder()
                            .setTenant(
                                Tenant.newBuilder()
                                    .setName("tenants/etag")
                                    .setEtag("999")
                                    .setQuotas(TenantQuotas.newBuilder().setWeight(5)))
                            .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
  }

  @Test
  void healthSaysServing() {
    HealthCheckResponse response =
        HealthGrpc.newBlockingStub(server.channel).check(HealthCheckRequest.getDefaultInstance());
    assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }

  private void deployAs(String tenant) {
    try {
      var unused = server.deploy(tenant, "f", MODULE);
    } catch (StatusException e) {
      throw new AssertionError(e);
    }
  }

  private int concurrency(String tenant) {
    return server.statistics().getTenantsList().stream()
        .filter(statistics -> statistics.getName().equals("tenants/" + tenant))
        .mapToInt(statistics -> statistics.getUsage().getConcurrency())
        .sum();
  }

  private void assertError(InvokeRequest request, Status.Code code) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> server.invoke(request));
    assertThat(failure).as(request.toString()).isNotNull();
    assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(code);
  }

  private String deployReason(byte[] module) throws InvalidProtocolBufferException {
    StatusException failure =
        catchThrowableOfType(
            StatusException.class,
            () -> server.deploy(TestServer.header("acme", "bad", module), module));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    return detail(failure, ErrorInfo.class).getReason();
  }

  private static <M extends Message> M detail(Throwable failure, Class<M> type)
      throws InvalidProtocolBufferException {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    assertThat(status).isNotNull();
    for (var any : status.getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }
}

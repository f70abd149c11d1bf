package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of a drain: health, refusals, the end of what is in flight. */
class DrainTest {
  private static final String SPIN =
      "(module (func (export \"spin\") (loop $l (br $l))) (func (export \"nop\")))";

  private final TestServer server;

  DrainTest(@TempDir Path data) {
    server =
        TestServer.start(
            data, Map.of("drain", "2 m", "lame-duck", "0 s", "quotas.deadline", "5 m"));
    var unused = server.createTenant("t", TenantQuotas.newBuilder().setConcurrency(1));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void callsInFlightAndQueuedOnesEndAndNewOnesAreRefused()
      throws StatusException, ExecutionException, InterruptedException {
    var unused = server.deploy("t", "f", SPIN);
    var unusedToo = server.deploy("t", "cat", Programs.CAT);
    // It runs until it is told, however long the machine takes for the rest.
    var running = InvocationServiceGrpc.newBlockingV2Stub(server.channel).invokeStream();
    boolean unusedStart =
        running.write(
            InvokeStreamRequest.newBuilder()
                .setStart(InvokeRequest.newBuilder().setName("tenants/t/functions/cat"))
                .build());
    await().until(() -> server.usage("t").getConcurrency() == 1);
    ListenableFuture<InvokeResponse> queued =
        InvocationServiceGrpc.newFutureStub(server.channel)
            .invoke(TestServer.request("t", "f", "nop"));
    await().until(() -> server.usage("t").getQueueLength() == 1);

    CompletableFuture<Boolean> drained = drain();
    await().until(() -> health("") == ServingStatus.NOT_SERVING);
    assertThat(health("dev.troupe.functions.v1.InvocationService"))
        .isEqualTo(ServingStatus.NOT_SERVING);
    // One that comes before would wait behind the one that runs.
    await().until(() -> server.server.drainPhase() == Drain.Phase.REFUSING);
    assertThat(refusal()).isEqualTo(Status.Code.UNAVAILABLE);

    assertThat(drained).isNotDone();
    running.halfClose();
    assertThat(running.read().getEnd().hasTrap()).isFalse();
    assertThat(queued.get().hasTrap()).isFalse();
    assertThat(drained.get()).isTrue();
  }

  @Test
  void uploadThatBeganBeforeIsDeployed()
      throws StatusException, InterruptedException, ExecutionException {
    byte[] module = SPIN.getBytes(StandardCharsets.UTF_8);
    BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> upload =
        FunctionServiceGrpc.newBlockingV2Stub(server.channel).deployFunction();
    boolean unused =
        upload.write(
            DeployFunctionRequest.newBuilder()
                .setHeader(TestServer.header("t", "late", module))
                .build());
    await().until(() -> server.server.callsInFlight() == 1);
    CompletableFuture<Boolean> drained = drain();
    await().until(() -> server.server.drainPhase() == Drain.Phase.REFUSING);
    StatusException refused =
        catchThrowableOfType(StatusException.class, () -> server.deploy("t", "new", SPIN));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(drained).isNotDone();
    boolean unusedToo =
        upload.write(
            DeployFunctionRequest.newBuilder().setChunk(ByteString.copyFrom(module)).build());
    upload.halfClose();
    assertThat(upload.read().getVersion().getModuleBytes()).isEqualTo(module.length);
    assertThat(drained.get()).isTrue();
  }

  @Test
  void somebodyInAHurryDoesNotWait() throws StatusException, InterruptedException {
    var unused = server.deploy("t", "f", SPIN);
    ListenableFuture<InvokeResponse> running = spinFor(600_000);
    await().until(() -> server.usage("t").getConcurrency() == 1);
    CompletableFuture<Boolean> drained = drain();
    await().until(() -> server.server.drainPhase() == Drain.Phase.REFUSING);
    server.server.hurry();
    assertThat(drained.join()).isFalse();
    server.server.close();
    ExecutionException ended = catchThrowableOfType(ExecutionException.class, running::get);
    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  // Not on the common pool, which may have one thread only, and deployments need it.
  private CompletableFuture<Boolean> drain() {
    return CompletableFuture.supplyAsync(
        server.server::drain, task -> Thread.ofPlatform().daemon().start(task));
  }

  private ListenableFuture<InvokeResponse> spinFor(long millis) {
    InvokeRequest.Builder spin = TestServer.request("t", "f", "spin").toBuilder();
    spin.getLimitsBuilder().setDeadline(Durations.fromMillis(millis));
    return InvocationServiceGrpc.newFutureStub(server.channel).invoke(spin.build());
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(server.channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private Status.Code refusal() {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> server.invoke(TestServer.request("t", "f", "nop")));
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    assertThat(status).isNotNull();
    assertThat(status.getDetailsList()).anyMatch(detail -> detail.is(RetryInfo.class));
    return refused.getStatus().getCode();
  }
}

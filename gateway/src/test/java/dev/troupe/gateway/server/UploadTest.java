package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that stall, wait for each other and vanish; what they hold comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadTest {
  private static final int KIB = 1 << 10;

  private final TestServer server;

  UploadTest(@TempDir Path data) {
    server =
        TestServer.start(
            data,
            Map.of(
                "uploads.max-buffered", "128 KiB",
                "uploads.max-buffered-per-tenant", "64 KiB",
                "uploads.stall-timeout", "3 s"));
  }

  @BeforeAll
  void createTenants() {
    for (String tenant : new String[] {"a", "b", "c"}) {
      var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void stalledUploadEndsAndItsBytesComeBackToWhoWaits() throws Exception {
    byte[] module = module(60 * KIB);
    var first = begin("a", module);
    var second = begin("b", module);
    await().until(() -> server.server.uploads().budget.usedBytes() == 120 * KIB);
    var third = begin("c", module);
    await().until(() -> server.server.uploads().budget.waiting() == 1);
    first.cancel("gone", null);
    // The third gets the bytes of the first; the second sends nothing and is sent away.
    assertThat(send(third, module).getVersion().getModuleBytes()).isEqualTo(module.length);
    StatusException stalled = catchThrowableOfType(StatusException.class, second::read);
    assertThat(stalled.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(stalled.getStatus().getDescription()).contains("no progress");
    awaitNothingHeld();
  }

  @Test
  void waitingInVainIsATypedRefusal() throws Exception {
    byte[] module = module(64 * KIB);
    var first = begin("a", module);
    var second = begin("b", module);
    await().until(() -> server.server.uploads().budget.usedBytes() == 128 * KIB);
    var third = begin("c", module(KIB));
    StatusException refused = catchThrowableOfType(StatusException.class, third::read);
    // Its own patience ends about when that of the others does: either it was refused, or served
    // with their bytes and stalled then.
    assertThat(refused.getStatus().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);
    first.cancel("gone", null);
    second.cancel("gone", null);
    awaitNothingHeld();
  }

  @Test
  void uploadWithoutHeaderIsSentAway() throws Exception {
    var silent = FunctionServiceGrpc.newBlockingV2Stub(server.channel).deployFunction();
    StatusException stalled = catchThrowableOfType(StatusException.class, silent::read);
    assertThat(stalled.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    awaitNothingHeld();
  }

  @Test
  void moduleThatCanNeverFitIsRefusedAtItsHeader() throws Exception {
    var call = begin("a", module(65 * KIB));
    StatusException refused = catchThrowableOfType(StatusException.class, call::read);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("max-buffered-per-tenant");
    awaitNothingHeld();
  }

  @Test
  void wrongModuleGivesItsBytesBack() throws Exception {
    byte[] module = module(KIB);
    module[1] = 'x';
    StatusException refused =
        catchThrowableOfType(StatusException.class, () -> send(begin("a", module), module));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    awaitNothingHeld();
  }

  @Test
  void endedUploadLeavesNothingWithTheTimer() throws Exception {
    Uploads uploads = server.server.uploads();
    int before = uploads.scheduled();
    var calls = new ArrayList<BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse>>();
    for (int i = 0; i < 10; i++) {
      calls.add(begin("a", module(KIB)));
    }
    await().until(() -> uploads.budget.usedBytes() == 10 * KIB);
    assertThat(uploads.scheduled()).isEqualTo(before + 10);
    calls.forEach(call -> call.cancel("gone", null));
    awaitNothingHeld();
    assertThat(uploads.scheduled()).isEqualTo(before);
  }

  @Test
  void headerThatIsKeptIsSmallAndItsRequestIdIsLookedAtFirst() throws Exception {
    byte[] module = module(KIB);
    DeployFunctionHeader header =
        TestServer.header("a", "f", module).toBuilder().setRequestId("x").build();
    for (String requestId : new String[] {"x", "x".repeat(300_000)}) {
      StatusException refused =
          catchThrowableOfType(
              StatusException.class,
              () ->
                  server.deploy(
                      header.toBuilder().setRequestId(requestId).clearSha256().build(), module));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.getStatus().getDescription())
          .contains(requestId.length() == 1 ? "UUID" : "at most 262144 bytes");
    }
    awaitNothingHeld();
  }

  @Test
  void uploadThatMayTakeLessTimeThanItMayStallIsLookedAtInTime(@TempDir Path data)
      throws Exception {
    try (TestServer hasty =
        TestServer.start(data, Map.of("uploads.timeout", "1 s", "uploads.stall-timeout", "1 h"))) {
      var silent = FunctionServiceGrpc.newBlockingV2Stub(hasty.channel).deployFunction();
      StatusException late = catchThrowableOfType(StatusException.class, silent::read);
      assertThat(late.getStatus().getDescription()).contains("longer than");
    }
  }

  private BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> begin(
      String tenant, byte[] module) throws StatusException, InterruptedException {
    var call = FunctionServiceGrpc.newBlockingV2Stub(server.channel).deployFunction();
    boolean unused =
        call.write(
            DeployFunctionRequest.newBuilder()
                .setHeader(TestServer.header(tenant, "f", module))
                .build());
    return call;
  }

  private static DeployFunctionResponse send(
      BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> call, byte[] module)
      throws StatusException, InterruptedException {
    int half = module.length / 2;
    for (ByteString chunk :
        new ByteString[] {
          ByteString.copyFrom(module, 0, half),
          ByteString.copyFrom(module, half, module.length - half)
        }) {
      boolean unused = call.write(DeployFunctionRequest.newBuilder().setChunk(chunk).build());
    }
    call.halfClose();
    return call.read();
  }

  private void awaitNothingHeld() {
    Uploads uploads = server.server.uploads();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(uploads.budget.usedBytes()).isZero();
          assertThat(uploads.budget.waiting()).isZero();
          assertThat(uploads.receiving.get()).isZero();
        });
  }

  /** A module as long as wished: text that ends with spaces. */
  private static byte[] module(int length) {
    byte[] text = "(module (func (export \"f\")))".getBytes(StandardCharsets.UTF_8);
    byte[] module = Arrays.copyOf(text, length);
    Arrays.fill(module, text.length, length, (byte) ' ');
    return module;
  }
}

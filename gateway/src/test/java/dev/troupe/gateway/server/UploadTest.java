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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Sends uploads away that stall, on a busy machine honest ones, too. */
  private final TestServer hasty;

  UploadTest(@TempDir Path data) {
    server = start(data.resolve("patient"), "10 m");
    hasty = start(data.resolve("hasty"), "2 s");
  }

  private static TestServer start(Path data, String stallTimeout) {
    return TestServer.start(
        data,
        Map.of(
            "uploads.max-buffered", "128 KiB",
            "uploads.max-buffered-per-tenant", "64 KiB",
            "uploads.stall-timeout", stallTimeout));
  }

  @BeforeAll
  void createTenants() {
    for (String tenant : new String[] {"a", "b", "c"}) {
      var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
      var unusedToo = hasty.createTenant(tenant, TenantQuotas.newBuilder());
    }
  }

  @AfterAll
  void stop() {
    server.close();
    hasty.close();
  }

  @Test
  void bytesOfWhoGoesComeBackToWhoWaits() throws Exception {
    byte[] module = module(60 * KIB);
    var first = begin("a", module);
    var second = begin("b", module);
    await().until(() -> server.server.uploads().budget.usedBytes() == 120 * KIB);
    var third = begin("c", module);
    await().until(() -> server.server.uploads().budget.waiting() == 1);
    first.cancel("gone", null);
    assertThat(send(third, module).getVersion().getModuleBytes()).isEqualTo(module.length);
    second.cancel("gone", null);
    awaitNothingHeld(server);
  }

  @Test
  void stalledUploadsEndAndTheirBytesComeBack() throws Exception {
    byte[] module = module(60 * KIB);
    for (var upload : List.of(begin(hasty, "a", module), begin(hasty, "b", module))) {
      StatusException stalled = catchThrowableOfType(StatusException.class, upload::read);
      assertThat(stalled.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(stalled.getStatus().getDescription()).contains("no progress");
    }
    awaitNothingHeld(hasty);
    await()
        .ignoreException(StatusException.class)
        .until(() -> send(begin(hasty, "c", module), module).hasVersion());
    awaitNothingHeld(hasty);
  }

  @Test
  void waitingInVainIsATypedRefusal() throws Exception {
    byte[] module = module(64 * KIB);
    var first = begin(hasty, "a", module);
    var second = begin(hasty, "b", module);
    UploadBudget budget = hasty.server.uploads().budget;
    // Unless one of them was sent away before the other came.
    await().until(() -> budget.usedBytes() == 128 * KIB || hasHeard(first) || hasHeard(second));
    var third = begin(hasty, "c", module(KIB));
    StatusException refused = catchThrowableOfType(StatusException.class, third::read);
    // Its own patience ends about when that of the others does: either it was refused, or served
    // with their bytes and stalled then.
    assertThat(refused.getStatus().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);
    first.cancel("gone", null);
    second.cancel("gone", null);
    awaitNothingHeld(hasty);
  }

  /** Whether the server has ended an upload. */
  private static boolean hasHeard(BlockingClientCall<?, ?> upload) throws InterruptedException {
    try {
      return upload.read(1, TimeUnit.MILLISECONDS) == null;
    } catch (TimeoutException notYet) {
      return false;
    } catch (StatusException ended) {
      return true;
    }
  }

  @Test
  void uploadWithoutHeaderIsSentAway() throws Exception {
    var silent = FunctionServiceGrpc.newBlockingV2Stub(hasty.channel).deployFunction();
    StatusException stalled = catchThrowableOfType(StatusException.class, silent::read);
    assertThat(stalled.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    awaitNothingHeld(hasty);
  }

  @Test
  void moduleThatCanNeverFitIsRefusedAtItsHeader() throws Exception {
    var call = begin("a", module(65 * KIB));
    StatusException refused = catchThrowableOfType(StatusException.class, call::read);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("max-buffered-per-tenant");
    awaitNothingHeld(server);
  }

  @Test
  void wrongModuleGivesItsBytesBack() throws Exception {
    byte[] module = module(KIB);
    module[1] = 'x';
    StatusException refused =
        catchThrowableOfType(StatusException.class, () -> send(begin("a", module), module));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    awaitNothingHeld(server);
  }

  @Test
  void endedUploadLeavesNothingWithTheTimer() throws Exception {
    Uploads uploads = server.server.uploads();
    awaitNothingHeld(server);
    int before = settled(uploads);
    var calls = new ArrayList<BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse>>();
    for (int i = 0; i < 10; i++) {
      calls.add(begin("a", module(KIB)));
    }
    await().until(() -> uploads.budget.usedBytes() == 10 * KIB);
    await().until(() -> uploads.scheduled() == before + 10);
    calls.forEach(call -> call.cancel("gone", null));
    awaitNothingHeld(server);
    await().until(() -> uploads.scheduled() == before);
  }

  /** What waits with the timer when it does nothing itself. */
  private static int settled(Uploads uploads) {
    AtomicInteger last = new AtomicInteger(-1);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> {
          int now = uploads.scheduled();
          return last.getAndSet(now) == now;
        });
    return last.get();
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
    awaitNothingHeld(server);
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
    return begin(server, tenant, module);
  }

  private static BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> begin(
      TestServer server, String tenant, byte[] module)
      throws StatusException, InterruptedException {
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

  private static void awaitNothingHeld(TestServer server) {
    Uploads uploads = server.server.uploads();
    await()
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

package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for which places of a full server, and who does not. */
final class PlacesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int FOR_EVER = 3_600_000;

  private static final String NAP =
      """
        (func (export "nap") (param i32) (result i32)
          (call $sleep (i64.mul (i64.extend_i32_s (local.get 0)) (i64.const 1000000)))
          (local.get 0)))
      """;
  private static final String IMPORT =
      "(module (import \"troupe\" \"sleep\" (func $sleep (param i64)))";
  private static final Map<String, String> MODULES =
      Map.of(
          "plain", IMPORT + "(memory 1)" + NAP,
          "empty", IMPORT + "(memory 0)" + NAP,
          "wide", IMPORT + "(memory i64 1)" + NAP,
          "table", IMPORT + "(table 5 funcref)" + NAP,
          "two", IMPORT + "(memory 1) (memory 1)" + NAP,
          "three", IMPORT + "(memory 1) (memory 1) (memory 1)" + NAP,
          "objects",
              IMPORT
                  + """
                  (type $s (struct (field i32)))
                  (func (export "make") (param i32) (result i32)
                    (struct.get $s 0 (struct.new $s (local.get 0))))
                  """
                  + NAP);

  private final Path data;

  PlacesTest(@TempDir Path data) {
    this.data = data;
  }

  private TestServer start(String setting, int value, String... modules) throws StatusException {
    TestServer server = TestServer.start(data, Map.of(setting, value));
    var unused = server.createTenant("t", TenantQuotas.newBuilder());
    for (String module : modules) {
      var unusedVersion =
          server.deploy("t", module, Objects.requireNonNull(MODULES.get(module), module));
    }
    return server;
  }

  private static ListenableFuture<InvokeResponse> call(
      TestServer server, String module, String function, int argument) {
    return InvocationServiceGrpc.newFutureStub(server.channel)
        .invoke(TestServer.request("t", module, function, argument));
  }

  private static ListenableFuture<InvokeResponse> nap(TestServer server, String module, int ms) {
    return call(server, module, "nap", ms);
  }

  private static int answer(ListenableFuture<InvokeResponse> call) throws Exception {
    return call.get().getResults().getValues(0).getI32();
  }

  /** Calls that stay until they are cancelled. */
  private static List<ListenableFuture<InvokeResponse>> holders(
      TestServer server, String module, int count) {
    List<ListenableFuture<InvokeResponse>> holders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      holders.add(nap(server, module, FOR_EVER));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> server.statistics().getFibers().getParked() == holders.size());
    return holders;
  }

  private static void awaitWaiters(TestServer server, int count) {
    await().atMost(PATIENCE).until(() -> server.statistics().getPool().getSlotWaiters() == count);
  }

  private static void awaitHeapWaiters(TestServer server, int count) {
    await().atMost(PATIENCE).until(() -> server.server.waitForHeaps() == count);
  }

  private static void end(TestServer server, List<ListenableFuture<InvokeResponse>> holders) {
    holders.forEach(holder -> holder.cancel(true));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(server.statistics().getPool().getSlotsInUse()).isZero();
          assertThat(server.statistics().getPool().getSlotWaiters()).isZero();
          assertThat(server.server.waitForHeaps()).isZero();
          assertThat(server.statistics().getFibers().getLive()).isZero();
        });
  }

  @Test
  void aMemoryOfNoPagesTakesAPlace() throws Exception {
    try (TestServer server = start("pool.memories", 2, "plain", "empty")) {
      List<ListenableFuture<InvokeResponse>> holders = holders(server, "plain", 2);
      ListenableFuture<InvokeResponse> empty = nap(server, "empty", 1);
      awaitWaiters(server, 1);
      assertThat(holders.removeFirst().cancel(true)).isTrue();
      assertThat(answer(empty)).isEqualTo(1);
      end(server, holders);
    }
  }

  @Test
  void whoHasNoMemoryWaitsForNone() throws Exception {
    try (TestServer server = start("pool.memories", 2, "plain", "table", "wide", "objects")) {
      List<ListenableFuture<InvokeResponse>> holders = holders(server, "plain", 2);
      ListenableFuture<InvokeResponse> waits = nap(server, "plain", 1);
      awaitWaiters(server, 1);
      assertThat(answer(nap(server, "table", 1))).isEqualTo(1);
      // It has a reservation of its own.
      assertThat(answer(nap(server, "wide", 1))).isEqualTo(1);
      assertThat(answer(call(server, "objects", "make", 7))).isEqualTo(7);
      assertThat(holders.removeFirst().cancel(true)).isTrue();
      assertThat(answer(waits)).isEqualTo(1);
      end(server, holders);
    }
  }

  @Test
  void whoNeedsTwoPlacesWaitsForBoth() throws Exception {
    try (TestServer server = start("pool.memories", 3, "plain", "two")) {
      List<ListenableFuture<InvokeResponse>> holders = holders(server, "plain", 2);
      ListenableFuture<InvokeResponse> two = nap(server, "two", 1);
      awaitWaiters(server, 1);
      long attempts = server.server.memoryExhaustions();
      // Whoever comes later finds the line, and nobody asks the pool again and again.
      ListenableFuture<InvokeResponse> later = nap(server, "plain", 1);
      awaitWaiters(server, 2);
      assertThat(server.server.memoryExhaustions()).isEqualTo(attempts);
      assertThat(holders.removeFirst().cancel(true)).isTrue();
      assertThat(answer(two)).isEqualTo(1);
      assertThat(answer(later)).isEqualTo(1);
      assertThat(server.server.memoryExhaustions()).isEqualTo(attempts);
      end(server, holders);
    }
  }

  @Test
  void whoNeedsMoreThanThereIsIsRefused() throws Exception {
    try (TestServer server = start("pool.memories", 2, "plain", "three")) {
      List<ListenableFuture<InvokeResponse>> holders = holders(server, "plain", 2);
      assertThatThrownBy(() -> server.invoke(TestServer.request("t", "three", "nap", 1)))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused ->
                  assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
          .hasMessageContaining("3 memories");
      end(server, holders);
    }
  }

  @Test
  void whoMakesObjectsWaitsForACollectedHeap() throws Exception {
    try (TestServer server = start("pool.collected-heaps", 1, "plain", "objects")) {
      List<ListenableFuture<InvokeResponse>> holders = holders(server, "objects", 1);
      ListenableFuture<InvokeResponse> waits = call(server, "objects", "make", 7);
      awaitHeapWaiters(server, 1);
      assertThat(answer(nap(server, "plain", 1))).isEqualTo(1);
      InvokeRequest.Builder hasty = TestServer.request("t", "objects", "make", 1).toBuilder();
      hasty.getLimitsBuilder().setDeadline(Durations.fromMillis(200));
      ListenableFuture<InvokeResponse> tooLate =
          InvocationServiceGrpc.newFutureStub(server.channel).invoke(hasty.build());
      assertThatThrownBy(tooLate::get)
          .isInstanceOfSatisfying(
              ExecutionException.class,
              late ->
                  assertThat(Status.fromThrowable(late.getCause()).getCode())
                      .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
      awaitHeapWaiters(server, 1);
      assertThat(holders.removeFirst().cancel(true)).isTrue();
      assertThat(answer(waits)).isEqualTo(7);
      end(server, holders);
    }
  }
}

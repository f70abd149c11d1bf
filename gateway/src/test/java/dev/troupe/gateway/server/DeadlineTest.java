package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.FiberStatistics;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TrapKind;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deadlines and cancellations end guests that run, park and wait; nothing of them is left. */
class DeadlineTest {
  private static final String MODULE =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (func (export "spin") (loop $l (br $l)))
        (func (export "nap") (call $sleep (i64.const 3_600_000_000_000))))
      """;

  @TempDir Path data;

  // Each test starts it with settings of its own.
  @SuppressWarnings("NullAway.Init")
  private TestServer server;

  private void start(Map<String, Object> settings) throws Exception {
    server = TestServer.start(data, settings);
    var unused = server.createTenant("t", TenantQuotas.newBuilder());
    var unusedVersion = server.deploy("t", "f", MODULE);
    var unusedTenant = server.createTenant("one", TenantQuotas.newBuilder().setConcurrency(1));
    var unusedToo = server.deploy("one", "f", MODULE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ListenableFuture<InvokeResponse> call(String tenant, String export, int millis) {
    InvokeRequest.Builder request = TestServer.request(tenant, "f", export).toBuilder();
    if (millis > 0) {
      request.getLimitsBuilder().setDeadline(Durations.fromMillis(millis));
    }
    return InvocationServiceGrpc.newFutureStub(server.channel).invoke(request.build());
  }

  /** The answer to a call that a machine that stalls came to in time, perhaps not the first one. */
  private InvokeResponse begun(String tenant, String export, int millis) throws Exception {
    long giveUpNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      try {
        return call(tenant, export, millis).get();
      } catch (ExecutionException late) {
        if (Status.fromThrowable(late).getCode() != Status.Code.DEADLINE_EXCEEDED
            || System.nanoTime() - giveUpNanos > 0) {
          throw late;
        }
      }
    }
  }

  private void awaitNothingLeft() {
    await()
        .untilAsserted(() -> {
          ServerStatistics now = server.statistics();
          assertThat(now.getFibers()).isEqualTo(FiberStatistics.getDefaultInstance());
          assertThat(now.getPool().getStacksInUse()).isZero();
          assertThat(now.getPool().getSlotsInUse()).isZero();
          assertThat(now.getScheduler().getLive()).isZero();
        });
  }

  @Test
  void callsWithoutDeadlineGetTheDefaultAndLongOnesTheLimit() throws Exception {
    start(Map.of("quotas.deadline", "500 ms", "limits.deadline", "600 ms"));
    for (String export : new String[] {"spin", "nap"}) {
      for (int millis : new int[] {0, 3_600_000}) {
        assertThat(begun("t", export, millis).getTrap().getKind())
            .as("%s, %d ms", export, millis)
            .isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
      }
    }
    awaitNothingLeft();
  }

  @Test
  void cancelledGuestsEndWhetherTheySpinOrSleep() throws Exception {
    start(Map.of("quotas.deadline", "10 m"));
    for (String export : new String[] {"spin", "nap"}) {
      long before = cancelled();
      ListenableFuture<InvokeResponse> running = call("t", export, 0);
      await().until(() -> server.statistics().getFibers().getLive() == 1);
      assertThat(running.cancel(true)).isTrue();
      awaitNothingLeft();
      await().until(() -> cancelled() == before + 1);
    }
  }

  private long cancelled() {
    return server.statistics().getTenantsList().stream()
        .flatMap(tenant -> tenant.getTrapsList().stream())
        .filter(trap -> trap.getKind().equals("CANCELLED"))
        .mapToLong(trap -> trap.getCount())
        .sum();
  }

  @Test
  void callsThatWaitInTheQueueEndWithoutHavingRun() throws Exception {
    start(Map.of("quotas.deadline", "10 m"));
    ListenableFuture<InvokeResponse> running = call("one", "nap", 0);
    await().until(() -> server.usage("one").getConcurrency() == 1);
    ListenableFuture<InvokeResponse> late = call("one", "nap", 50);
    ExecutionException ended = catchThrowableOfType(ExecutionException.class, late::get);
    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    ListenableFuture<InvokeResponse> unwanted = call("one", "nap", 0);
    await().until(() -> server.usage("one").getQueueLength() == 1);
    assertThat(unwanted.cancel(true)).isTrue();
    await().until(() -> server.usage("one").getQueueLength() == 0);
    await().until(() -> server.statistics().getFibers().getLive() == 1);
    assertThat(running.cancel(true)).isTrue();
    awaitNothingLeft();
  }
}

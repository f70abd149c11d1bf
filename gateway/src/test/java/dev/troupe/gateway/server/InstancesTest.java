package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.PoolStatistics;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances of a server: kept warm, waiting for a place, giving memory back. */
final class InstancesTest {
  private static final String WAT =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (memory (export "memory") 1)
        (func (export "count") (result i32)
          (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
          (i32.load (i32.const 64)))
        (func (export "nap") (param i32) (result i32)
          (call $sleep (i64.mul (i64.extend_i32_s (local.get 0)) (i64.const 1000000)))
          (local.get 0)))
      """;

  private final Path data;

  InstancesTest(@TempDir Path data) {
    this.data = data;
  }

  private TestServer start(Map<String, Object> settings) throws StatusException {
    TestServer server = TestServer.start(data, settings);
    for (String tenant : List.of("greedy", "polite")) {
      var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
      var unusedVersion = server.deploy(tenant, "f", WAT);
    }
    return server;
  }

  private static ListenableFuture<InvokeResponse> nap(
      ManagedChannel channel, String tenant, int millis) {
    return InvocationServiceGrpc.newFutureStub(channel)
        .invoke(TestServer.request(tenant, "f", "nap", millis));
  }

  private static int count(TestServer server, String tenant) {
    return server
        .invoke(TestServer.request(tenant, "f", "count"))
        .getResults()
        .getValues(0)
        .getI32();
  }

  private static PoolStatistics pool(TestServer server) {
    return server.statistics().getPool();
  }

  private static void awaitEmpty(TestServer server) {
    await()
        .untilAsserted(() -> {
          assertThat(pool(server).getSlotsInUse()).as("memories").isZero();
          assertThat(pool(server).getStacksInUse()).as("stacks").isZero();
          assertThat(pool(server).getSlotWaiters()).as("who waits for a memory").isZero();
          assertThat(pool(server).getStackWaiters()).as("who waits for a stack").isZero();
          assertThat(server.statistics().getFibers().getLive()).as("fibers").isZero();
        });
  }

  @Test
  void aFullPoolIsAFairQueueWithDeadlines() throws Exception {
    waitForPlaces(Map.of("pool.memories", 2, "pool.stacks", 8));
    waitForPlaces(Map.of("pool.memories", 8, "pool.stacks", 2));
  }

  private void waitForPlaces(Map<String, Object> settings) throws Exception {
    try (TestServer server = start(settings)) {
      // It hears answers in the order in which the server gives them.
      ManagedChannel inOrder =
          NettyChannelBuilder.forTarget(server.server.address())
              .usePlaintext()
              .directExecutor()
              .build();
      try {
        waitForPlaces(server, inOrder);
      } finally {
        inOrder.shutdownNow();
      }
    }
  }

  private static void waitForPlaces(TestServer server, ManagedChannel inOrder) throws Exception {
    List<ListenableFuture<InvokeResponse>> holders = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      holders.add(nap(server.channel, "greedy", 3_600_000));
    }
    await().until(() -> server.statistics().getFibers().getParked() == 2);
    List<ListenableFuture<InvokeResponse>> greedy = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      greedy.add(nap(inOrder, "greedy", 1));
    }
    ListenableFuture<InvokeResponse> polite = nap(inOrder, "polite", 1);
    await().until(() -> waiters(server) == 21);

    InvokeRequest.Builder hasty = TestServer.request("polite", "f", "nap", 1).toBuilder();
    hasty.getLimitsBuilder().setDeadline(Durations.fromMillis(200));
    assertThat(codeOf(InvocationServiceGrpc.newFutureStub(server.channel).invoke(hasty.build())))
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(greedy.removeFirst().cancel(true)).isTrue();
    await().until(() -> waiters(server) == 20);

    AtomicInteger before = new AtomicInteger();
    CompletableFuture<Integer> greedyBeforePolite = new CompletableFuture<>();
    greedy.forEach(call -> call.addListener(before::incrementAndGet, Runnable::run));
    polite.addListener(() -> greedyBeforePolite.complete(before.get()), Runnable::run);

    // One place is enough for all: whoever leaves wakes the next.
    assertThat(holders.getFirst().cancel(true)).isTrue();
    assertThat(polite.get().getResults().getValues(0).getI32()).isEqualTo(1);
    assertThat(greedyBeforePolite.join()).as("turns are the tenants'").isLessThan(8);
    for (ListenableFuture<InvokeResponse> call : greedy) {
      assertThat(call.get().getResults().getValues(0).getI32()).isEqualTo(1);
    }
    assertThat(holders.getLast().cancel(true)).isTrue();
    awaitEmpty(server);
  }

  private static long waiters(TestServer server) {
    PoolStatistics pool = pool(server);
    return pool.getSlotWaiters() + pool.getStackWaiters();
  }

  /** The status of a call, or OK with the trap that stands for it. */
  private static Status.Code codeOf(ListenableFuture<InvokeResponse> call) throws Exception {
    try {
      return call.get().hasTrap() ? Status.Code.DEADLINE_EXCEEDED : Status.Code.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e.getCause()).getCode();
    }
  }

  @Test
  void instancesAreKeptWarmWithoutAStack() throws StatusException {
    try (TestServer server = start(Map.of("instances.calls", 3, "instances.idle", 4))) {
      assertThat(List.of(count(server, "greedy"), count(server, "greedy"), count(server, "greedy")))
          .containsExactly(1, 2, 3);
      assertThat(count(server, "greedy")).as("a new one").isEqualTo(1);
      assertThat(count(server, "polite")).as("of another tenant").isEqualTo(1);
      await().until(() -> pool(server).getSlotsInUse() == 2);
      assertThat(pool(server).getStacksInUse()).isZero();
    }
  }

  @Test
  void idleInstancesAreClosedWhenMemoryIsShort() throws StatusException {
    Map<String, Object> settings =
        Map.of(
            "instances.calls", 1000, "instances.idle-timeout", "1 h", "instances.max-resident", 1);
    try (TestServer server = start(settings)) {
      assertThat(count(server, "polite")).isEqualTo(1);
      await().until(() -> pool(server).getSlotsInUse() == 0);
      assertThat(server.server.evictedInstances()).isPositive();
      assertThat(count(server, "polite")).as("a new one").isEqualTo(1);
    }
  }
}

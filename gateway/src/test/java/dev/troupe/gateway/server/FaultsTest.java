package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Durations;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.functions.v1.InvocationLimits;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever guests, clients and our own parts do wrong: callers get a typed answer, others are not
 * disturbed, and slots, stacks, fibers, tasks, files and mappings return to where they were.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
  private static final int CONCURRENCY = 40;
  private static final String MODULE =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "forever") (call $sleep (i64.const 0x7fffffffffffffff)))
        (func (export "spin") (loop $l (br $l)))
        (func $recurse (export "recurse") (call $recurse) (call $recurse))
        (func (export "hog") (loop $l (drop (memory.grow (i32.const 16))) (br $l)))
        (func (export "unreachable") (unreachable)))
      """;

  /** A store that makes the actor that uses it throw. */
  private static final class FailingStore extends InMemoryTenantStore {
    volatile boolean failing;

    @Override
    public CompletionStage<Void> save(StoredTenant tenant) {
      if (failing) {
        throw new IllegalStateException("fault of the test");
      }
      return super.save(tenant);
    }
  }

  private final FailingStore store = new FailingStore();
  private final TestServer server;

  FaultsTest(@TempDir Path data) {
    // As many slots as calls run: warming up touches all of them.
    server =
        TestServer.start(
            data, Map.of("pool.memories", CONCURRENCY, "pool.stacks", CONCURRENCY), store);
  }

  @BeforeAll
  void deploy() throws StatusException {
    Tenant _ =
        server.createTenant(
            "acme", TenantQuotas.newBuilder().setConcurrency(CONCURRENCY).setQueueLength(20_000));
    var _ = server.deploy("acme", "f", MODULE);
    // What is made once and kept (stacks, slots, threads) is made before anybody counts.
    ManagedChannel channel = connect(server.server.address());
    List<ListenableFuture<InvokeResponse>> _ = start(channel, "forever", CONCURRENCY);
    awaitFibers(CONCURRENCY);
    channel.shutdownNow();
    await().until(() -> Gauges.of(server).get("live tasks") == 0);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** What goes wrong. */
  private interface Fault {
    void happen() throws Exception;
  }

  /**
   * Lets it happen twice. After the first time all of our own gauges are back; what the JVM and
   * Netty keep for the next time (buffers, threads) must not grow by the second.
   */
  private void leavesNothing(Fault fault) throws Exception {
    leavesNothing(fault, fault);
  }

  private void leavesNothing(Fault first, Fault second) throws Exception {
    Gauges before = Gauges.settled(server);
    first.happen();
    before.awaitOurs(server);
    Gauges between = Gauges.settled(server);
    second.happen();
    between.awaitAll(server);
  }

  private static ManagedChannel connect(String address) {
    return NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  private static InvokeRequest request(String export) {
    return TestServer.request("acme", "f", export);
  }

  private static List<ListenableFuture<InvokeResponse>> start(
      ManagedChannel channel, String export, int count) {
    List<ListenableFuture<InvokeResponse>> calls = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      calls.add(InvocationServiceGrpc.newFutureStub(channel).invoke(request(export)));
    }
    return calls;
  }

  private void awaitFibers(long count) {
    await().untilAsserted(() -> assertThat(Gauges.of(server).get("live fibers")).isEqualTo(count));
  }

  private void othersAreServed() {
    InvokeResponse response = server.invoke(TestServer.request("acme", "f", "add", 40, 2));
    assertThat(response.getResults().getValues(0).getI32()).isEqualTo(42);
  }

  private static Status.Code codeOf(ListenableFuture<InvokeResponse> call)
      throws InterruptedException {
    try {
      InvokeResponse _ = call.get(3, TimeUnit.MINUTES);
      return Status.Code.OK;
    } catch (ExecutionException failed) {
      return Status.fromThrowable(failed).getCode();
    } catch (java.util.concurrent.TimeoutException stuck) {
      throw new AssertionError("a call got no answer", stuck);
    }
  }

  // ---------------------------------------------------------------- clients

  @Test
  void clientsThatGoTakeTheirCallsWithThem() throws Exception {
    leavesNothing(this::clientsGo);
  }

  private void clientsGo() {
    ManagedChannel channel = connect(server.server.address());
    List<ListenableFuture<InvokeResponse>> _ = start(channel, "forever", CONCURRENCY - 4);
    List<ListenableFuture<InvokeResponse>> _ = start(channel, "spin", 3);
    awaitFibers(CONCURRENCY - 1);
    othersAreServed();
    channel.shutdownNow();
  }

  @Test
  void aCutCableTakesRunningAndWaitingCallsWithIt() throws Exception {
    leavesNothing(this::cableIsCut);
  }

  private void cableIsCut() throws IOException, InterruptedException {
    try (Cable cable = new Cable(server.server.address())) {
      ManagedChannel channel = connect(cable.address());
      List<ListenableFuture<InvokeResponse>> calls = start(channel, "forever", CONCURRENCY + 200);
      await().until(() -> Gauges.of(server).get("tenants/acme queue") == 200);
      cable.cut();
      for (ListenableFuture<InvokeResponse> call : calls) {
        assertThat(codeOf(call)).isEqualTo(Status.Code.UNAVAILABLE);
      }
      channel.shutdownNow();
    }
    othersAreServed();
  }

  @Test
  void tenThousandCancellationsAtOnce() throws Exception {
    leavesNothing(() -> cancelAtOnce(10_000), () -> cancelAtOnce(2_000));
  }

  private void cancelAtOnce(int count) {
    ManagedChannel channel = connect(server.server.address());
    List<ListenableFuture<InvokeResponse>> calls = start(channel, "forever", count);
    await().until(() -> Gauges.of(server).get("tenants/acme queue") == count - CONCURRENCY);
    calls.forEach(call -> assertThat(call.cancel(true)).isTrue());
    await().until(() -> Gauges.of(server).get("heap of calls") == 0);
    othersAreServed();
    channel.shutdownNow();
  }

  // ---------------------------------------------------------------- guests

  private TrapKind trapOf(String function, String export, Duration deadline) {
    InvokeResponse response =
        server.invoke(
            TestServer.request("acme", function, export).toBuilder()
                .setLimits(
                    InvocationLimits.newBuilder()
                        .setDeadline(Durations.fromMillis(deadline.toMillis())))
                .build());
    return response.getTrap().getKind();
  }

  @Test
  void guestsThatMisbehaveAreStoppedAndLeaveNothing() throws Exception {
    var _ =
        server.deploy(
            "acme",
            "starter",
            "(module (memory 1) (func $boom unreachable) (start $boom) (func (export \"f\")))");
    var _ =
        server.deploy(
            "acme",
            "endless-start",
            "(module (memory 1) (func $spin (loop $l (br $l))) (start $spin) (func (export"
                + " \"f\")))");
    leavesNothing(this::misbehave);
  }

  private void misbehave() {
    Duration patient = Duration.ofMinutes(2);
    Duration hasty = Duration.ofMillis(50);
    for (int round = 0; round < 20; round++) {
      assertThat(trapOf("f", "recurse", patient)).isEqualTo(TrapKind.TRAP_KIND_STACK_OVERFLOW);
      assertThat(trapOf("f", "hog", patient)).isEqualTo(TrapKind.TRAP_KIND_MEMORY_LIMIT);
      assertThat(trapOf("f", "unreachable", patient)).isEqualTo(TrapKind.TRAP_KIND_UNREACHABLE);
      assertThat(trapOf("starter", "f", patient)).isEqualTo(TrapKind.TRAP_KIND_UNREACHABLE);
    }
    for (int round = 0; round < 5; round++) {
      assertThat(expires("f", "spin", hasty)).isTrue();
      assertThat(expires("endless-start", "f", hasty)).isTrue();
    }
    othersAreServed();
  }

  @Test
  void aHostFunctionThatNeverCompletesEndsWithItsCall() throws Exception {
    leavesNothing(() -> {
      for (int round = 0; round < 5; round++) {
        assertThat(expires("f", "forever", Duration.ofMillis(50))).isTrue();
      }
    });
  }

  /** Whether the deadline ended the call, running or, on a busy machine, before it ran. */
  private boolean expires(String function, String export, Duration deadline) {
    try {
      return trapOf(function, export, deadline) == TrapKind.TRAP_KIND_DEADLINE_EXCEEDED;
    } catch (StatusRuntimeException failed) {
      return failed.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }
  }

  // ---------------------------------------------------------------- our own parts

  @Test
  void anActorThatRestartsAnswersThoseThatWaitAndKeepsThoseThatRun() throws Exception {
    leavesNothing(this::actorRestarts);
  }

  private void actorRestarts() throws InterruptedException {
    ManagedChannel channel = connect(server.server.address());
    List<ListenableFuture<InvokeResponse>> running = start(channel, "forever", CONCURRENCY);
    awaitFibers(CONCURRENCY);
    List<ListenableFuture<InvokeResponse>> waiting = start(channel, "forever", 5);
    await().until(() -> Gauges.of(server).get("tenants/acme queue") == 5);
    store.failing = true;
    // The actor throws over it and never answers.
    ListenableFuture<Tenant> lost =
        TenantServiceGrpc.newFutureStub(server.channel)
            .updateTenant(
                UpdateTenantRequest.newBuilder()
                    .setTenant(Tenant.newBuilder().setName("tenants/acme").setDisplayName("A"))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("display_name"))
                    .build());
    for (ListenableFuture<InvokeResponse> call : waiting) {
      assertThat(codeOf(call)).isEqualTo(Status.Code.UNAVAILABLE);
    }
    store.failing = false;
    assertThat(lost.cancel(true)).isTrue();
    assertThat(running).noneMatch(ListenableFuture::isDone);
    running.forEach(call -> assertThat(call.cancel(true)).isTrue());
    othersAreServed();
    channel.shutdownNow();
  }
}

package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.troupe.functions.v1.CpuQuota;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.GetTenantRequest;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.RateQuota;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantConsumption;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.UpdateFunctionRequest;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every quota over the wire: what it refuses or stops, and that the answer says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaTest {
  private static final int PAGE = 65_536;
  private static final String MODULE =
      """
      (module
        (memory (export "memory") 1)
        (table $t 16 funcref)
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "spin") (loop $l (br $l)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "growTable") (param i32) (result i32)
          (table.grow $t (ref.null func) (local.get 0)))
        (func (export "troupe_alloc") (param i32) (result i32) (i32.const 1024))
        (func (export "handle") (param $p i32) (param $n i32) (result i64)
          (i64.or
            (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32))
            (i64.extend_i32_u (local.get $n)))))
      """;

  /** What others give back, or time does. */
  private static final Set<String> HELPED_BY_WAITING =
      Set.of(
          "rate", "concurrency", "queue_length", "queue_wait", "instances", "compile.per_second");

  private final TestServer server;

  QuotaTest(@TempDir Path data) {
    server =
        TestServer.start(
            data,
            Map.of(
                "engine.fuel", "on",
                "limits.cpu-time", "1 h",
                "limits.fuel", "1000000000000",
                "limits.request-bytes", "60000",
                // Fewer than calls that spin: whoever has a core for each of them shares nothing.
                "scheduler.workers", 2));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private void tenant(String id, TenantQuotas.Builder quotas) {
    Tenant unused = server.createTenant(id, quotas);
    deploy(id, "f", MODULE);
  }

  private void deploy(String tenant, String function, String module) {
    try {
      var unused = server.deploy(tenant, function, module);
    } catch (StatusException e) {
      throw new AssertionError(e);
    }
  }

  private void update(String tenant, TenantQuotas.Builder quotas) {
    Tenant unused =
        TenantServiceGrpc.newBlockingStub(server.channel)
            .updateTenant(
                UpdateTenantRequest.newBuilder()
                    .setTenant(Tenant.newBuilder().setName("tenants/" + tenant).setQuotas(quotas))
                    .build());
  }

  private Function limit(String tenant, FunctionLimits.Builder limits, String... mask) {
    UpdateFunctionRequest.Builder request =
        UpdateFunctionRequest.newBuilder()
            .setFunction(
                Function.newBuilder()
                    .setName("tenants/" + tenant + "/functions/f")
                    .setLimits(limits));
    if (mask.length > 0) {
      request.setUpdateMask(FieldMask.newBuilder().addAllPaths(java.util.List.of(mask)));
    }
    return FunctionServiceGrpc.newBlockingStub(server.channel).updateFunction(request.build());
  }

  private ListenableFuture<InvokeResponse> start(InvokeRequest request) {
    return InvocationServiceGrpc.newFutureStub(server.channel).invoke(request);
  }

  private ListenableFuture<InvokeResponse> spin(String tenant) {
    return start(TestServer.request(tenant, "f", "spin"));
  }

  private Tenant show(String tenant) {
    return TenantServiceGrpc.newBlockingStub(server.channel)
        .getTenant(GetTenantRequest.newBuilder().setName("tenants/" + tenant).build());
  }

  private void awaitRunning(String tenant, int count) {
    await().until(() -> show(tenant).getUsage().getConcurrency() == count);
  }

  private TrapKind trap(ListenableFuture<InvokeResponse> call) {
    await().until(call::isDone);
    try {
      return call.get().getTrap().getKind();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(
      @Nullable Throwable failure, String quota, String level, String limit) {
    if (failure == null) {
      throw new AssertionError("nothing was refused");
    }
    assertThat(Status.fromThrowable(failure).getCode())
        .as(failure.toString())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(detail(failure, ErrorInfo.class).getMetadataMap())
        .containsEntry("quota", quota)
        .containsEntry("level", level)
        .containsEntry("limit", limit)
        .containsKeys("usage", "unit", "tenant");
    assertThat(new BigDecimal(TestClient.variables(failure).get("usage"))).isNotNegative();
    assertThat(detail(failure, QuotaFailure.class).getViolations(0).getQuotaId()).isEqualTo(quota);
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    assertThat(status).isNotNull();
    assertThat(status.getDetailsList().stream().anyMatch(any -> any.is(RetryInfo.class)))
        .as("says when to retry %s, if waiting helps", quota)
        .isEqualTo(HELPED_BY_WAITING.contains(quota));
  }

  private StatusRuntimeException refusal(InvokeRequest request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> server.invoke(request));
  }

  private static <M extends Message> M detail(Throwable failure, Class<M> type) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    assertThat(status).isNotNull();
    for (var any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }

  private static InvokeRequest add(String tenant) {
    return TestServer.request(tenant, "f", "add", 1, 2);
  }

  private static InvokeRequest payload(String tenant, int bytes) {
    return InvokeRequest.newBuilder()
        .setName("tenants/" + tenant + "/functions/f")
        .setPayload(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  @Test
  void rateIsNamedAsARateAndSaysWhenToRetry() {
    tenant(
        "rate",
        TenantQuotas.newBuilder()
            .setRate(RateQuota.newBuilder().setCallsPerSecond(0.01).setBurst(2)));
    var unused = server.invoke(add("rate"));
    var unusedToo = server.invoke(add("rate"));
    StatusRuntimeException refused = refusal(add("rate"));
    assertRefused(refused, "rate", "tenant", "0.01");
    assertThat(detail(refused, ErrorInfo.class).getMetadataMap())
        .containsEntry("unit", "calls_per_second");
    assertThat(Durations.toSeconds(detail(refused, RetryInfo.class).getRetryDelay()))
        .isBetween(1L, 100L);
  }

  @Test
  void concurrencyQueueLengthAndQueueWait() {
    tenant("queue", TenantQuotas.newBuilder().setConcurrency(1).setQueueLength(0));
    ListenableFuture<InvokeResponse> running = spin("queue");
    awaitRunning("queue", 1);
    assertRefused(refusal(add("queue")), "concurrency", "tenant", "1");
    update("queue", TenantQuotas.newBuilder().setQueueLength(1));
    InvokeRequest.Builder hasty = add("queue").toBuilder();
    hasty.getLimitsBuilder().setQueueWait(Durations.ZERO);
    assertRefused(refusal(hasty.build()), "concurrency", "tenant", "1");
    ListenableFuture<InvokeResponse> waiting = start(add("queue"));
    await().until(() -> show("queue").getUsage().getQueueLength() == 1);
    assertRefused(refusal(add("queue")), "queue_length", "tenant", "1");
    update("queue", TenantQuotas.newBuilder().setQueueWait(Durations.fromMillis(10)));
    await().until(waiting::isDone);
    Throwable late = catchThrowableOfType(Exception.class, waiting::get).getCause();
    assertRefused(late, "queue_wait", "tenant", "0.01");
    assertThat(running.cancel(true)).isTrue();
  }

  @Test
  void concurrencyOfAFunctionHoldsUpOnlyThatFunction() {
    tenant("lane", TenantQuotas.newBuilder());
    deploy("lane", "g", MODULE);
    Function limited = limit("lane", FunctionLimits.newBuilder().setConcurrency(1));
    assertThat(limited.getLimits().getConcurrency()).isEqualTo(1);
    ListenableFuture<InvokeResponse> running = spin("lane");
    awaitRunning("lane", 1);
    ListenableFuture<InvokeResponse> waiting = start(add("lane"));
    await().until(() -> show("lane").getUsage().getQueueLength() == 1);
    InvokeResponse other = server.invoke(TestServer.request("lane", "g", "add", 20, 22));
    assertThat(other.getResults().getValues(0).getI32()).isEqualTo(42);
    InvokeRequest.Builder hasty = add("lane").toBuilder();
    hasty.getLimitsBuilder().setQueueWait(Durations.ZERO);
    assertRefused(refusal(hasty.build()), "concurrency", "function", "1");
    Function free = limit("lane", FunctionLimits.newBuilder(), "limits.concurrency");
    assertThat(free.getLimits().hasConcurrency()).isFalse();
    await().until(waiting::isDone);
    assertThat(running.cancel(true)).isTrue();
  }

  @Test
  void instances() {
    tenant("instances", TenantQuotas.newBuilder().setInstances(1).setQueueLength(0));
    ListenableFuture<InvokeResponse> running = spin("instances");
    awaitRunning("instances", 1);
    assertRefused(refusal(add("instances")), "instances", "tenant", "1");
    assertThat(running.cancel(true)).isTrue();
  }

  @Test
  void memoryCountsMemoriesAndTables() {
    tenant("memory", TenantQuotas.newBuilder().setMemoryBytes(4 * PAGE));
    InvokeResponse fits = server.invoke(TestServer.request("memory", "f", "growTable", PAGE / 8));
    assertThat(fits.getResults().getValues(0).getI32()).isEqualTo(16);
    assertThat(fits.getStats().getPeakMemoryBytes()).isEqualTo(2 * PAGE + 16 * 8);
    InvokeResponse grown = server.invoke(TestServer.request("memory", "f", "growTable", PAGE));
    assertThat(grown.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_MEMORY_LIMIT);
    assertThat(grown.getTrap().getMessage()).contains("memory_bytes of the tenant is 262144 bytes");
    update("memory", TenantQuotas.newBuilder().setMemoryBytes(PAGE));
    assertRefused(refusal(add("memory")), "memory_bytes", "tenant", Integer.toString(PAGE));
    await().until(() -> show("memory").getUsage().getMemoryBytes() == 0);
  }

  @Test
  void memoryOfOneInstanceAtEachLevel() {
    tenant("instance", TenantQuotas.newBuilder().setInstanceMemoryBytes(3 * PAGE));
    InvokeRequest grow = TestServer.request("instance", "f", "grow", 2);
    assertThat(server.invoke(grow).getTrap().getMessage())
        .contains("instance_memory_bytes of the tenant");
    Function unused =
        limit("instance", FunctionLimits.newBuilder().setInstanceMemoryBytes(2 * PAGE));
    assertThat(server.invoke(grow).getTrap().getMessage())
        .contains("instance_memory_bytes of the function");
    InvokeRequest.Builder narrow = grow.toBuilder();
    narrow.getLimitsBuilder().setMemoryBytes(PAGE + 128);
    assertThat(server.invoke(narrow.build()).getTrap().getMessage())
        .contains("instance_memory_bytes of the call");
  }

  @Test
  void loweredDeadlineAndProcessorTimeStopWhatRuns() {
    tenant("lowered", TenantQuotas.newBuilder().setDeadline(Durations.fromMinutes(9)));
    ListenableFuture<InvokeResponse> one = spin("lowered");
    awaitRunning("lowered", 1);
    Function unused =
        limit("lowered", FunctionLimits.newBuilder().setCpuTime(Durations.fromMillis(20)));
    assertThat(trap(one)).isEqualTo(TrapKind.TRAP_KIND_CPU_LIMIT_EXCEEDED);
    Function unusedToo = limit("lowered", FunctionLimits.newBuilder(), "limits.cpu_time");
    long before = server.statistics("lowered").getSlices();
    ListenableFuture<InvokeResponse> two = spin("lowered");
    await().until(() -> server.statistics("lowered").getSlices() > before);
    update("lowered", TenantQuotas.newBuilder().setDeadline(Durations.fromMillis(30)));
    assertThat(trap(two)).isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
  }

  @Test
  void whoeverSetTheLeastLimitIsNamed() {
    tenant(
        "platform",
        TenantQuotas.newBuilder().setCpuTime(Durations.fromMillis(10)).setRequestBytes(61_000));
    assertThat(server.invoke(payload("platform", 60_000)).getPayload().size()).isEqualTo(60_000);
    assertRefused(refusal(payload("platform", 60_001)), "request_bytes", "platform", "60000");
    InvokeResponse own = server.invoke(TestServer.request("platform", "f", "spin"));
    assertThat(own.getTrap().getMessage()).contains("cpu_time of the tenant is 0.01 s");
  }

  /** By processor time that was measured, so that it does not matter what else the machine does. */
  @Test
  void shareOfTheProcessorFollowsTheWeight() {
    List<ListenableFuture<InvokeResponse>> spinning = new ArrayList<>();
    for (String tenant : List.of("heavy", "light")) {
      int weight = tenant.equals("heavy") ? 300 : 100;
      tenant(
          tenant,
          TenantQuotas.newBuilder().setWeight(weight).setDeadline(Durations.fromMinutes(9)));
      for (int call = 0; call < 8; call++) {
        spinning.add(spin(tenant));
      }
      awaitRunning(tenant, 8);
    }
    ServerStatistics before = server.statistics();
    await()
        .untilAsserted(() -> {
          // In one answer, and over more time when a busy machine takes long between the two.
          ServerStatistics now = server.statistics();
          long light = cpuNanos(now, "light") - cpuNanos(before, "light");
          long heavy = cpuNanos(now, "heavy") - cpuNanos(before, "heavy");
          assertThat(light).isGreaterThan(200_000_000L);
          assertThat((double) heavy / light).as("300 to 100").isBetween(2.5, 3.5);
        });
    spinning.forEach(call -> assertThat(call.cancel(true)).isTrue());
  }

  private static long cpuNanos(ServerStatistics statistics, String tenant) {
    return statistics.getTenantsList().stream()
        .filter(one -> one.getName().equals("tenants/" + tenant))
        .mapToLong(one -> Durations.toNanos(one.getCpuTime()))
        .sum();
  }

  @Test
  void fuel() {
    tenant("fuel", TenantQuotas.newBuilder().setFuel(10_000));
    InvokeResponse stopped = server.invoke(TestServer.request("fuel", "f", "spin"));
    assertThat(stopped.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_OUT_OF_FUEL);
    assertThat(stopped.getTrap().getMessage()).contains("fuel of the tenant is 10000");
    assertThat(show("fuel").getConsumption().getFuel()).isPositive();
  }

  @Test
  void payloadsInAndOut() {
    tenant("payload", TenantQuotas.newBuilder().setRequestBytes(100).setResponseBytes(50));
    assertThat(server.invoke(payload("payload", 50)).getPayload().size()).isEqualTo(50);
    assertRefused(refusal(payload("payload", 101)), "request_bytes", "tenant", "100");
    assertRefused(refusal(payload("payload", 51)), "response_bytes", "tenant", "50");
    TenantConsumption consumed = show("payload").getConsumption();
    assertThat(consumed.getRequestBytes()).isEqualTo(50 + 51);
    assertThat(consumed.getResponseBytes()).isEqualTo(50);
    assertThat(consumed.getCompletedCalls()).isEqualTo(1);
    assertThat(consumed.getRefusedCalls()).isEqualTo(2);
    // An answer that nobody gets has used as much.
    StatusRuntimeException _ = refusal(payload("payload", 51));
    assertThat(show("payload").getConsumption().getFuel() - consumed.getFuel())
        .isBetween(consumed.getFuel() / 4, consumed.getFuel());
  }

  @Test
  void modulesFunctionsVersionsAndTheirBytes() {
    tenant(
        "modules",
        TenantQuotas.newBuilder()
            .setFunctions(1)
            .setVersions(2)
            .setModuleBytes(MODULE.length() + 100)
            .setDeployedBytes(MODULE.length() + 150));
    assertDeployRefused("modules", "g", "(module)", "functions", "1");
    assertDeployRefused(
        "modules", "f", MODULE + " ".repeat(200), "module_bytes", "" + (MODULE.length() + 100));
    assertDeployRefused(
        "modules",
        "f",
        "(module)" + " ".repeat(150),
        "deployed_bytes",
        "" + (MODULE.length() + 150));
    deploy("modules", "f", "(module)");
    assertThat(show("modules").getUsage().getDeployedBytes()).isEqualTo(MODULE.length() + 8);
    assertDeployRefused("modules", "f", "(module )", "versions", "2");
    deploy("modules", "f", MODULE);
    var unused =
        FunctionServiceGrpc.newBlockingStub(server.channel)
            .deleteFunction(
                dev.troupe.functions.v1.DeleteFunctionRequest.newBuilder()
                    .setName("tenants/modules/functions/f")
                    .build());
    assertThat(show("modules").getUsage().getDeployedBytes()).isZero();
    deploy("modules", "g", MODULE);
  }

  private void assertDeployRefused(
      String tenant, String function, String module, String quota, String limit) {
    StatusException refused =
        catchThrowableOfType(StatusException.class, () -> server.deploy(tenant, function, module));
    assertRefused(refused, quota, "tenant", limit);
  }

  @Test
  void compilationIsPaidFromABudget() {
    tenant("compiler", TenantQuotas.newBuilder());
    assertThat(Durations.toNanos(show("compiler").getConsumption().getCompileCpuTime()))
        .isNotNegative();
    update(
        "compiler",
        TenantQuotas.newBuilder()
            .setCompile(
                CpuQuota.newBuilder()
                    .setPerSecond(Durations.fromNanos(1_000))
                    .setBurst(Durations.fromNanos(1_000))));
    deploy("compiler", "g", "(module (func (export \"mine\")))");
    assertDeployRefused(
        "compiler", "h", "(module (func (export \"more\")))", "compile.per_second", "0.000001");
    deploy("compiler", "h", MODULE);
    TenantConsumption consumed = show("compiler").getConsumption();
    assertThat(Durations.toNanos(consumed.getCompileCpuTime())).isPositive();
    assertThat(consumed.getCompilations()).isPositive();
  }

  @Test
  void processorTimeOverTimeThrottlesAndRefusesNothing() {
    InvokeResponse spun = throttled(0);
    assertThat(spun.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
    assertThat(Durations.toMillis(spun.getStats().getCpuTime()))
        .as("of about 2 s that it had")
        .isLessThan(500);
  }

  /**
   * A throttled spinner's end; on a machine that does not come to it in 2 s, of another tenant's.
   */
  private InvokeResponse throttled(int attempt) {
    String id = "throttled-" + attempt;
    tenant(
        id,
        TenantQuotas.newBuilder()
            .setCpu(
                CpuQuota.newBuilder()
                    .setPerSecond(Durations.fromMillis(1))
                    .setBurst(Durations.fromMillis(1)))
            .setDeadline(Durations.fromSeconds(2)));
    try {
      return server.invoke(TestServer.request(id, "f", "spin"));
    } catch (StatusRuntimeException late) {
      if (late.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED || attempt == 20) {
        throw late;
      }
      return throttled(attempt + 1);
    }
  }

  @Test
  void loweredConcurrencyEndsNothingAndLetsNobodyBegin() {
    tenant("fewer", TenantQuotas.newBuilder().setConcurrency(2));
    ListenableFuture<InvokeResponse> one = spin("fewer");
    ListenableFuture<InvokeResponse> two = spin("fewer");
    awaitRunning("fewer", 2);
    update("fewer", TenantQuotas.newBuilder().setConcurrency(1));
    ListenableFuture<InvokeResponse> waiting = start(add("fewer"));
    await().until(() -> show("fewer").getUsage().getQueueLength() == 1);
    assertThat(one.cancel(true)).isTrue();
    awaitRunning("fewer", 1);
    assertThat(waiting.isDone()).as("one still runs").isFalse();
    assertThat(two.cancel(true)).isTrue();
    await().until(waiting::isDone);
  }

  @Test
  void deploymentsAtOnce() {
    tenant("busy", TenantQuotas.newBuilder());
    update("busy", TenantQuotas.newBuilder().setDeployments(0));
    StatusException refused =
        catchThrowableOfType(StatusException.class, () -> server.deploy("busy", "g", "(module )"));
    assertThat(TestClient.variables(refused))
        .containsEntry("quota", "deployments")
        .containsEntry("level", "tenant")
        .containsEntry("limit", "0");
  }

  @Test
  void compilationOfOneModule() {
    tenant("slow", TenantQuotas.newBuilder());
    update("slow", TenantQuotas.newBuilder().setModuleCompileTime(Durations.fromNanos(1)));
    assertDeployRefused(
        "slow", "g", "(module (func (export \"slow\")))", "module_compile_time", "0.000000001");
    assertThat(Durations.toNanos(show("slow").getConsumption().getCompileCpuTime())).isPositive();
  }

  @Test
  void memoryOverTimeOnlyGrows() {
    tenant("meter", TenantQuotas.newBuilder());
    ListenableFuture<InvokeResponse> running = spin("meter");
    await().until(() -> show("meter").getConsumption().getMemoryByteSeconds() > 0);
    assertThat(running.cancel(true)).isTrue();
    await().until(() -> show("meter").getUsage().getMemoryBytes() == 0);
    long before = show("meter").getConsumption().getMemoryByteSeconds();
    assertThat(show("meter").getConsumption().getMemoryByteSeconds()).isEqualTo(before);
    await().until(() -> show("meter").getConsumption().getDeployedByteSeconds() > 0);
  }
}

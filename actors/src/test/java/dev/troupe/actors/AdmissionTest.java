package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.admission.TenantQuotas.RateQuota;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.scheduler.Preempter;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas: what they refuse, what they make wait, and that a change acts at once. */
final class AdmissionTest {
  private static final TenantQuotas QUOTAS = TenantQuotas.defaults();
  private static final long PAGE = 65_536;

  private final Fixture fixture;

  AdmissionTest(@TempDir Path folder) {
    fixture = new Fixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void begin(TenantQuotas quotas) {
    TenantView _ = fixture.createTenant(quotas);
    Deployment _ = fixture.deploy("memory=65536");
  }

  private static Refusal refusalOf(Call call) {
    if (answer(call) instanceof CallAnswer.Refused refused) {
      return refused.refusal();
    }
    throw new AssertionError(answer(call));
  }

  private List<Call> startWaiting(int count) {
    List<Call> calls = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      calls.add(fixture.start("wait"));
    }
    return calls;
  }

  private void release(List<Call> calls) {
    boolean _ = fixture.runtime.hostCall.complete(true);
    calls.forEach(call -> assertThat(result(call)).isEqualTo(1));
    fixture.awaitNothingInUse();
  }

  @Test
  void beyondTheConcurrencyCallsWaitAndBeyondTheQueueTheyAreRefused() {
    begin(QUOTAS.withConcurrency(2, 3));
    List<Call> accepted = startWaiting(5);
    fixture.awaitQueued(3);
    assertThat(fixture.usage().concurrency()).isEqualTo(2);
    Refusal refusal = refusalOf(fixture.start("wait"));
    assertThat(refusal.quota()).isEqualTo(Quota.QUEUE_LENGTH);
    assertThat(refusal.limit()).isEqualTo(3);
    assertThat(refusal.usage()).isEqualTo(3);
    assertThat(refusal.retryAfter()).isPositive();
    assertThat(fixture.statistics().refusals()).containsEntry(Quota.QUEUE_LENGTH, 1L);
    release(accepted);
  }

  @Test
  void withoutAQueueTheQuotaBehindItIsNamed() {
    begin(QUOTAS.withConcurrency(1, 0));
    List<Call> accepted = startWaiting(1);
    fixture.awaitRunning(1);
    Refusal refusal = refusalOf(fixture.start("wait"));
    assertThat(refusal.quota()).isEqualTo(Quota.CONCURRENCY);
    assertThat(refusal.limit()).isEqualTo(1);
    release(accepted);
  }

  @Test
  void aFullSchedulerRefusesAndGivesEverythingBack(@TempDir Path other) {
    Scheduler full =
        new Scheduler(
            SchedulerConfig.defaults().withWorkers(1).withMaxQueuedTasks(0),
            SchedulerClock.system(),
            Preempter.cooperative());
    try (Fixture crowded =
        new Fixture(
            other, "default", new InMemoryTenantStore(), PlatformSettings.defaults(), full)) {
      TenantView _ = crowded.createTenant(QUOTAS);
      Deployment _ = crowded.deploy("memory=65536");
      Refusal refusal = refusalOf(crowded.start("wait"));
      assertThat(refusal)
          .returns(Quota.SCHEDULER_QUEUE, Refusal::quota)
          .returns(Level.PLATFORM, Refusal::level)
          .returns(0L, Refusal::limit);
      assertThat(refusal.retryAfter()).isPositive();
      crowded.awaitNothingInUse();
    }
  }

  @Test
  void aRaisedConcurrencyLetsWaitingCallsRun() {
    begin(QUOTAS.withConcurrency(1, 10));
    List<Call> accepted = startWaiting(4);
    fixture.awaitQueued(3);
    fixture.setQuotas(QUOTAS.withConcurrency(3, 10));
    fixture.awaitRunning(3);
    assertThat(fixture.usage().queueLength()).isEqualTo(1);
    release(accepted);
  }

  @Test
  void aShortenedQueueRefusesTheYoungest() {
    begin(QUOTAS.withConcurrency(1, 10));
    List<Call> accepted = startWaiting(4);
    fixture.awaitQueued(3);
    fixture.setQuotas(QUOTAS.withConcurrency(1, 1));
    assertThat(refusalOf(accepted.get(3)).quota()).isEqualTo(Quota.QUEUE_LENGTH);
    assertThat(refusalOf(accepted.get(2)).quota()).isEqualTo(Quota.QUEUE_LENGTH);
    release(accepted.subList(0, 2));
  }

  @Test
  void instancesAreBounded() {
    begin(QUOTAS.withInstances(2).withConcurrency(10, 0));
    List<Call> accepted = startWaiting(2);
    fixture.awaitRunning(2);
    Refusal refusal = refusalOf(fixture.start("wait"));
    assertThat(refusal).returns(Quota.INSTANCES, Refusal::quota).returns(2L, Refusal::usage);
    release(accepted);
  }

  @Test
  void memoryIsBoundedOverAllInstances() {
    begin(QUOTAS.withMemory(3 * PAGE, 2 * PAGE).withConcurrency(10, 0));
    List<Call> accepted = startWaiting(3);
    Fixture.patiently().until(() -> fixture.usage().memoryBytes() == 3 * PAGE);
    Refusal refusal = refusalOf(fixture.start("wait"));
    assertThat(refusal.quota()).isEqualTo(Quota.MEMORY_BYTES);
    assertThat(refusal.usage()).isEqualTo(3 * PAGE);
    release(accepted);
  }

  @Test
  void aGuestThatGrowsBeyondALimitTraps() {
    begin(QUOTAS.withMemory(10 * PAGE, 4 * PAGE));
    assertThat(trapOf(fixture.start("grow", new WasmValue.I64(4 * PAGE))))
        .isEqualTo(TrapReason.MEMORY_LIMIT);
    assertThat(answer(fixture.start("grow", new WasmValue.I64(3 * PAGE))))
        .isInstanceOfSatisfying(
            CallAnswer.Returned.class,
            returned -> assertThat(returned.stats().peakMemoryBytes()).isEqualTo(4 * PAGE));
    CallLimits narrow = new CallLimits(null, null, OptionalLong.of(2 * PAGE), OptionalLong.empty());
    assertThat(trapOf(fixture.start(narrow, "grow", new WasmValue.I64(2 * PAGE))))
        .as("a limit of the call")
        .isEqualTo(TrapReason.MEMORY_LIMIT);
    fixture.setQuotas(QUOTAS.withMemory(10 * PAGE, 2 * PAGE));
    assertThat(trapOf(fixture.start("grow", new WasmValue.I64(3 * PAGE))))
        .as("a lowered quota")
        .isEqualTo(TrapReason.MEMORY_LIMIT);
    fixture.awaitNothingInUse();
  }

  private static TrapReason trapOf(Call call) {
    return trapOf(answer(call));
  }

  private static TrapReason trapOf(CallAnswer answer) {
    if (answer instanceof CallAnswer.Trapped trapped) {
      return trapped.trap().reason();
    }
    throw new AssertionError(answer);
  }

  @Test
  void aModuleThatCanNeverFitIsRefusedAndDoesNotWait() {
    begin(QUOTAS.withMemory(PAGE / 2, PAGE));
    Refusal refusal = refusalOf(fixture.start("wait"));
    assertThat(refusal.quota()).isEqualTo(Quota.MEMORY_BYTES);
    assertThat(refusal.retryAfter()).isNull();
    fixture.setQuotas(QUOTAS.withMemory(PAGE, PAGE / 2));
    assertThat(refusalOf(fixture.start("wait")).quota()).isEqualTo(Quota.INSTANCE_MEMORY_BYTES);
  }

  @Test
  void theRateIsBoundedAndSaysWhenToComeBack() {
    begin(QUOTAS.withRate(new RateQuota(0.01, 2)));
    assertThat(answer(fixture.start("calls"))).isInstanceOf(CallAnswer.Returned.class);
    assertThat(answer(fixture.start("calls"))).isInstanceOf(CallAnswer.Returned.class);
    Refusal refusal = refusalOf(fixture.start("calls"));
    assertThat(refusal.quota()).isEqualTo(Quota.RATE);
    assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(100));
    fixture.setQuotas(QUOTAS.withRate(null));
    assertThat(answer(fixture.start("calls"))).isInstanceOf(CallAnswer.Returned.class);
  }

  @Test
  void aQueuedCallEndsAtItsDeadlineAndAtItsCancellation() {
    begin(QUOTAS.withConcurrency(1, 10));
    List<Call> accepted = startWaiting(1);
    fixture.awaitRunning(1);
    Call patient = fixture.start("wait");
    Call hasty = fixture.start(CallLimits.withDeadline(Duration.ofMillis(20)), "wait");
    assertThat(answer(hasty)).isInstanceOf(CallAnswer.TooLate.class);
    fixture.platform.cancel(Fixture.TENANT, patient);
    assertThat(answer(patient)).isEqualTo(new CallAnswer.Cancelled());
    fixture.awaitQueued(0);
    release(accepted);
  }

  @Test
  void theTenantsDeadlineBindsCallsThatNameALongerOne() {
    begin(QUOTAS);
    CallAnswer answer =
        Fixture.answerOnceBegun(deadline -> {
          fixture.setQuotas(QUOTAS.withDeadline(deadline));
          return fixture.start(CallLimits.withDeadline(Duration.ofHours(1)), "spin");
        });
    assertThat(trapOf(answer)).isEqualTo(TrapReason.DEADLINE_EXCEEDED);
  }

  @Test
  void aChangedWeightReachesTheScheduler() {
    begin(QUOTAS.withWeight(7));
    assertThat(fixture.statistics().scheduler().weight()).isEqualTo(7);
    fixture.setQuotas(QUOTAS.withWeight(9));
    assertThat(fixture.statistics().scheduler().weight()).isEqualTo(9);
  }
}

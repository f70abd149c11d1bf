package dev.troupe.actors;

import static dev.troupe.actors.Fixture.FUNCTION;
import static dev.troupe.actors.Fixture.TENANT;
import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.answerOnceBegun;
import static dev.troupe.actors.Fixture.answered;
import static dev.troupe.actors.Fixture.done;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls and what comes of them. */
final class InvocationTest {
  private final Path folder;
  private final Fixture fixture;

  InvocationTest(@TempDir Path folder) {
    this.folder = folder;
    this.fixture = new Fixture(folder);
    TenantView _ = fixture.createTenant(TenantQuotas.defaults());
    Deployment _ = fixture.deploy("memory=65536");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static WasmValue i32(int value) {
    return new WasmValue.I32(value);
  }

  private Call startPayload(byte[] bytes) {
    return fixture.start(TENANT, FUNCTION, CallLimits.NONE, "handle", new CallInput.Payload(bytes));
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
  void valuesGoInAndComeOutWithAnAccount() {
    CallAnswer answer = answer(fixture.start("add", i32(40), i32(2)));
    assertThat(answer).isInstanceOf(CallAnswer.Returned.class);
    CallAnswer.Returned returned = (CallAnswer.Returned) answer;
    assertThat(returned.output()).isEqualTo(new CallOutput.Values(List.of(i32(42))));
    CallStats stats = returned.stats();
    assertThat(stats.peakMemoryBytes()).isEqualTo(65_536);
    assertThat(stats.slices()).isEqualTo(1);
    assertThat(stats.cpuNanos()).isPositive();
    assertThat(stats.sha256()).isEqualTo(Hex.sha256(FakeRuntime.module("memory=65536")));
    fixture.awaitNothingInUse();
  }

  @Test
  void bytesGoInAndComeOut() {
    CallAnswer answer = answer(startPayload(new byte[] {1, 2, 3}));
    assertThat(answer)
        .isInstanceOfSatisfying(
            CallAnswer.Returned.class,
            returned ->
                assertThat(((CallOutput.Payload) returned.output()).bytes())
                    .containsExactly(2, 3, 4));
  }

  @Test
  void guestsRunOnWorkersOnly() {
    List<Call> calls = new ArrayList<>();
    for (int index = 0; index < 500; index++) {
      calls.add(fixture.start("add", i32(index), i32(1)));
    }
    for (int index = 0; index < calls.size(); index++) {
      assertThat(result(calls.get(index))).isEqualTo(index + 1);
    }
    assertThat(fixture.runtime.guestThreads).allMatch(name -> name.startsWith("troupe-worker-"));
    TenantStatistics statistics = fixture.statistics();
    assertThat(statistics.arrived()).isEqualTo(500);
    assertThat(statistics.completed()).isEqualTo(500);
    assertThat(statistics.latency().count()).isEqualTo(500);
    fixture.awaitNothingInUse();
  }

  @Test
  void aTrapIsAnOutcomeWithABacktrace() {
    CallAnswer answer = answer(fixture.start("trap"));
    assertThat(answer)
        .isInstanceOfSatisfying(
            CallAnswer.Trapped.class,
            trapped -> {
              assertThat(trapped.trap().reason()).isEqualTo(TrapReason.UNREACHABLE);
              assertThat(trapped.trap().backtrace()).hasSize(1);
            });
    assertThat(fixture.statistics().traps()).containsEntry(TrapReason.UNREACHABLE, 1L);
    fixture.awaitNothingInUse();
  }

  @Test
  void callsThatDoNotFitAreInvalid() {
    assertThat(answer(fixture.start("nothing")))
        .isEqualTo(new CallAnswer.Invalid("the module exports no function 'nothing'"));
    assertThat(answer(fixture.start("add", i32(1))))
        .isEqualTo(new CallAnswer.Invalid("'add' takes 2 values, not 1"));
    assertThat(answer(fixture.start("add", i32(1), new WasmValue.F32(2))))
        .isEqualTo(new CallAnswer.Invalid("value 1 of 'add' must be I32, not F32"));
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    assertThat(
            answer(
                fixture.start(
                    "nobody", FUNCTION, CallLimits.NONE, "add", new CallInput.Values(List.of()))))
        .isEqualTo(new CallAnswer.NotFound("tenants/nobody"));
    assertThat(
            answer(
                fixture.start(
                    TENANT, "nothing", CallLimits.NONE, "add", new CallInput.Values(List.of()))))
        .isEqualTo(new CallAnswer.NotFound("tenants/acme/functions/nothing"));
  }

  @Test
  void aSpinnerEndsAtItsDeadlineOrAtItsProcessorTime() {
    Call hungry =
        fixture.start(
            new CallLimits(null, Duration.ofMillis(5), OptionalLong.empty(), OptionalLong.empty()),
            "spin");
    CallAnswer late =
        answerOnceBegun(deadline -> fixture.start(CallLimits.withDeadline(deadline), "spin"));
    assertThat(trapOf(late)).isEqualTo(TrapReason.DEADLINE_EXCEEDED);
    assertThat(trapOf(hungry)).isEqualTo(TrapReason.CPU_LIMIT_EXCEEDED);
    fixture.awaitNothingInUse();
  }

  @Test
  void cancellationReachesARunningAndAParkedGuest() {
    Call spinning = fixture.start("spin");
    Call parked = fixture.start("wait");
    fixture.awaitBegun(2);
    Fixture.patiently().until(() -> fixture.statistics().scheduler().parked() == 1);
    fixture.platform.cancel(TENANT, spinning);
    fixture.platform.cancel(TENANT, parked);
    assertThat(trapOf(spinning)).isEqualTo(TrapReason.CANCELLED);
    assertThat(trapOf(parked)).isEqualTo(TrapReason.CANCELLED);
    fixture.awaitNothingInUse();
  }

  @Test
  void aGuestThatWaitsForTheHostTakesNoWorker() {
    List<Call> waiting = new ArrayList<>();
    for (int index = 0; index < 50; index++) {
      waiting.add(fixture.start("wait"));
    }
    Fixture.patiently().until(() -> fixture.statistics().scheduler().parked() == 50);
    assertThat(result(fixture.start("add", i32(1), i32(1)))).isEqualTo(2);
    boolean _ = fixture.runtime.hostCall.complete(true);
    waiting.forEach(call -> assertThat(result(call)).isEqualTo(1));
    fixture.awaitNothingInUse();
  }

  @Test
  void aFullPoolMakesCallsWaitAndNotFail() {
    fixture.runtime.slots.drainPermits();
    fixture.runtime.slots.release(2);
    List<Call> holding = List.of(fixture.start("wait"), fixture.start("wait"));
    Fixture.patiently().until(() -> fixture.runtime.live.get() == 2);
    Call third = fixture.start("add", i32(1), i32(2));
    Fixture.patiently().until(() -> fixture.statistics().scheduler().parked() == 3);
    Call cancelled = fixture.start("add", i32(1), i32(2));
    Fixture.patiently().until(() -> fixture.statistics().scheduler().parked() == 4);
    fixture.platform.cancel(TENANT, cancelled);
    assertThat(answer(cancelled)).isEqualTo(new CallAnswer.Cancelled());
    boolean _ = fixture.runtime.hostCall.complete(true);
    assertThat(result(third)).isEqualTo(3);
    holding.forEach(call -> assertThat(result(call)).isEqualTo(1));
    fixture.awaitNothingInUse();
  }

  @Test
  void aBugOfOursIsAFailureAndLosesNothing() {
    assertThat(answer(fixture.start("fail")))
        .isInstanceOfSatisfying(
            CallAnswer.Failed.class,
            failed -> assertThat(failed.cause()).hasMessage("guest of the test"));
    fixture.awaitNothingInUse();
    assertThat(result(fixture.start("add", i32(1), i32(1)))).isEqualTo(2);
  }

  @Test
  void instancesAreFreshUnlessReuseIsAllowed() {
    assertThat(result(fixture.start("calls"))).isEqualTo(1);
    assertThat(result(fixture.start("calls"))).isEqualTo(1);
    try (Fixture reusing =
        new Fixture(
            folder,
            "default",
            new InMemoryTenantStore(),
            PlatformSettings.defaults().withCallsPerInstance(3))) {
      TenantView _ = reusing.createTenant(TenantQuotas.defaults());
      Deployment _ = reusing.deploy("memory=65536");
      List<Integer> counts = new ArrayList<>();
      for (int call = 0; call < 5; call++) {
        counts.add(result(reusing.start("calls")));
      }
      assertThat(counts).containsExactly(1, 2, 3, 1, 2);
      assertThat(reusing.usage().instances()).isEqualTo(1);
      // Idle instances give way to others.
      Deployment _ = reusing.deploy(TENANT, "g", FakeRuntime.module("memory=65536;g"));
      reusing.setQuotas(TenantQuotas.defaults().withInstances(1));
      Call other =
          reusing.start(TENANT, "g", CallLimits.NONE, "calls", new CallInput.Values(List.of()));
      assertThat(result(other)).isEqualTo(1);
      // The one that is used up is closed after its last call was answered.
      Fixture.patiently().until(() -> reusing.runtime.live.get() == 1);
    }
  }

  @Test
  void theLastDeployedVersionIsCurrentAndOlderOnesStay() {
    String first = Hex.sha256(FakeRuntime.module("memory=65536"));
    Deployment second = fixture.deploy("memory=131072");
    assertThat(second.alreadyDeployed()).isFalse();
    CallAnswer.Returned now = (CallAnswer.Returned) answer(fixture.start("add", i32(1), i32(1)));
    assertThat(now.stats().sha256()).isEqualTo(second.version().sha256());
    Call exact =
        new Call(
            FUNCTION,
            first,
            new CallRequest("calls", new CallInput.Values(List.of()), OptionalLong.empty()),
            CallLimits.NONE,
            System.nanoTime());
    fixture.platform.invoke(TENANT, exact);
    assertThat(((CallAnswer.Returned) answer(exact)).stats().sha256()).isEqualTo(first);
    assertThat(fixture.deploy("memory=65536").alreadyDeployed()).isTrue();
    CallAnswer.Returned back = (CallAnswer.Returned) answer(fixture.start("add", i32(1), i32(1)));
    assertThat(back.stats().sha256()).as("deployed again").isEqualTo(first);
  }

  @Test
  void drainingFinishesWhatRunsAndRefusesTheRest() {
    Call running = fixture.start("wait");
    fixture.awaitRunning(1);
    fixture.platform.startDraining();
    assertThat(answer(fixture.start("add", i32(1), i32(1))))
        .isEqualTo(new CallAnswer.Unavailable("the server drains"));
    assertThat(fixture.platform.isQuiet()).isFalse();
    boolean _ = fixture.runtime.hostCall.complete(true);
    assertThat(result(running)).isEqualTo(1);
    Fixture.patiently().until(fixture.platform::isQuiet);
  }

  @Test
  void deletingATenantEndsItsCalls() {
    Call spinning = fixture.start("spin");
    Call parked = fixture.start("wait");
    fixture.awaitBegun(2);
    var _ = done(answered(fixture.platform.deleteTenant(TENANT, "", true)));
    assertThat(trapOf(spinning)).isEqualTo(TrapReason.CANCELLED);
    assertThat(trapOf(parked)).isEqualTo(TrapReason.CANCELLED);
    assertThat(answer(fixture.start("add", i32(1), i32(1))))
        .isEqualTo(new CallAnswer.NotFound("tenants/acme"));
    Fixture.patiently().until(() -> fixture.runtime.live.get() == 0);
    Fixture.patiently().until(() -> fixture.scheduler.snapshot().live() == 0);
  }
}

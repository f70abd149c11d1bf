package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.answered;
import static dev.troupe.actors.Fixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.WasmValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls are admitted on the threads that bring them. Whatever else happens at the same time, each
 * is answered, nobody is overtaken, nobody is forgotten in the queue and nothing stays in use.
 */
final class AdmissionRaceTest {
  private static final TenantQuotas PATIENT =
      TenantQuotas.defaults().withDeadline(Duration.ofHours(1));
  private static final int CALLERS = 4;
  private static final int CALLS = 2_000;

  private final Fixture fixture;

  AdmissionRaceTest(@TempDir Path folder) {
    fixture =
        new Fixture(
            folder,
            "default",
            new InMemoryTenantStore(),
            PlatformSettings.defaults().withCallsPerInstance(3));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private interface Caller {
    void run(Random random, List<Call> calls) throws InterruptedException;
  }

  /** Runs {@code caller} on {@link #CALLERS} threads at once; returns all their calls. */
  private static List<Call> onManyThreads(Caller caller) throws InterruptedException {
    List<Call> all = Collections.synchronizedList(new ArrayList<>());
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, CALLERS)
            .mapToObj(seed ->
                Thread.ofPlatform()
                    .start(() -> {
                      List<Call> calls = new ArrayList<>();
                      try {
                        go.await();
                        caller.run(new Random(seed), calls);
                      } catch (InterruptedException | RuntimeException | Error failure) {
                        failures.add(failure);
                      }
                      all.addAll(calls);
                    }))
            .toList();
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    return all;
  }

  private Call call(String tenant, String function) {
    return fixture.start(
        tenant, function, CallLimits.NONE, "calls", new CallInput.Values(List.of()));
  }

  private void nothingIsLeft() {
    Fixture.patiently().until(() -> fixture.usage().concurrency() == 0);
    assertThat(fixture.usage().queueLength()).isZero();
    assertThat(fixture.statistics().arrived())
        .isEqualTo(
            fixture.statistics().completed()
                + fixture.statistics().trapped()
                + fixture.statistics().refused()
                + fixture.statistics().abandoned());
    // Idle instances are closed, the rest was given back.
    fixture.setQuotas(PATIENT.withInstances(0));
    fixture.awaitNothingInUse();
  }

  @Test
  void nobodyIsForgottenInTheQueueWhoeverFreesThePlace() throws InterruptedException {
    TenantView _ =
        fixture.createTenant(
            PATIENT.withConcurrency(3, 100_000).withInstances(2).withMemory(3 * 65_536, 1 << 20));
    Deployment _ = fixture.deploy("memory=65536");
    Deployment _ = fixture.deploy("acme", "g", FakeRuntime.module("memory=131072"));
    List<Call> calls =
        onManyThreads((random, mine) -> {
          for (int count = 0; count < CALLS; count++) {
            mine.add(call("acme", random.nextBoolean() ? "f" : "g"));
          }
        });
    assertThat(calls).allMatch(call -> answer(call) instanceof CallAnswer.Returned);
    nothingIsLeft();
  }

  @Test
  void whoWaitsIsNotOvertaken() {
    TenantView _ = fixture.createTenant(PATIENT.withConcurrency(1, 1_000));
    Deployment _ = fixture.deploy("a");
    Call blocker = fixture.start("wait");
    List<Call> calls = new ArrayList<>();
    for (int index = 0; index < 1_000; index++) {
      calls.add(fixture.start("add", new WasmValue.I32(index), new WasmValue.I32(0)));
    }
    fixture.awaitQueued(1_000);
    boolean _ = fixture.runtime.hostCall.complete(true);
    calls.add(blocker);
    assertThat(calls).allMatch(call -> answer(call) instanceof CallAnswer.Returned);
    // The order of the answers is up to the workers; that of the runs is not.
    assertThat(List.copyOf(fixture.runtime.sums)).isSorted().hasSize(1_000);
  }

  @Test
  void tenThousandCancellationsAtOnceLeaveNothingBehind() throws InterruptedException {
    TenantView _ = fixture.createTenant(PATIENT.withConcurrency(1, 100_000));
    Deployment _ = fixture.deploy("a");
    Call blocker = fixture.start("wait");
    List<Call> calls = new ArrayList<>();
    for (int count = 0; count < 10_000; count++) {
      calls.add(call("acme", "f"));
    }
    List<Call> _ =
        onManyThreads(
            (random, mine) -> calls.forEach(call -> fixture.platform.cancel("acme", call)));
    assertThat(calls).allMatch(call -> answer(call) instanceof CallAnswer.Cancelled);
    assertThat(fixture.usage().queueLength()).isZero();
    fixture.awaitBegun(1);
    fixture.platform.cancel("acme", blocker);
    assertThat(answer(blocker)).isInstanceOf(CallAnswer.Trapped.class);
    nothingIsLeft();
  }

  @Test
  void changingQuotasCancellingAndDeletingLeaveNoCallWithoutAnAnswer() throws InterruptedException {
    TenantView _ = fixture.createTenant(PATIENT);
    Deployment _ = fixture.deploy("a");
    AtomicBoolean over = new AtomicBoolean();
    Thread troublemaker = Thread.ofPlatform().start(() -> makeTrouble(new Random(7), over));
    List<Call> calls =
        onManyThreads((random, mine) -> {
          for (int count = 0; count < CALLS; count++) {
            Call call = call("acme", random.nextInt(10) == 0 ? "g" : "f");
            mine.add(call);
            if (random.nextInt(8) == 0) {
              fixture.platform.cancel("acme", mine.get(random.nextInt(mine.size())));
            }
          }
        });
    over.set(true);
    troublemaker.join();
    fixture.setQuotas(PATIENT);
    assertThat(calls).hasSize(CALLERS * CALLS).noneMatch(call -> failed(answer(call)));
    nothingIsLeft();
  }

  private static boolean failed(CallAnswer answer) {
    return answer instanceof CallAnswer.Failed || answer instanceof CallAnswer.TooLate;
  }

  private void makeTrouble(Random random, AtomicBoolean over) {
    while (!over.get()) {
      fixture.setQuotas(
          PATIENT
              .withConcurrency(random.nextInt(4), random.nextInt(500))
              .withInstances(random.nextInt(3)));
      if (random.nextInt(4) == 0) {
        Deployment _ = fixture.deploy("acme", "g", FakeRuntime.module("salt=" + random.nextInt(3)));
        var _ = answered(fixture.platform.deleteFunction("acme", "g", ""));
      }
    }
  }

  @Test
  void callsOfATenantThatIsDeletedAndCreatedAgainAreAllAnswered() throws InterruptedException {
    TenantView _ = fixture.createTenant(PATIENT.withConcurrency(2, 100));
    Deployment _ = fixture.deploy("a");
    AtomicBoolean over = new AtomicBoolean();
    Thread troublemaker =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                var _ = done(answered(fixture.platform.deleteTenant("acme", "", true)));
                TenantView _ = fixture.createTenant(PATIENT.withConcurrency(2, 100));
                Deployment _ = fixture.deploy("a");
              }
            });
    List<Call> calls =
        onManyThreads((random, mine) -> {
          for (int count = 0; count < CALLS; count++) {
            mine.add(call("acme", "f"));
          }
        });
    over.set(true);
    troublemaker.join();
    assertThat(calls).noneMatch(call -> failed(answer(call)));
    fixture.setQuotas(PATIENT.withInstances(0));
    fixture.awaitNothingInUse();
  }
}

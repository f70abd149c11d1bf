package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real threads that do everything at once: each task runs on one worker at a time, ends once, never
 * runs after its end, and no wake-up is lost. What went wrong once in a thousand rounds is found
 * with {@code -Dtroupe.scheduler.stress.rounds=1000}.
 */
final class StressTest {
  private static final int ROUNDS = Integer.getInteger("troupe.scheduler.stress.rounds", 3);
  private static final int TASKS_PER_THREAD = 4_000;
  private static final int THREADS = 3;
  private static final long PATIENCE_SECONDS = 120;

  /** What went wrong, from any thread. */
  private final ConcurrentLinkedQueue<String> offences = new ConcurrentLinkedQueue<>();

  /** Does random things for a few slices. */
  private final class Restless implements Task {
    final SplittableRandom random;
    final CompletableFuture<TaskHandle> self = new CompletableFuture<>();
    final AtomicBoolean runs = new AtomicBoolean();
    final AtomicInteger ends = new AtomicInteger();
    final CountDownLatch allEnded;
    private final CompletableFuture<?>[] stages;
    private int slicesLeft;

    Restless(long seed, CountDownLatch allEnded, CompletableFuture<?>[] stages) {
      this.random = new SplittableRandom(seed);
      this.allEnded = allEnded;
      this.stages = stages;
      this.slicesLeft = random.nextInt(6);
    }

    @Override
    public SliceOutcome run(WorkerContext context) {
      if (!runs.compareAndSet(false, true)) {
        offences.add("ran on two workers");
      }
      if (ends.get() != 0) {
        offences.add("ran after its end");
      }
      try {
        return slice(context);
      } finally {
        runs.set(false);
      }
    }

    private SliceOutcome slice(WorkerContext context) {
      if (slicesLeft-- <= 0) {
        return SliceOutcome.DONE;
      }
      switch (random.nextInt(8)) {
        case 0 -> {
          return SliceOutcome.YIELDED;
        }
        case 1 -> {
          return new SliceOutcome.Parked(random.nextLong(2_000_000));
        }
        case 2 -> {
          // Somebody may hold it already, or get it only after the park.
          CompletableFuture<Void> _ = self.thenAcceptAsync(TaskHandle::unpark);
          return SliceOutcome.PARKED;
        }
        case 3 -> {
          return new SliceOutcome.ParkedOn(stages[random.nextInt(stages.length)]);
        }
        case 4 -> {
          return new SliceOutcome.ParkedOn(CompletableFuture.completedFuture("done"));
        }
        case 5 -> throw new IllegalStateException("guest of the test");
        case 6 -> {
          for (int spin = 0; spin < 2_000 && !context.shouldYield(); spin++) {
            Thread.onSpinWait();
          }
          return SliceOutcome.PREEMPTED;
        }
        default -> {
          return SliceOutcome.YIELDED;
        }
      }
    }

    @Override
    public void ended(TaskReport report) {
      if (runs.get()) {
        offences.add("ended while it ran");
      }
      if (ends.getAndIncrement() != 0) {
        offences.add("ended twice");
      }
      allEnded.countDown();
    }
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 2, 4})
  void everythingAtOnce(int workers) throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      SchedulerConfig config =
          SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofNanos(100_000));
      try (Scheduler scheduler =
          new Scheduler(config, SchedulerClock.system(), Preempter.cooperative())) {
        everythingAtOnce(scheduler, round);
        assertThat(scheduler.drain(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        checkEmpty(scheduler.snapshot());
      }
    }
  }

  private void everythingAtOnce(Scheduler scheduler, int round) throws InterruptedException {
    CountDownLatch allEnded = new CountDownLatch(THREADS * TASKS_PER_THREAD);
    CompletableFuture<?>[] stages = new CompletableFuture<?>[64];
    for (int stage = 0; stage < stages.length; stage++) {
      stages[stage] = new CompletableFuture<>();
    }
    List<TenantQueue> tenants = new ArrayList<>();
    List<FunctionQueue> functions = new ArrayList<>();
    for (int index = 0; index < 5; index++) {
      tenants.add(scheduler.addTenant("t" + index, new TenantShare(1 + index * 50, 1_000_000)));
      functions.add(tenants.getLast().newFunction());
      functions.add(tenants.getLast().newFunction());
    }
    tenants.getFirst().setCpuBandwidth(500_000_000, 1_000_000);
    List<Thread> threads = new ArrayList<>();
    for (int index = 0; index < THREADS; index++) {
      long seed = round * 1_000L + index;
      threads.add(
          Thread.ofPlatform().start(() -> disturb(seed, functions, tenants, stages, allEnded)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (CompletableFuture<?> stage : stages) {
      stage.complete(null);
    }
    assertThat(allEnded.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as("round %d: %d tasks have not ended, %s", round, allEnded.getCount(), offences)
        .isTrue();
    assertThat(offences).isEmpty();
  }

  private void disturb(
      long seed,
      List<FunctionQueue> functions,
      List<TenantQueue> tenants,
      CompletableFuture<?>[] stages,
      CountDownLatch allEnded) {
    SplittableRandom random = new SplittableRandom(seed);
    @Nullable TaskHandle earlier = null;
    for (int index = 0; index < TASKS_PER_THREAD; index++) {
      Restless task = new Restless(random.nextLong(), allEnded, stages);
      SubmitOptions options =
          new SubmitOptions(
              random.nextInt(4) == 0 ? random.nextLong(20_000_000) : 3_600_000_000_000L,
              random.nextInt(8) == 0 ? random.nextLong(200_000) : SubmitOptions.UNLIMITED_NANOS,
              random.nextBoolean());
      if (functions.get(random.nextInt(functions.size())).submit(task, options)
          instanceof SubmitResult.Accepted accepted) {
        task.self.complete(accepted.handle());
        if (earlier != null) {
          disturb(random, earlier);
        }
        earlier = accepted.handle();
      } else {
        offences.add("refused");
      }
      if (random.nextInt(100) == 0) {
        stages[random.nextInt(stages.length)].complete(null);
        tenants.get(random.nextInt(tenants.size())).setWeight(1 + random.nextInt(500));
      }
    }
  }

  private static void disturb(SplittableRandom random, TaskHandle handle) {
    switch (random.nextInt(8)) {
      case 0 -> handle.cancel();
      case 1, 2, 3 -> handle.unpark();
      case 4 -> handle.lowerLimits(random.nextLong(10_000_000), random.nextLong(1_000_000));
      default -> {
        // Left in peace.
      }
    }
  }

  private static void checkEmpty(SchedulerSnapshot snapshot) {
    assertThat(snapshot.live()).isZero();
    assertThat(snapshot.queued()).isZero();
    assertThat(snapshot.parked()).isZero();
    long ended = snapshot.accounts().ended().values().stream().mapToLong(Long::longValue).sum();
    assertThat(ended).isEqualTo(snapshot.accounts().submitted()).isPositive();
    for (TenantSnapshot tenant : snapshot.tenants()) {
      assertThat(tenant.running() + tenant.parked() + tenant.queued() + tenant.notStarted())
          .isZero();
    }
  }

  /** All workers fall asleep between any two tasks: every submission must wake one. */
  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 3})
  void noWakeUpIsLostBetweenSleepAndSubmission(int workers) throws InterruptedException {
    SchedulerConfig config = SchedulerConfig.defaults().withWorkers(workers);
    try (Scheduler scheduler =
        new Scheduler(config, SchedulerClock.system(), Preempter.cooperative())) {
      FunctionQueue function = scheduler.addTenant("t", TenantShare.DEFAULT).newFunction();
      for (int call = 0; call < ROUNDS * 3_000; call++) {
        CountDownLatch ended = new CountDownLatch(1 + call % 3);
        for (long left = ended.getCount(); left > 0; left--) {
          Restless task = new Restless(0, ended, new CompletableFuture<?>[1]);
          task.slicesLeft = 0;
          assertThat(function.submit(task, SubmitOptions.UNLIMITED))
              .isInstanceOf(SubmitResult.Accepted.class);
        }
        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("call %d", call).isTrue();
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void idleWorkersStealFromABusyOne() throws InterruptedException {
    SchedulerConfig config = SchedulerConfig.defaults().withWorkers(2);
    try (Scheduler scheduler =
        new Scheduler(config, SchedulerClock.system(), Preempter.cooperative())) {
      FunctionQueue function = scheduler.addTenant("t", TenantShare.DEFAULT).newFunction();
      CountDownLatch both = new CountDownLatch(2);
      CountDownLatch ended = new CountDownLatch(2);
      for (int index = 0; index < 2; index++) {
        // Each blocks its worker until the other one runs too: one worker alone would wait forever.
        Task task =
            new Task() {
              @Override
              public SliceOutcome run(WorkerContext context) {
                both.countDown();
                boolean met = awaitQuietly(both);
                return met ? SliceOutcome.DONE : SliceOutcome.YIELDED;
              }

              @Override
              public void ended(TaskReport report) {
                ended.countDown();
              }
            };
        assertThat(function.submit(task, SubmitOptions.UNLIMITED))
            .isInstanceOf(SubmitResult.Accepted.class);
      }
      assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}

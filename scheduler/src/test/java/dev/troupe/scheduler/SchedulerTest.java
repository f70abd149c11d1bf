package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scheduler on real threads. Nothing here depends on how long anything takes. */
final class SchedulerTest {
  private final Scheduler scheduler =
      new Scheduler(
          SchedulerConfig.defaults().withWorkers(2),
          SchedulerClock.system(),
          Preempter.cooperative());
  private final TenantQueue tenant = scheduler.addTenant("t", TenantShare.DEFAULT);
  private final FunctionQueue function = tenant.newFunction();

  /** A task made of a lambda. */
  private static final class Scripted implements Task {
    final Function<WorkerContext, SliceOutcome> body;
    final CompletableFuture<TaskReport> report = new CompletableFuture<>();
    final AtomicInteger slices = new AtomicInteger();

    Scripted(Function<WorkerContext, SliceOutcome> body) {
      this.body = body;
    }

    @Override
    public SliceOutcome run(WorkerContext context) {
      slices.incrementAndGet();
      return body.apply(context);
    }

    @Override
    public void ended(TaskReport taskReport) {
      if (!report.complete(taskReport)) {
        throw new AssertionError("ended twice");
      }
    }

    TaskReport awaitReport() {
      return report.orTimeout(2, TimeUnit.MINUTES).join();
    }
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  private TaskHandle submit(Task task) {
    return submit(task, SubmitOptions.UNLIMITED);
  }

  private TaskHandle submit(Task task, SubmitOptions options) {
    if (function.submit(task, options) instanceof SubmitResult.Accepted accepted) {
      return accepted.handle();
    }
    throw new AssertionError("refused");
  }

  private static SliceOutcome spin(WorkerContext context) {
    while (!context.shouldYield()) {
      Thread.onSpinWait();
    }
    return SliceOutcome.PREEMPTED;
  }

  @Test
  void manyTasksEndOnceEachOnWorkers() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    List<Scripted> tasks = new ArrayList<>();
    for (int index = 0; index < 1_000; index++) {
      Scripted task =
          new Scripted(context -> {
            threads.add(Thread.currentThread().getName());
            return SliceOutcome.DONE;
          });
      tasks.add(task);
      var _ = submit(task);
    }
    tasks.forEach(task -> assertThat(task.awaitReport().end()).isEqualTo(TaskEnd.DONE));
    assertThat(threads).isSubsetOf("troupe-worker-0", "troupe-worker-1");
    await().atMost(Duration.ofMinutes(2)).until(() -> scheduler.snapshot().live() == 0);
    assertThat(tenant.snapshot().accounts().ended()).containsEntry(TaskEnd.DONE, 1_000L);
  }

  @Test
  void spinnersShareTheWorkersAndCancelEndsThem() {
    List<Scripted> spinners = new ArrayList<>();
    List<TaskHandle> handles = new ArrayList<>();
    for (int index = 0; index < 5; index++) {
      Scripted task = new Scripted(SchedulerTest::spin);
      spinners.add(task);
      handles.add(submit(task));
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> spinners.stream().allMatch(task -> task.slices.get() > 3));
    handles.forEach(TaskHandle::cancel);
    spinners.forEach(task -> assertThat(task.awaitReport().end()).isEqualTo(TaskEnd.CANCELLED));
    TaskReport report = spinners.getFirst().awaitReport();
    assertThat(report.cpuNanos()).isPositive();
    assertThat(report.preemptions()).isPositive();
  }

  @Test
  void whatATaskThrowsEndsItAndLeavesTheWorkersAlive() {
    for (int round = 0; round < 10; round++) {
      Scripted failing =
          new Scripted(context -> {
            throw new AssertionError("guest of the test");
          });
      var _ = submit(failing);
      TaskReport report = failing.awaitReport();
      assertThat(report.end()).isEqualTo(TaskEnd.FAILED);
      assertThat(report.failure()).hasMessage("guest of the test");
    }
    Scripted healthy = new Scripted(context -> SliceOutcome.DONE);
    var _ = submit(healthy);
    assertThat(healthy.awaitReport().end()).isEqualTo(TaskEnd.DONE);
  }

  @Test
  void aDeadlineEndsALoneSpinnerAndAParkedTask() {
    Scripted spinner = new Scripted(SchedulerTest::spin);
    Scripted parked = new Scripted(context -> SliceOutcome.PARKED);
    var _ = submit(spinner, SubmitOptions.withTimeoutNanos(5_000_000));
    var _ = submit(parked, SubmitOptions.withTimeoutNanos(5_000_000));
    assertThat(spinner.awaitReport().end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
    assertThat(parked.awaitReport().end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
  }

  @Test
  void anUnparkBeforeTheParkIsNotLost() {
    CompletableFuture<TaskHandle> self = new CompletableFuture<>();
    AtomicInteger turns = new AtomicInteger();
    Scripted task =
        new Scripted(context -> {
          if (turns.getAndIncrement() == 1_000) {
            return SliceOutcome.DONE;
          }
          self.join().unpark();
          return SliceOutcome.PARKED;
        });
    self.complete(submit(task));
    assertThat(task.awaitReport().end()).isEqualTo(TaskEnd.DONE);
  }

  @Test
  void aParkedTaskIsWokenFromOutsideAndByTime() {
    AtomicInteger turns = new AtomicInteger();
    Scripted woken =
        new Scripted(
            context -> turns.getAndIncrement() == 0 ? SliceOutcome.PARKED : SliceOutcome.DONE);
    TaskHandle handle = submit(woken);
    await().atMost(Duration.ofMinutes(2)).until(() -> tenant.snapshot().parked() == 1);
    handle.unpark();
    assertThat(woken.awaitReport().slices()).isEqualTo(2);

    AtomicInteger naps = new AtomicInteger();
    Scripted napping =
        new Scripted(context ->
            naps.getAndIncrement() < 3 ? new SliceOutcome.Parked(1_000_000) : SliceOutcome.DONE);
    var _ = submit(napping);
    assertThat(napping.awaitReport().slices()).isEqualTo(4);
  }

  @Test
  void aTaskWaitsForAStageThatIsDoneOrWillBeOrFails() {
    List<CompletableFuture<String>> stages =
        List.of(
            CompletableFuture.completedFuture("done"),
            new CompletableFuture<>(),
            new CompletableFuture<>());
    AtomicInteger turns = new AtomicInteger();
    Scripted task =
        new Scripted(context -> {
          int turn = turns.getAndIncrement();
          return turn < stages.size()
              ? new SliceOutcome.ParkedOn(stages.get(turn))
              : SliceOutcome.DONE;
        });
    TaskHandle handle = submit(task);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> turns.get() == 2 && tenant.snapshot().parked() == 1);
    handle.unpark();
    assertThat(turns).as("unpark does not end the wait for a stage").hasValue(2);
    stages.get(1).complete("later");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> turns.get() == 3 && tenant.snapshot().parked() == 1);
    stages.get(2).completeExceptionally(new IllegalStateException("no"));
    assertThat(task.awaitReport().end()).isEqualTo(TaskEnd.DONE);
  }

  @Test
  void drainingWaitsForWhatWasAcceptedAndRefusesTheRest() throws InterruptedException {
    CompletableFuture<String> gate = new CompletableFuture<>();
    AtomicInteger turns = new AtomicInteger();
    Scripted task =
        new Scripted(context ->
            turns.getAndIncrement() == 0 ? new SliceOutcome.ParkedOn(gate) : SliceOutcome.DONE);
    var _ = submit(task);
    assertThat(scheduler.drain(Duration.ofMillis(20))).isFalse();
    assertThat(function.submit(task, SubmitOptions.UNLIMITED))
        .isInstanceOf(SubmitResult.Closed.class);
    gate.complete("open");
    assertThat(scheduler.drain(Duration.ofMinutes(2))).isTrue();
    assertThat(task.awaitReport().end()).isEqualTo(TaskEnd.DONE);
  }

  @Test
  void aFailingCallbackIsCountedAndHarmless() {
    Task task =
        new Task() {
          @Override
          public SliceOutcome run(WorkerContext context) {
            return SliceOutcome.DONE;
          }

          @Override
          public void ended(TaskReport report) {
            throw new IllegalStateException("guest of the test");
          }
        };
    var _ = submit(task);
    await().atMost(Duration.ofMinutes(2)).until(() -> scheduler.snapshot().callbackFailures() == 1);
    await().atMost(Duration.ofMinutes(2)).until(() -> scheduler.snapshot().live() == 0);
  }

  @Test
  void closingEndsParkedTasks() {
    Scripted parked = new Scripted(context -> SliceOutcome.PARKED);
    var _ = submit(parked);
    await().atMost(Duration.ofMinutes(2)).until(() -> tenant.snapshot().parked() == 1);
    scheduler.close();
    assertThat(parked.awaitReport().end()).isEqualTo(TaskEnd.SHUT_DOWN);
  }
}

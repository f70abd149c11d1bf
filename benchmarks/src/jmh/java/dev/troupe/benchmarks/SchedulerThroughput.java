package dev.troupe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.troupe.scheduler.FunctionQueue;
import dev.troupe.scheduler.Preempter;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import dev.troupe.scheduler.SchedulerSnapshot;
import dev.troupe.scheduler.SliceOutcome;
import dev.troupe.scheduler.SubmitOptions;
import dev.troupe.scheduler.SubmitResult;
import dev.troupe.scheduler.Task;
import dev.troupe.scheduler.TaskReport;
import dev.troupe.scheduler.TenantShare;
import dev.troupe.scheduler.WorkerContext;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the scheduler costs from submission to end, for tasks that do next to nothing: a plain main,
 * because what counts is the work of several threads together.
 *
 * <pre>
 *   java ... dev.troupe.benchmarks.SchedulerThroughput \
 *       [submitters=1] [in flight for each=256] [tenants=1] [workers=1] [seconds=5]
 * </pre>
 *
 * <p>Prints for each second: tasks, processor time of the whole process per task (the submitters'
 * and this program's part included), bytes allocated per task, and how many sleeping workers were
 * woken and tasks stolen per thousand tasks.
 */
public final class SchedulerThroughput {
  private static final LongAdder ENDED = new LongAdder();
  private static final SubmitOptions OPTIONS = SubmitOptions.withTimeoutNanos(30_000_000_000L);

  private SchedulerThroughput() {}

  private static final class Trivial implements Task {
    private final Semaphore room;

    Trivial(Semaphore room) {
      this.room = room;
    }

    @Override
    public SliceOutcome run(WorkerContext context) {
      return SliceOutcome.DONE;
    }

    @Override
    public void ended(TaskReport report) {
      ENDED.increment();
      room.release();
    }
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) throws InterruptedException {
    int submitters = argument(arguments, 0, 1);
    int inFlight = argument(arguments, 1, 256);
    int tenants = argument(arguments, 2, 1);
    int workers = argument(arguments, 3, 1);
    int seconds = argument(arguments, 4, 5);
    SchedulerConfig config = SchedulerConfig.defaults().withWorkers(workers);
    try (Scheduler scheduler =
        new Scheduler(config, SchedulerClock.system(), Preempter.cooperative())) {
      List<FunctionQueue> functions = new ArrayList<>();
      for (int tenant = 0; tenant < tenants; tenant++) {
        functions.add(scheduler.addTenant("t" + tenant, TenantShare.DEFAULT).newFunction());
      }
      List<Thread> threads = new ArrayList<>();
      for (int index = 0; index < submitters; index++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> submit(functions, inFlight)));
      }
      OperatingSystemMXBean process =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      com.sun.management.ThreadMXBean memory =
          (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int second = 0; second < seconds; second++) {
        long ended = ENDED.sum();
        long cpu = process.getProcessCpuTime();
        SchedulerSnapshot before = scheduler.snapshot();
        long bytes = memory.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        var _ = Thread.currentThread().join(Duration.ofSeconds(1));
        double tasks = Math.max(1, ENDED.sum() - ended);
        double elapsed = (System.nanoTime() - start) / 1e9;
        SchedulerSnapshot after = scheduler.snapshot();
        System.out.printf(
            "%,12.0f tasks/s %8.0f ns CPU/task %6.0f B/task %8.2f woken %8.2f stolen of 1000%n",
            tasks / elapsed,
            (process.getProcessCpuTime() - cpu) / tasks,
            (memory.getTotalThreadAllocatedBytes() - bytes) / tasks,
            (after.wakeUps() - before.wakeUps()) * 1000 / tasks,
            (after.steals() - before.steals()) * 1000 / tasks);
      }
    }
  }

  private static void submit(List<FunctionQueue> functions, int inFlight) {
    Semaphore room = new Semaphore(inFlight);
    int next = 0;
    while (true) {
      room.acquireUninterruptibly();
      FunctionQueue function = functions.get(next++ % functions.size());
      if (!(function.submit(new Trivial(room), OPTIONS) instanceof SubmitResult.Accepted)) {
        return;
      }
    }
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
  }
}

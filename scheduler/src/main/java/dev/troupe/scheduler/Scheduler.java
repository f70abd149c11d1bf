package dev.troupe.scheduler;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the tasks of many tenants on a few platform threads, sharing the processor by weight.
 *
 * <pre>
 *   submit ──> inbox, no lock ──> whichever worker looks first
 *
 *   worker 0                            worker 1
 *     run queue, lock, timer wheel        run queue, lock, timer wheel
 *       tenant A (weight 300)               tenant A (weight 300)
 *         function f:  t1 t2                  function f:  t3
 *         function g:  t4                   tenant C (weight 50)
 *       tenant B (weight 100)     <─steal─    function k:  t7
 *         function h:  t5 t6
 *
 *   shared: the standing of each tenant, function and task, in virtual time
 * </pre>
 *
 * <p>There is no dispatcher: the worker that ends a slice picks the next one, by virtual deadline,
 * from its own queue or from another's when that is further behind. A slice runs to its end unless
 * somebody waits; then it is preempted after {@link SchedulerConfig#sliceNanos()}, or {@link
 * SchedulerConfig#interactiveSliceNanos()} when the one who waits has used little so far. Idle
 * workers sleep until their next alarm.
 */
public final class Scheduler implements AutoCloseable {
  private static final long JOIN_MILLIS = 10_000;

  private final SchedulerCore core;
  private final SchedulerClock clock;
  private final Thread[] threads;

  /** Starts the workers. */
  public Scheduler(SchedulerConfig config, SchedulerClock clock, Preempter.Factory preempters) {
    this.clock = clock;
    this.threads = new Thread[config.workers()];
    this.core = new SchedulerCore(config, clock, this::wake);
    for (int index = 0; index < threads.length; index++) {
      Worker worker = core.worker(index);
      threads[index] =
          Thread.ofPlatform()
              .name(config.threadNamePrefix() + index)
              .daemon()
              .unstarted(() -> work(worker, preempters));
    }
    for (Thread thread : threads) {
      thread.start();
    }
  }

  /** Registers a tenant. The name is for metrics only and need not be unique. */
  public TenantQueue addTenant(String name, TenantShare share) {
    return new TenantQueue(core, core.addTenant(name, share));
  }

  /** State and counters of the scheduler and of its tenants. */
  public SchedulerSnapshot snapshot() {
    return core.snapshot();
  }

  /**
   * Refuses new tasks and waits for the end of those that were accepted.
   *
   * @return whether all have ended within {@code timeout}
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    return core.drain(timeout.toNanos());
  }

  /** Ends every task ({@link TaskEnd#SHUT_DOWN}) and stops the workers. Waits 10 s at most. */
  @Override
  public void close() {
    core.close();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
    boolean interrupted = false;
    for (Thread thread : threads) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        if (thread.threadId() != Thread.currentThread().threadId()) {
          thread.join(Math.max(1, millis));
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Worker worker, Preempter.Factory preempters) {
    Preempter preempter = preempters.forCurrentWorker(worker.workerIndex());
    worker.usePreempter(preempter);
    boolean works = true;
    while (works) {
      switch (core.next(worker)) {
        case RUN -> worker.runSlice();
        case TELL_END -> worker.tellEnd();
        case REST -> rest(worker.parkUntilNanos);
        case LEAVE -> works = false;
      }
    }
    preempter.close();
  }

  private void rest(long untilNanos) {
    if (untilNanos == TimerWheel.NEVER_NANOS) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, untilNanos - clock.nanoTime());
    }
    // An interrupt would make every later park return at once.
    boolean _ = Thread.interrupted();
  }

  private void wake(Worker worker) {
    LockSupport.unpark(threads[worker.workerIndex()]);
  }
}

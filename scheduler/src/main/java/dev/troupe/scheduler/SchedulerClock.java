package dev.troupe.scheduler;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Time as the scheduler sees it. */
public interface SchedulerClock {

  /** Monotonic time in nanoseconds, from an origin of the clock's choosing, never negative. */
  long nanoTime();

  /** Processor time used by the calling thread so far, in nanoseconds. */
  long threadCpuNanos();

  /** The clocks of the operating system. One reading of the processor time costs about 400 ns. */
  static SchedulerClock system() {
    long originNanos = System.nanoTime();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    if (!threads.isCurrentThreadCpuTimeSupported()) {
      throw new IllegalStateException("this JVM cannot measure the processor time of a thread");
    }
    return new SchedulerClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime() - originNanos;
      }

      @Override
      public long threadCpuNanos() {
        return threads.getCurrentThreadCpuTime();
      }
    };
  }
}

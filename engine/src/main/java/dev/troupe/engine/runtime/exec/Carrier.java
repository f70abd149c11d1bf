package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.os.KernelTimer;
import dev.troupe.engine.os.NativeThread;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.Signals;
import dev.troupe.engine.runtime.NativeHeap;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that guests run on, and how the running guest is asked to leave. Attached to
 * the calling thread; closed by it before it ends. The {@code preempt} methods are for any thread.
 *
 * <p>With signals, a kernel timer of this thread sends SIGURG and repeats until the slice has
 * ended, because a signal that arrives outside guest code is dropped. With epochs, a flag is set
 * that compiled code looks at.
 */
public final class Carrier implements AutoCloseable {
  /** Pause between two signals of one request. */
  private static final long REPEAT_NANOS = 100_000;

  private static final long NEVER = Long.MAX_VALUE;

  private static final NativeHeap FLAGS = new NativeHeap();
  private static final int FLAG_BYTES = 64;

  /** Sets flags in time; only engines that preempt by epochs have it. */
  private static final class Ticker {
    static final ScheduledThreadPoolExecutor THREAD =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("troupe-epoch").factory());

    static {
      // Most requests are void long before their time comes.
      THREAD.setRemoveOnCancelPolicy(true);
    }
  }

  private final PreemptionMode mode;
  private final NativeThread thread;
  private final @Nullable KernelTimer timer;
  private final long flag;

  // Guarded by this object: requests come from any thread.
  private @Nullable Future<?> request;
  private @Nullable Future<?> alarm;

  /** When the request or the alarm is due, or {@link #NEVER}; read without the lock. */
  private volatile long dueAtNanos = NEVER;

  private boolean armed;
  private long armedAtNanos;
  private boolean alarmSet;
  private long alarmAtNanos;
  private long slice;
  private boolean closed;

  private Carrier(PreemptionMode mode) {
    this.mode = mode;
    thread = NativeThread.current();
    flag = FLAGS.allocate(FLAG_BYTES);
    timer = mode == PreemptionMode.SIGNALS ? KernelTimer.create(Signals.SIGURG, thread.id()) : null;
  }

  /** Attaches to the calling thread, which must be a platform thread. */
  public static Carrier attach(PreemptionMode mode) {
    return new Carrier(mode);
  }

  /** Asks the guest that runs on this thread then to leave, {@code nanos} from now. */
  public synchronized void preemptAfter(long nanos) {
    if (closed) {
      return;
    }
    armed = true;
    armedAtNanos = System.nanoTime() + nanos;
    if (mode == PreemptionMode.EPOCH) {
      schedule(Math.max(0, nanos));
    }
    setTimer();
  }

  /**
   * Asks whatever guest runs on this thread {@code nanos} from now to leave. Unlike a request it
   * outlives slices, until {@link #clearAlarm} or another alarm: a deadline that is far away costs
   * nothing per slice. Takes the place of an earlier alarm; from any thread.
   */
  public synchronized void alarmAfter(long nanos) {
    if (closed) {
      return;
    }
    alarmSet = true;
    alarmAtNanos = System.nanoTime() + nanos;
    if (mode == PreemptionMode.EPOCH) {
      cancelAlarm();
      alarm = Ticker.THREAD.schedule(this::raiseFlag, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
    setTimer();
  }

  /** Takes back the alarm. To be called before the thread goes to sleep: signals would wake it. */
  public synchronized void clearAlarm() {
    if (alarmSet) {
      alarmSet = false;
      cancelAlarm();
      setTimer();
    }
  }

  /** Makes the kernel timer ring for the request or the alarm, whichever comes first. */
  private void setTimer() {
    if (closed) {
      return;
    }
    if (!armed && !alarmSet) {
      dueAtNanos = NEVER;
      if (timer != null) {
        timer.disarm();
      }
      return;
    }
    long now = System.nanoTime();
    long first = armed ? armedAtNanos - now : alarmAtNanos - now;
    if (armed && alarmSet) {
      first = Math.min(first, alarmAtNanos - now);
    }
    dueAtNanos = now + first;
    if (timer != null) {
      timer.arm(first, REPEAT_NANOS);
    }
  }

  /**
   * Whether somebody wants this thread's guest to leave by now. Signals find a guest that is mostly
   * in the host seldom; where it is in the host anyway, it can be asked.
   */
  boolean isDue() {
    long due = dueAtNanos;
    return due != NEVER && System.nanoTime() - due >= 0;
  }

  /** Like {@link #preemptAfter}, but leaves an earlier request of this slice alone. */
  synchronized void preemptAfterDeadline(long nanos) {
    if (!armed) {
      preemptAfter(nanos);
    }
  }

  /** Asks the running guest to leave at once. */
  public void preemptNow() {
    preemptAfter(0);
  }

  private void schedule(long nanos) {
    Future<?> before = request;
    if (before instanceof Delayed earlier
        && !before.isDone()
        && earlier.getDelay(TimeUnit.NANOSECONDS) <= nanos) {
      return;
    }
    cancelRequest();
    long wanted = slice;
    request = Ticker.THREAD.schedule(() -> raise(wanted), nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelRequest() {
    Future<?> before = request;
    request = null;
    if (before != null) {
      before.cancel(false);
    }
  }

  private void cancelAlarm() {
    Future<?> before = alarm;
    alarm = null;
    if (before != null) {
      before.cancel(false);
    }
  }

  private synchronized void raise(long wantedSlice) {
    if (slice == wantedSlice) {
      raiseFlag();
    }
  }

  private synchronized void raiseFlag() {
    if (!closed) {
      RawMemory.putIntVolatile(flag, 1);
    }
  }

  /** CPU time that this thread has used, nanoseconds; call it on this thread. */
  public long cpuNanos() {
    return thread.cpuNanos();
  }

  /** Address of the flag that guests on this carrier look at. */
  long flag() {
    return flag;
  }

  /** A slice has ended: requests for it are void. The alarm stays. */
  synchronized void endSlice(boolean wasPreempted) {
    slice = slice + 1;
    if (armed || (wasPreempted && !alarmSet)) {
      armed = false;
      cancelRequest();
      setTimer();
    }
    RawMemory.putIntVolatile(flag, 0);
  }

  /** Detaches from the thread; later requests do nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      cancelRequest();
      cancelAlarm();
      if (timer != null) {
        timer.close();
      }
      FLAGS.free(flag, FLAG_BYTES);
    }
  }
}

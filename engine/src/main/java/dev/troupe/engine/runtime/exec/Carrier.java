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
  private @Nullable Future<?> request;
  private volatile boolean armed;
  private volatile long slice;
  private volatile boolean closed;

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
  public void preemptAfter(long nanos) {
    if (closed) {
      return;
    }
    armed = true;
    switch (mode) {
      case SIGNALS -> {
        if (timer != null) {
          timer.arm(nanos, REPEAT_NANOS);
        }
      }
      case EPOCH -> schedule(Math.max(0, nanos));
      case NONE -> {}
    }
  }

  /** Like {@link #preemptAfter}, but leaves an earlier request of this slice alone. */
  void preemptAfterDeadline(long nanos) {
    if (!armed) {
      preemptAfter(nanos);
    }
  }

  /** Asks the running guest to leave at once. */
  public void preemptNow() {
    preemptAfter(0);
  }

  private synchronized void schedule(long nanos) {
    Future<?> before = request;
    if (closed
        || (before instanceof Delayed earlier
            && !before.isDone()
            && earlier.getDelay(TimeUnit.NANOSECONDS) <= nanos)) {
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

  private synchronized void raise(long wantedSlice) {
    if (!closed && slice == wantedSlice) {
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

  /** A slice has ended: requests for it are void. */
  synchronized void endSlice(boolean wasPreempted) {
    slice = slice + 1;
    if (armed || wasPreempted) {
      armed = false;
      cancelRequest();
      if (timer != null) {
        timer.disarm();
      }
    }
    RawMemory.putIntVolatile(flag, 0);
  }

  /** Detaches from the thread; later requests do nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      cancelRequest();
      if (timer != null) {
        timer.close();
      }
      FLAGS.free(flag, FLAG_BYTES);
    }
  }
}

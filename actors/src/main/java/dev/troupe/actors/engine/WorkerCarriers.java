package dev.troupe.actors.engine;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.scheduler.Preempter;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Ties the workers of the scheduler to carriers of the engine: a worker's alarm is the kernel timer
 * of its carrier.
 *
 * <p>The engine forgets a request when guest code leaves, the scheduler's alarm stays. So the alarm
 * is kept here and handed to the carrier whenever guest code is about to run.
 */
public final class WorkerCarriers implements Preempter.Factory {

  /** One worker. */
  private static final class Slot implements Preempter {
    private static final long NOT_ARMED = Long.MAX_VALUE;

    final Thread thread = Thread.currentThread();
    private final Carrier carrier;
    private long armedAtNanos = NOT_ARMED;
    private boolean inGuest;

    Slot(Carrier carrier) {
      this.carrier = carrier;
    }

    @Override
    public synchronized void arm(long afterNanos) {
      armedAtNanos = System.nanoTime() + afterNanos;
      if (inGuest) {
        carrier.preemptAfter(afterNanos);
      }
    }

    @Override
    public synchronized void disarm() {
      armedAtNanos = NOT_ARMED;
    }

    @Override
    public void close() {
      carrier.close();
    }

    SliceOutcome run(Invocation invocation) {
      enter();
      try {
        return invocation.runSlice(carrier);
      } finally {
        leave();
      }
    }

    private synchronized void enter() {
      inGuest = true;
      if (armedAtNanos != NOT_ARMED) {
        carrier.preemptAfter(Math.max(0, armedAtNanos - System.nanoTime()));
      }
    }

    private synchronized void leave() {
      inGuest = false;
    }
  }

  private final Engine engine;
  private final AtomicReferenceArray<@Nullable Slot> slots;

  /** For a scheduler with that many workers. */
  public WorkerCarriers(Engine engine, int workers) {
    this.engine = engine;
    this.slots = new AtomicReferenceArray<>(workers);
  }

  @Override
  public Preempter forCurrentWorker(int workerIndex) {
    Slot slot = new Slot(engine.attachCarrier());
    slots.set(workerIndex, slot);
    return slot;
  }

  /** Runs a slice on the calling worker. */
  SliceOutcome run(int workerIndex, Invocation invocation) {
    Slot slot = slots.get(workerIndex);
    if (slot == null) {
      throw new IllegalStateException("worker " + workerIndex + " has no carrier");
    }
    return slot.run(invocation);
  }

  /** Runs a slice on the calling thread if it is a worker; null when it is none. */
  @Nullable SliceOutcome runHere(Invocation invocation) {
    long here = Thread.currentThread().threadId();
    for (int index = 0; index < slots.length(); index++) {
      Slot slot = slots.get(index);
      if (slot != null && slot.thread.threadId() == here) {
        return slot.run(invocation);
      }
    }
    return null;
  }
}

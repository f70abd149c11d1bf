package dev.troupe.actors.engine;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.os.NativeThread;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.scheduler.Preempter;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Ties the workers of the scheduler to carriers of the engine: a worker's alarm is the alarm of its
 * carrier.
 */
public final class WorkerCarriers implements Preempter.Factory {

  /** One worker. */
  private static final class Slot implements Preempter {
    final Thread thread = Thread.currentThread();
    final Carrier carrier;

    Slot(Carrier carrier) {
      this.carrier = carrier;
    }

    @Override
    public void arm(long afterNanos) {
      carrier.alarmAfter(afterNanos);
    }

    @Override
    public void disarm() {
      carrier.clearAlarm();
    }

    @Override
    public void close() {
      carrier.close();
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
    // Whoever waits for an answer need not wait for the JIT's or the collector's threads.
    boolean _ = NativeThread.current().askForShortSlices();
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
    return invocation.runSlice(slot.carrier);
  }

  /** Runs a slice on the calling thread if it is a worker; null when it is none. */
  @Nullable SliceOutcome runHere(Invocation invocation) {
    long here = Thread.currentThread().threadId();
    for (int index = 0; index < slots.length(); index++) {
      Slot slot = slots.get(index);
      if (slot != null && slot.thread.threadId() == here) {
        return invocation.runSlice(slot.carrier);
      }
    }
    return null;
  }
}

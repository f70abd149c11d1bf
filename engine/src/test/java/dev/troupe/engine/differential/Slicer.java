package dev.troupe.engine.differential;

import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import java.util.List;
import java.util.SplittableRandom;

/** Runs calls in short slices of random length on the thread that made it. */
public final class Slicer {
  private static final int LONGEST_SLICE_NANOS = 20_000;

  private final Carrier carrier;
  private final SplittableRandom random = new SplittableRandom(0x511CE);
  private long preemptions;

  public Slicer(Carrier carrier) {
    this.carrier = carrier;
  }

  /** Slices that ended because the guest was asked to leave. */
  public long preemptions() {
    return preemptions;
  }

  /**
   * Runs a call to its end.
   *
   * @throws TrapException when it traps
   */
  public List<Value> run(Invocation invocation) {
    while (true) {
      carrier.preemptAfter(1 + random.nextInt(LONGEST_SLICE_NANOS));
      SliceOutcome outcome = invocation.runSlice(carrier);
      switch (outcome) {
        case PREEMPTED -> preemptions++;
        case DONE, TRAPPED -> {
          return invocation.results();
        }
        case PARKED -> throw new IllegalStateException("no host function of the tests parks");
      }
    }
  }
}

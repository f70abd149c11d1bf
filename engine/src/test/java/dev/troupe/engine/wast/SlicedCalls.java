package dev.troupe.engine.wast;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import java.util.List;

/**
 * Calls that are asked to leave after at most some time, and go on at once. Slices have several
 * lengths, so that they end in many places. For the thread that made it.
 */
final class SlicedCalls implements EngineHost.Calling, AutoCloseable {
  private final Carrier carrier;
  private static final int LENGTHS = 10;

  private final long longestNanos;
  private long slices;
  private long preemptions;

  SlicedCalls(Engine engine, long longestNanos) {
    this.carrier = engine.attachCarrier();
    this.longestNanos = longestNanos;
  }

  /** How many slices ended before their call did. */
  long preemptions() {
    return preemptions;
  }

  @Override
  public List<Value> call(Func function, List<Value> arguments) {
    Invocation invocation = function.start(arguments);
    while (true) {
      carrier.preemptAfter(longestNanos * (1 + slices++ % LENGTHS) / LENGTHS);
      SliceOutcome outcome = invocation.runSlice(carrier);
      switch (outcome) {
        case PREEMPTED -> preemptions++;
        case DONE -> {
          return invocation.results();
        }
        case TRAPPED -> throw invocation.trap();
        case PARKED -> throw new IllegalStateException("spectest has no function that waits");
      }
    }
  }

  @Override
  public void close() {
    carrier.close();
  }
}

package dev.troupe.engine;

import dev.troupe.engine.runtime.exec.CallTarget;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.runtime.exec.FiberRun;
import dev.troupe.engine.runtime.exec.FiberState;
import dev.troupe.engine.runtime.exec.WasmFrame;
import java.util.List;

/**
 * A call as a resumable fiber, for schedulers: {@link #runSlice} on any worker thread, look at the
 * outcome, go on later on the same or another thread. It costs a stack from the first slice to the
 * last. The caller accounts for CPU time with {@link Carrier#cpuNanos()} around slices.
 *
 * <p>Used by one thread at a time; {@link #cancel} is for any thread.
 */
public final class Invocation {
  private final Store<?> store;
  private final CallTarget target;
  private final FiberRun run;

  Invocation(Store<?> store, CallTarget target, long[] arguments) {
    this.store = store;
    this.target = target;
    this.run = new FiberRun(store.execution(), target, arguments);
  }

  /** The store whose function is called. */
  public Store<?> store() {
    return store;
  }

  /**
   * Runs until the call is over, waits for a host function, or is asked by the carrier to leave.
   *
   * @param carrier the calling thread's
   */
  public SliceOutcome runSlice(Carrier carrier) {
    return switch (run.runSlice(carrier)) {
      case READY -> SliceOutcome.PREEMPTED;
      case PARKED -> SliceOutcome.PARKED;
      case DONE -> SliceOutcome.DONE;
      case TRAPPED -> SliceOutcome.TRAPPED;
      case RUNNING -> throw new IllegalStateException("a slice ended while running");
    };
  }

  /**
   * Runs an action once, when a parked call is worth another slice: on the thread that completes
   * the host function, or at once when it has completed already. Call it after a slice has returned
   * {@link SliceOutcome#PARKED}.
   */
  public void onWake(Runnable action) {
    var unused = run.parkedOn().whenComplete((result, failure) -> action.run());
  }

  /**
   * The guest functions on the stack of a call whose slice has just ended with {@link
   * SliceOutcome#PREEMPTED}, innermost first. Ask before anything else of the store runs.
   */
  public List<WasmFrame> backtrace() {
    return run.backtrace();
  }

  /** Whether the call is over: done or trapped. */
  public boolean isFinished() {
    FiberState state = run.state();
    return state == FiberState.DONE || state == FiberState.TRAPPED;
  }

  /**
   * The results of a call that is done.
   *
   * @throws TrapException when it trapped
   * @throws IllegalStateException when it is not over
   */
  public List<Value> results() {
    if (run.state() == FiberState.TRAPPED) {
      throw trap();
    }
    return Values.fromRaw(store, target.function().type().results(), run.results());
  }

  /**
   * The trap of a call that trapped.
   *
   * @throws IllegalStateException when it did not
   */
  public TrapException trap() {
    return TrapException.of(store, run.trap());
  }

  /**
   * Asks the call to end by a trap: a running guest is asked to leave at once; one that is not
   * running traps in its next slice, or by {@link #drop}. From any thread.
   */
  public void cancel(String reason) {
    store.cancel(reason);
  }

  /**
   * Ends a call that is not running, without another slice; it counts as trapped. If it had
   * started, its store is poisoned. A blocking host function is interrupted, and waited for:
   * afterwards nothing touches the store.
   */
  public void drop(String reason) {
    run.drop(reason);
  }
}

package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.ReferenceMap;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.ValType;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call as a resumable fiber, for schedulers: run a slice, see what it came to, run the next one
 * on any thread. It can be dropped whenever it is not running. Used by one thread at a time, with
 * two exceptions: {@link Interruption#cancel} and the wake-up, which come from anywhere.
 */
public final class FiberRun {
  private static final Trap STORE_POISONED =
      new Trap(
          TrapKind.HOST_ERROR,
          TrapKind.HOST_ERROR.message() + ": another call of the store was stopped half-way",
          List.of(),
          null);

  private final StoreExecution execution;
  private final CallTarget target;
  private final long[] arguments;
  private long[] results = new long[0];
  private @Nullable Fiber fiber;
  private @Nullable Trap trap;
  private volatile FiberState state = FiberState.READY;
  private boolean started;

  /** Another run's blocking host function that has the store; until it ends, this run waits. */
  private @Nullable BlockingCall waitsFor;

  /** The state that the run has beside waiting for the store. */
  private FiberState stateBefore = FiberState.READY;

  /**
   * A call that has not started; it owns no stack yet.
   *
   * @param arguments two longs a parameter: low and high half
   */
  public FiberRun(StoreExecution execution, CallTarget target, long[] arguments) {
    if (arguments.length != 2 * target.function().type().paramCount()) {
      throw new IllegalArgumentException("wrong number of arguments");
    }
    this.execution = execution;
    this.target = target;
    this.arguments = Arrays.copyOf(arguments, arguments.length);
    FuncType type = target.function().type();
    if (hasReferences(type.params()) || hasReferences(type.results())) {
      execution.remember(this);
    }
  }

  private static boolean hasReferences(List<ValType> types) {
    return types.stream().anyMatch(ValType::isReference);
  }

  /** Shows arguments that have not been passed and results that have been returned. */
  void update(ReferenceMap map) {
    FuncType type = target.function().type();
    if (!started) {
      update(map, type.params(), arguments);
    }
    if (state == FiberState.DONE) {
      update(map, type.results(), results);
    }
  }

  private static void update(ReferenceMap map, List<ValType> types, long[] values) {
    for (int i = 0; i < types.size() && 2 * i < values.length; i++) {
      if (types.get(i).isReference()) {
        values[2 * i] = map.moved(values[2 * i]);
      }
    }
  }

  public FiberState state() {
    return state;
  }

  /** Two longs a result, when done. */
  public long[] results() {
    require(FiberState.DONE);
    return results;
  }

  /** The trap, when trapped. */
  public Trap trap() {
    require(FiberState.TRAPPED);
    Trap known = trap;
    if (known == null) {
      throw new IllegalStateException("trapped without a trap");
    }
    return known;
  }

  /**
   * The guest's frames, innermost first, of a run that has just been preempted: nothing else of the
   * store has run since.
   */
  public List<WasmFrame> backtrace() {
    Fiber ready = fiber;
    if (ready == null || state != FiberState.READY || !started) {
      return List.of();
    }
    return execution.exits().backtrace(ready);
  }

  /** What a parked run waits for: when it completes, the run is worth another slice. */
  public CompletionStage<?> parkedOn() {
    require(FiberState.PARKED);
    BlockingCall other = waitsFor;
    return other != null ? other.stage() : pending().stage();
  }

  private PendingCall pending() {
    Fiber parked = fiber;
    PendingCall pending = parked == null ? null : parked.pending;
    if (pending == null) {
      throw new IllegalStateException("parked on nothing");
    }
    return pending;
  }

  /** Whether a parked run goes on waiting: for its host function, or for a body that must end. */
  private boolean goesOnWaiting() {
    PendingCall pending = pending();
    if (pending.stage().toCompletableFuture().isDone()) {
      return false;
    }
    if (execution.interruption().due() == null) {
      return true;
    }
    return pending instanceof BlockingCall blocking && !blocking.stop();
  }

  /**
   * Whether the store belongs to a blocking host function that another run has called: nothing of
   * it can be touched then. When calls are due to end, that one is asked to.
   */
  private boolean waitsForStore() {
    BlockingCall body = execution.lentTo();
    if (body == null
        || (fiber != null && fiber.pending == body)
        || (execution.interruption().due() != null && body.stop())) {
      return false;
    }
    waitsFor = body;
    return true;
  }

  private void require(FiberState wanted) {
    if (state != wanted) {
      throw new IllegalStateException("the call is " + state + ", not " + wanted);
    }
  }

  /**
   * Runs until the call is over, parks, or is asked by the carrier to leave. A parked run whose
   * host function has not completed stays parked; when it is due to end, a blocking host function
   * is interrupted, and the run ends when that has returned. So does every other run of the store
   * while a blocking host function has it.
   *
   * @throws dev.troupe.engine.runtime.AllocationException when there is no stack for a first slice;
   *     the run can be tried again or dropped
   */
  public FiberState runSlice(Carrier carrier) {
    FiberState before = waitsFor == null ? state : stateBefore;
    if (before != FiberState.READY && before != FiberState.PARKED) {
      throw new IllegalStateException("the call is " + before);
    }
    waitsFor = null;
    if (waitsForStore()) {
      stateBefore = before;
      state = FiberState.PARKED;
      return state;
    }
    state = before;
    if (before == FiberState.PARKED && goesOnWaiting()) {
      return before;
    }
    // Before anything changes: a call that may not run now is what it was.
    execution.store().checkOpen();
    execution.requireFree();
    state = FiberState.RUNNING;
    FiberState after = FiberState.TRAPPED;
    Carrier outer = execution.runOn(carrier);
    try {
      after = slice(carrier, before);
    } catch (AllocationException refused) {
      if (fiber == null) {
        // There was no stack: nothing has run. Later on a guest would stand half-way.
        after = before;
      } else {
        abandon(refused);
      }
      throw refused;
    } catch (Throwable failure) {
      abandon(failure);
      throw failure;
    } finally {
      carrier.endSlice(fiber != null && fiber.preempted);
      execution.runOn(outer);
      execution.active(null);
      end(after);
      state = after;
    }
    if (after == FiberState.PARKED && pending() instanceof BlockingCall blocking) {
      execution.lend(blocking);
      blocking.start(execution.blockingExecutor());
    }
    return after;
  }

  /** An exception that is no outcome of the call: it has one all the same, and does not go on. */
  private void abandon(Throwable failure) {
    Fiber over = fiber;
    if (over != null) {
      // First: what follows needs memory, and there may be none.
      execution.exits().abandon(over);
    }
    Trap ended =
        new Trap(
            TrapKind.HOST_ERROR,
            TrapKind.HOST_ERROR.message() + ": " + failure.getClass().getName(),
            List.of(),
            failure);
    trap = ended;
    if (over != null) {
      over.trap = ended;
    }
  }

  private FiberState slice(Carrier carrier, FiberState before) {
    Interruption interruption = execution.interruption();
    TrapKind due = interruption.due();
    Fiber running = fiber;
    ExitLoop exits = execution.exits();
    if (running == null) {
      if (due != null) {
        trap = Trap.of(due, List.of());
        return FiberState.TRAPPED;
      }
      running = execution.start(target);
      fiber = running;
      writeArguments();
    } else {
      if (execution.store().isPoisoned()) {
        trap = STORE_POISONED;
        return exits.trapped(running, STORE_POISONED);
      }
      execution.load(running);
      if (due != null) {
        Trap dueTrap = exits.dueTrap(running, running.preempted);
        return exits.trapped(running, dueTrap == null ? Trap.of(due, List.of()) : dueTrap);
      }
      if (before == FiberState.PARKED) {
        execution.active(running);
        FiberState ready = exits.completePending(running);
        if (ready != FiberState.READY) {
          return ready;
        }
      }
    }
    started = true;
    execution.active(running);
    if (interruption.hasDeadline()) {
      carrier.preemptAfterDeadline(interruption.remainingNanos());
    }
    return exits.serve(running, exits.resume(running), carrier);
  }

  private void writeArguments() {
    VmStore store = execution.store();
    for (int i = 0; i < arguments.length; i += 2) {
      long value = store.values() + (long) (i / 2) * StoreContext.VALUE_BYTES;
      RawMemory.putLong(value, arguments[i]);
      RawMemory.putLong(value + Long.BYTES, arguments[i + 1]);
    }
  }

  private void end(FiberState after) {
    Fiber over = fiber;
    switch (after) {
      case DONE -> {
        readResults();
        release();
      }
      case TRAPPED -> {
        if (over != null) {
          trap = over.trap != null ? over.trap : trap;
          release();
        }
      }
      case READY, PARKED, RUNNING -> {}
    }
  }

  private void readResults() {
    FuncType type = target.function().type();
    results = new long[2 * type.resultCount()];
    long values = execution.store().values();
    for (int i = 0; i < results.length; i += 2) {
      long value = values + (long) (i / 2) * StoreContext.VALUE_BYTES;
      results[i] = RawMemory.getLong(value);
      results[i + 1] = RawMemory.getLong(value + Long.BYTES);
    }
  }

  private void release() {
    Fiber over = fiber;
    fiber = null;
    if (over != null) {
      execution.finish(over);
    }
  }

  /**
   * Ends the call without running it any further: it is trapped as cancelled. A call that had
   * started leaves the store poisoned, because its guest stopped half-way. A blocking host function
   * is interrupted, and waited for.
   */
  public void drop(String reason) {
    if (state == FiberState.RUNNING) {
      throw new IllegalStateException("a running call cannot be dropped: cancel it");
    }
    if (state == FiberState.DONE || state == FiberState.TRAPPED) {
      return;
    }
    if (fiber != null) {
      // The store is needed: it goes with this run.
      BlockingCall body = execution.lentTo();
      if (body != null) {
        body.stopAndWait();
      }
    }
    trap =
        new Trap(TrapKind.CANCELLED, TrapKind.CANCELLED.message() + ": " + reason, List.of(), null);
    waitsFor = null;
    state = FiberState.TRAPPED;
    if (started) {
      execution.store().poison();
    }
    release();
  }
}

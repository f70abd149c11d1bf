package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.HostFunctionBody;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.VmException;
import dev.troupe.engine.runtime.VmFunction;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.runtime.VmTag;
import dev.troupe.engine.runtime.WaitQueues;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a guest leaves: one switch over {@link ExitCode}, then enter again, until the
 * fiber is over or must wait.
 */
final class ExitLoop {
  /** Calls of host functions after which a slice's end is looked at. */
  private static final int CALLS_BETWEEN_LOOKS = 16;

  private final StoreExecution execution;
  private final VmStore store;
  private final long context;
  private final AtomicWaits atomics;
  private final HostRoutines routines;
  private final HostWaits waits;
  private final ExceptionUnwinder unwinder;

  ExitLoop(StoreExecution execution) {
    this.execution = execution;
    this.store = execution.store();
    this.context = store.context();
    this.atomics = new AtomicWaits(store);
    this.routines = new HostRoutines(store, atomics);
    this.waits = new HostWaits(execution.interruption());
    this.unwinder = new ExceptionUnwinder(store);
  }

  /**
   * Serves exits and enters again until the fiber is done or trapped, or, with a carrier, until it
   * is parked or its slice is over. Without a carrier it waits for host functions.
   */
  FiberState serve(Fiber fiber, int firstExit, @Nullable Carrier carrier) {
    int exit = firstExit;
    while (true) {
      ExitCode code = ExitCode.of(exit);
      fiber.atSafepoint = code != ExitCode.PREEMPTED && code != ExitCode.EPOCH;
      switch (code) {
        case DONE -> {
          return FiberState.DONE;
        }
        case TRAP -> {
          return trapped(fiber, guestTrap(fiber));
        }
        case FUEL_EXHAUSTED -> {
          return trapped(fiber, Trap.of(TrapKind.OUT_OF_FUEL, frames(fiber, false)));
        }
        case GC_ROOM -> {
          FiberState state = makeRoom(fiber, exit, carrier);
          if (state != FiberState.READY || fiber.again != Fiber.NOTHING) {
            return state;
          }
        }
        case HOST_CALL -> {
          FiberState state = hostCall(fiber, carrier);
          if (state != FiberState.READY || fiber.returned != null) {
            return state;
          }
        }
        case MEMORY_WAIT32, MEMORY_WAIT64 -> {
          FiberState state = atomicWait(fiber, code, carrier == null);
          if (state != FiberState.READY) {
            return state;
          }
        }
        case PREEMPTED, EPOCH -> {
          fiber.preempted = code == ExitCode.PREEMPTED;
          Trap due = dueTrap(fiber, code == ExitCode.PREEMPTED);
          if (due != null) {
            return trapped(fiber, due);
          }
          if (carrier != null) {
            return FiberState.READY;
          }
          execution.clearRequest();
        }
        case THROW, THROW_REF -> {
          FiberState state = code == ExitCode.THROW ? raise(fiber, thrown()) : throwAgain(fiber);
          if (state != FiberState.READY) {
            return state;
          }
        }
        case MEMORY_GROW,
            TABLE_GROW,
            TABLE_INIT,
            TABLE_COPY,
            TABLE_FILL,
            MEMORY_INIT,
            DATA_DROP,
            ELEM_DROP,
            MEMORY_NOTIFY,
            ARRAY_NEW_DATA,
            ARRAY_NEW_ELEM,
            ARRAY_INIT_DATA,
            ARRAY_INIT_ELEM,
            ARRAY_FILL_VECTORS -> {
          FiberState state = routine(fiber, code, carrier);
          if (state != FiberState.READY || fiber.keepsResult) {
            return state;
          }
        }
      }
      exit = resume(fiber);
    }
  }

  /** Continues a fiber at the point where it left. */
  int resume(Fiber fiber) {
    VmFunction returned = fiber.returned;
    if (returned != null) {
      fiber.returned = null;
      fiber.slots().writeResults(returned.type(), store.values());
    }
    if (fiber.keepsResult) {
      fiber.keepsResult = false;
      RawMemory.putLong(store.values(), fiber.result);
    }
    int again = fiber.again;
    if (again != Fiber.NOTHING) {
      return again;
    }
    fiber.preempted = false;
    fiber.atSafepoint = false;
    fiber.started = true;
    return Entry.enter(context);
  }

  /**
   * Makes room in the collected heap for what a fiber wants. Nothing may come between that and the
   * object, so a slice that is over ends before it; the fiber asks again in the next one, as it
   * does when objects may not move now.
   */
  private FiberState makeRoom(Fiber fiber, int exit, @Nullable Carrier carrier) {
    boolean first = fiber.again == Fiber.NOTHING;
    if (first) {
      fiber.wantedBytes = RawMemory.getLong(store.values());
    }
    fiber.again = exit;
    if (first && carrier != null && carrier.isDue()) {
      fiber.atSafepoint = false;
      return FiberState.READY;
    }
    if (store.collected().makeRoom(fiber.wantedBytes)) {
      fiber.again = Fiber.NOTHING;
      return FiberState.READY;
    }
    if (carrier != null && !store.collected().mayCollect()) {
      // Another fiber of the store has to come to a safepoint first.
      return FiberState.READY;
    }
    fiber.again = Fiber.NOTHING;
    return trapped(fiber, Trap.of(TrapKind.LIMIT_EXCEEDED, frames(fiber, false)));
  }

  /**
   * A routine that the host serves, which may take much longer than the guest between two of them:
   * a signal finds such a guest hardly ever, so the end of the slice is looked at here. Objects
   * stay where they are until the fiber goes on, like those of one that a signal has found: not
   * behind every routine its references can be told.
   */
  private FiberState routine(Fiber fiber, ExitCode code, @Nullable Carrier carrier) {
    TrapKind kind = routines.serve(code, callingInstance());
    if (kind != null) {
      return trapped(fiber, Trap.of(kind, frames(fiber, false)));
    }
    if (carrier != null && carrier.isDue()) {
      fiber.atSafepoint = false;
      fiber.keepsResult = true;
      fiber.result = RawMemory.getLong(store.values());
    }
    return FiberState.READY;
  }

  /** Runs a fresh fiber to its end, stopping it at the store's deadline or when cancelled. */
  FiberState runToEnd(Fiber fiber, Carrier carrier) {
    Interruption interruption = execution.interruption();
    Carrier before = execution.runOn(carrier);
    try {
      TrapKind due = interruption.due();
      if (due != null) {
        return trapped(
            fiber, new Trap(due, execution.interruption().message(due), List.of(), null));
      }
      if (interruption.hasDeadline()) {
        carrier.preemptAfter(interruption.remainingNanos());
      }
      return serve(fiber, resume(fiber), null);
    } finally {
      execution.runOn(before);
    }
  }

  /** Takes up a parked fiber whose host function has completed: ready, trapped or parked again. */
  FiberState completePending(Fiber fiber) {
    PendingCall pending = fiber.pending;
    VmFunction function = fiber.pendingFunction;
    if (pending == null) {
      throw new IllegalStateException("fiber is parked on nothing");
    }
    fiber.pending = null;
    fiber.pendingFunction = null;
    try {
      HostWaits.throwFailure(pending.stage().toCompletableFuture());
      PendingCall next = pending.resume(fiber.slots());
      if (next != null) {
        return park(fiber, function, next);
      }
    } catch (Throwable failure) {
      return failed(fiber, failure);
    }
    if (function != null) {
      fiber.slots().writeResults(function.type(), store.values());
    }
    return FiberState.READY;
  }

  /**
   * {@code memory.atomic.wait}: a sliced fiber parks; a plain call blocks its thread, which
   * deadline, cancellation and {@link Thread#interrupt} end.
   */
  private FiberState atomicWait(Fiber fiber, ExitCode code, boolean mayBlock) {
    AtomicWaits.Attempt attempt = atomics.begin(code, callingInstance());
    TrapKind trap = attempt.trap();
    if (trap != null) {
      return trapped(fiber, Trap.of(trap, frames(fiber, false)));
    }
    WaitQueues.Waiter waiter = attempt.waiter();
    if (waiter == null) {
      return FiberState.READY;
    }
    try {
      atomics.startTimer(waiter);
      if (!mayBlock) {
        return park(fiber, null, atomics.pending(waiter));
      }
      waits.await(waiter);
      atomics.finish(waiter.join());
      return FiberState.READY;
    } catch (Throwable e) {
      boolean _ = waiter.cancel(false);
      return trapped(fiber, hostTrap(fiber, e));
    }
  }

  /** The trap of a fiber that ended by one. */
  Trap trapOf(Fiber fiber) {
    Trap trap = fiber.trap;
    if (trap == null) {
      throw new IllegalStateException("fiber has not trapped");
    }
    return trap;
  }

  /** The trap that deadline or cancellation demand now, or null. */
  @Nullable Trap dueTrap(Fiber fiber, boolean exact) {
    TrapKind due = execution.interruption().due();
    return due == null
        ? null
        : new Trap(due, execution.interruption().message(due), frames(fiber, exact), null);
  }

  /** The frames of a fiber that was preempted and is loaded. */
  List<WasmFrame> backtrace(Fiber fiber) {
    return frames(fiber, fiber.preempted);
  }

  FiberState trapped(Fiber fiber, Trap trap) {
    fiber.trap = trap;
    return FiberState.TRAPPED;
  }

  private FiberState hostCall(Fiber fiber, @Nullable Carrier carrier) {
    long callee = RawMemory.getLong(context + StoreContext.CALLEE_INSTANCE);
    VmFunction function =
        store.hostFunction(RawMemory.getInt(callee + InstanceLayout.HOST_FUNCTION));
    long callerHandle = RawMemory.getLong(callee + InstanceLayout.HANDLE);
    HostFunctionBody body = function.body();
    if (body == null) {
      throw new IllegalStateException("guest left to call a function that is not the host's");
    }
    VmInstance caller = callerHandle == 0 ? null : store.instanceOf(callerHandle);
    fiber.slots().readArguments(function.type(), caller, store.values());
    store.collected().collectHostObjects();
    try {
      return switch (body.kind()) {
        case INLINE -> inline(fiber, function, body, carrier);
        case BLOCKING ->
            carrier == null
                ? blocking(fiber, function, body)
                : park(fiber, function, new BlockingCall(body, fiber.slots()));
        case WAITING -> waiting(fiber, function, body, carrier);
      };
    } catch (Throwable failure) {
      takeUp(fiber);
      return failed(fiber, failure);
    }
  }

  /**
   * An exception of the host has left this loop: the guest stands where it stood, half-way, and
   * goes on no more, and neither does anybody else in the store.
   */
  void abandon(Fiber fiber) {
    if (fiber.started) {
      store.poison();
    }
  }

  /** After what a host function threw: an exception that the guest catches, or a trap. */
  private FiberState failed(Fiber fiber, Throwable failure) {
    if (failure instanceof ExceptionSignal signal && isOwn(signal.exception())) {
      return raise(fiber, signal.exception());
    }
    return trapped(fiber, hostTrap(fiber, failure));
  }

  @SuppressWarnings("ReferenceEquality") // a store is its identity
  private boolean isOwn(VmException exception) {
    return exception.tag().store() == store;
  }

  /** The fiber goes on where the exception is caught, or it is over. */
  private FiberState raise(Fiber fiber, VmException exception) {
    if (unwinder.land(exception, fiber.stack())) {
      return FiberState.READY;
    }
    exception.keep();
    TrapKind kind = TrapKind.UNCAUGHT_EXCEPTION;
    Trap trap =
        new Trap(kind, kind.message(), frames(fiber, false), new UncaughtException(exception));
    return trapped(fiber, trap);
  }

  /** What the guest throws: the values are in its frame. */
  private VmException thrown() {
    VmTag tag = callingInstance().tag(RawMemory.getInt(store.values()));
    List<ValType> types = tag.type().function().params();
    long frame = unwinder.frame();
    long[] values = new long[2 * types.size()];
    for (int i = 0; i < types.size(); i++) {
      long at = frame + CaughtException.value(i);
      ValType type = types.get(i);
      boolean narrow = type == NumType.I32 || type == NumType.F32;
      values[2 * i] = narrow ? Integer.toUnsignedLong(RawMemory.getInt(at)) : RawMemory.getLong(at);
      values[2 * i + 1] = type == VecType.V128 ? RawMemory.getLong(at + Long.BYTES) : 0;
    }
    return new VmException(tag, values);
  }

  private FiberState throwAgain(Fiber fiber) {
    VmException exception = store.exceptions().find(RawMemory.getLong(store.values()));
    if (exception == null) {
      TrapKind kind = TrapKind.LIMIT_EXCEEDED;
      String message = kind.message() + ": an exception too old to be thrown again";
      return trapped(fiber, new Trap(kind, message, frames(fiber, false), null));
    }
    return raise(fiber, exception);
  }

  private FiberState inline(
      Fiber fiber, VmFunction function, HostFunctionBody body, @Nullable Carrier carrier)
      throws Throwable {
    if (body.invoke(fiber.slots()) != null) {
      throw new IllegalStateException("an inline host function left something to wait for");
    }
    return returned(fiber, function, carrier);
  }

  /**
   * A host function has returned: the guest goes on with its results, now or, when its slice is
   * over, in the next one. A guest that does little but call the host is hardly ever found by a
   * signal; every so many calls are cheap to ask at, however long they take.
   */
  private FiberState returned(Fiber fiber, VmFunction function, @Nullable Carrier carrier) {
    fiber.hostCalls = fiber.hostCalls + 1;
    if (carrier != null && fiber.hostCalls % CALLS_BETWEEN_LOOKS == 0 && carrier.isDue()) {
      fiber.returned = function;
    } else {
      fiber.slots().writeResults(function.type(), store.values());
    }
    return FiberState.READY;
  }

  private FiberState blocking(Fiber fiber, VmFunction function, HostFunctionBody body)
      throws Throwable {
    execution.active(null);
    Thread outer = execution.hold();
    try {
      waits.block(() -> {
        if (body.invoke(fiber.slots()) != null) {
          throw new IllegalStateException("a blocking host function left something to wait for");
        }
      });
    } finally {
      execution.giveBack(outer);
    }
    takeUp(fiber);
    execution.requireSound();
    fiber.slots().writeResults(function.type(), store.values());
    return FiberState.READY;
  }

  /** After something that may have run other fibers of the store. */
  @SuppressWarnings("ReferenceEquality") // a fiber is its identity
  private void takeUp(Fiber fiber) {
    Fiber running = execution.active();
    if (running != null && running != fiber) {
      throw new IllegalStateException("two threads use one store");
    }
    execution.active(fiber);
    execution.load(fiber);
  }

  private FiberState waiting(
      Fiber fiber, VmFunction function, HostFunctionBody body, @Nullable Carrier carrier)
      throws Throwable {
    PendingCall pending = body.invoke(fiber.slots());
    while (pending != null) {
      if (carrier != null) {
        return park(fiber, function, pending);
      }
      execution.active(null);
      waits.await(pending.stage().toCompletableFuture());
      takeUp(fiber);
      execution.requireSound();
      pending = pending.resume(fiber.slots());
    }
    return returned(fiber, function, carrier);
  }

  private static FiberState park(Fiber fiber, @Nullable VmFunction function, PendingCall pending) {
    fiber.pending = pending;
    fiber.pendingFunction = function;
    return FiberState.PARKED;
  }

  /** What a host function threw, as the trap of its caller. */
  private Trap hostTrap(Fiber fiber, Throwable failure) {
    if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
      throw error;
    }
    if (failure instanceof TrapSignal signal) {
      return new Trap(signal.kind(), signal.text(), frames(fiber, false), signal.reason());
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    String detail = failure.getMessage();
    String message =
        TrapKind.HOST_ERROR.message()
            + ": "
            + (detail == null ? failure.getClass().getName() : detail);
    return new Trap(TrapKind.HOST_ERROR, message, frames(fiber, false), failure);
  }

  private Trap guestTrap(Fiber fiber) {
    TrapKind kind = TrapKind.of(RawMemory.getInt(context + StoreContext.EXIT_ARG));
    boolean exact = store.engine().tunables().traps() == TrapMode.SIGNALS;
    if (kind == TrapKind.MEMORY_OUT_OF_BOUNDS && exact) {
      checkFaultAddress();
    }
    return Trap.of(kind, frames(fiber, exact));
  }

  /**
   * The second check of a memory fault: it must have touched one of the store's memories. Anything
   * else is a compiler error that must not pass for an ordinary trap.
   */
  private void checkFaultAddress() {
    long address = RawMemory.getLong(context + StoreContext.FAULT_ADDRESS);
    long pc = RawMemory.getLong(context + StoreContext.EXIT_PC);
    // An explicit check traps by an instruction of its own and touches no memory.
    if (address != 0 && address != pc && !store.mayFaultAt(address)) {
      store.poison();
      throw new IllegalStateException(
          "guest code at 0x"
              + Long.toHexString(pc)
              + " faulted at 0x"
              + Long.toHexString(address)
              + ", outside of the memories of its store");
    }
  }

  private List<WasmFrame> frames(Fiber fiber, boolean exact) {
    return Unwinder.walk(
        RawMemory.getLong(context + StoreContext.EXIT_PC),
        RawMemory.getLong(context + StoreContext.EXIT_RSP),
        exact,
        fiber.stack());
  }

  private VmInstance callingInstance() {
    long instance = RawMemory.getLong(context + StoreContext.CALLEE_INSTANCE);
    return store.instanceOf(RawMemory.getLong(instance + InstanceLayout.HANDLE));
  }
}

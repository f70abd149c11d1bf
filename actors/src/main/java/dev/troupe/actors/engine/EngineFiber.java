package dev.troupe.actors.engine;

import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.CallStreams;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.FiberState;
import dev.troupe.actors.port.GuestLog;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.ExhaustedException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call: the start function when the instance is new, {@code _initialize} of a reactor, {@code
 * troupe_alloc} when the input is bytes and no program takes them, then the entry point; one after
 * the other in one store.
 */
final class EngineFiber implements CallFiber {

  /** What runs, or runs next. */
  private enum Stage {
    START,
    INITIALIZE,
    ALLOCATE,
    ENTRY
  }

  private static final long LOW_WORD = 0xFFFF_FFFFL;

  private final EngineModule module;
  private final Store<GuestSlot> store;
  private final Instance instance;
  private final @Nullable Func start;
  private final CallRequest request;
  private final Claimant claimant;
  private final ModuleDescription.Abi abi;
  private final String entryPoint;
  private final boolean countsFuel;
  private Stage stage;
  private @Nullable Invocation invocation;
  private @Nullable CompletionStage<?> stackFree;
  private boolean entered;
  private boolean over;
  private boolean returned;
  private int payloadAddress;

  EngineFiber(
      EngineModule module,
      Store<GuestSlot> store,
      Instance instance,
      @Nullable Func start,
      CallRequest request,
      Claimant claimant) {
    this.module = module;
    this.store = store;
    this.instance = instance;
    this.start = start;
    this.request = request;
    this.claimant = claimant;
    this.abi = module.description().abi(request);
    this.entryPoint = module.description().entryPoint(request);
    this.countsFuel = store.engine().config().tunables().fuel();
    this.stage = start != null ? Stage.START : afterStart();
    if (countsFuel) {
      store.setFuel(request.fuel().orElse(Long.MAX_VALUE / 2));
    }
  }

  private Stage afterStart() {
    return module.description().isReactor() ? Stage.INITIALIZE : firstOfCall();
  }

  private Stage firstOfCall() {
    return abi == ModuleDescription.Abi.BYTES ? Stage.ALLOCATE : Stage.ENTRY;
  }

  @Override
  public FiberState resume(int workerIndex) {
    CompletionStage<?> turn = stackFree;
    stackFree = null;
    try {
      return resume(workerIndex, turn != null);
    } finally {
      if (turn != null) {
        module.lines().stacks().served(turn);
      }
    }
  }

  /**
   * Runs until it stops.
   *
   * @param called whether a stack is kept for it
   */
  private FiberState resume(int workerIndex, boolean called) {
    while (true) {
      Invocation running = invocation;
      if (running == null) {
        running = next();
        invocation = running;
        entered = false;
      }
      if (!entered && !called && module.lines().stacks().mustWait()) {
        return waitForStack();
      }
      SliceOutcome outcome;
      try {
        outcome = module.carriers().run(workerIndex, running);
      } catch (ExhaustedException noStack) {
        if (entered) {
          throw noStack;
        }
        return waitForStack();
      }
      entered = true;
      FiberState state =
          switch (outcome) {
            case PREEMPTED -> FiberState.INTERRUPTED;
            case PARKED -> parked(running);
            case TRAPPED -> ended(running.trap());
            case DONE -> finished(running.results());
          };
      if (state != null) {
        return state;
      }
    }
  }

  private FiberState waitForStack() {
    invocation = null;
    CompletionStage<?> turn = module.lines().stacks().join(claimant, 1);
    stackFree = turn;
    return new FiberState.Waiting(turn);
  }

  private Invocation next() {
    return switch (stage) {
      case START -> {
        if (start == null) {
          throw new IllegalStateException("no start function to run");
        }
        yield start.start();
      }
      case INITIALIZE -> instance.func(ModuleDescription.INITIALIZE).start();
      case ALLOCATE -> instance.func(ModuleDescription.ALLOCATE).start(Value.i32(payload().length));
      case ENTRY -> {
        Func entry = instance.func(entryPoint);
        yield switch (abi) {
          case VALUES ->
              entry.start(EngineValues.toEngine(((CallInput.Values) request.input()).values()));
          case BYTES -> entry.start(Value.i32(payloadAddress), Value.i32(payload().length));
          case PROGRAM -> entry.start();
        };
      }
    };
  }

  private static FiberState parked(Invocation running) {
    CompletableFuture<Boolean> woken = new CompletableFuture<>();
    running.onWake(() -> woken.complete(true));
    return new FiberState.Waiting(woken);
  }

  private FiberState trapped(GuestTrap trap) {
    over = true;
    return new FiberState.Trapped(trap);
  }

  /** A stage is done: null when there is another one. */
  private @Nullable FiberState finished(List<Value> results) {
    invocation = null;
    return switch (stage) {
      case START -> {
        stage = afterStart();
        yield null;
      }
      case INITIALIZE -> {
        stage = firstOfCall();
        yield null;
      }
      case ALLOCATE -> {
        payloadAddress = results.getFirst().asI32();
        stage = Stage.ENTRY;
        yield writePayload();
      }
      case ENTRY -> {
        over = true;
        yield switch (abi) {
          case VALUES -> {
            returned = true;
            yield new FiberState.Returned(new CallOutput.Values(EngineValues.toPort(results)));
          }
          case BYTES -> readAnswer(results.getFirst().asI64());
          case PROGRAM -> written();
        };
      }
    };
  }

  private byte[] payload() {
    return ((CallInput.Payload) request.input()).bytes();
  }

  /** The end of a program that did not trap. */
  private FiberState written() {
    returned = true;
    byte[] output = store.data().world().output();
    long streamed =
        request.input() instanceof CallInput.Streams(CallStreams streams) ? streams.bytesOut() : 0;
    return new FiberState.Returned(
        output == null ? new CallOutput.Streamed(streamed) : new CallOutput.Payload(output));
  }

  /** The end of a guest that did not return: by itself, or by a trap. */
  private FiberState ended(TrapException trap) {
    if (trap.reason() instanceof OutputTooLargeException tooLarge) {
      over = true;
      return tooLarge.isQuota()
          ? new FiberState.TooLarge(tooLarge.bytes())
          : new FiberState.Trapped(
              new GuestTrap(
                  TrapReason.MEMORY_LIMIT,
                  String.valueOf(tooLarge.getMessage()),
                  EngineValues.frames(trap)));
    }
    GuestWorld world = store.data().worldOrNull();
    OptionalInt status = world == null ? OptionalInt.empty() : world.exitStatus(trap);
    if (status.isEmpty()) {
      return trapped(EngineValues.trap(trap, instance));
    }
    if (status.getAsInt() == 0 && abi == ModuleDescription.Abi.PROGRAM && stage == Stage.ENTRY) {
      over = true;
      return written();
    }
    return trapped(
        new GuestTrap(
            TrapReason.EXIT,
            "the program ended with status " + Integer.toUnsignedString(status.getAsInt()),
            EngineValues.frames(trap),
            status,
            null));
  }

  @Override
  public GuestLog log() {
    GuestWorld world = store.data().worldOrNull();
    return world == null ? GuestLog.EMPTY : world.log();
  }

  private @Nullable FiberState writePayload() {
    byte[] bytes = payload();
    long address = Integer.toUnsignedLong(payloadAddress);
    if (address + bytes.length > instance.memory("memory").byteLength()) {
      return trapped(outOfBounds(ModuleDescription.ALLOCATE + " gave", address, bytes.length));
    }
    instance.memory("memory").write(address, bytes);
    return null;
  }

  private FiberState readAnswer(long addressAndLength) {
    long address = addressAndLength >>> Integer.SIZE;
    long length = addressAndLength & LOW_WORD;
    if (address + length > instance.memory("memory").byteLength()
        || length > Integer.MAX_VALUE - Long.BYTES) {
      return trapped(outOfBounds("'" + request.entryPoint() + "' returned", address, length));
    }
    returned = true;
    if (length > request.responseBytes()) {
      return new FiberState.TooLarge(length);
    }
    return new FiberState.Returned(
        new CallOutput.Payload(instance.memory("memory").read(address, (int) length)));
  }

  private static GuestTrap outOfBounds(String who, long address, long length) {
    return new GuestTrap(
        TrapReason.MEMORY_OUT_OF_BOUNDS,
        "out of bounds memory access: %s address %d and length %d".formatted(who, address, length),
        List.of());
  }

  @Override
  public GuestTrap stop(TrapReason reason, String message) {
    List<GuestTrap.Frame> backtrace = List.of();
    CompletionStage<?> waiting = stackFree;
    if (waiting != null) {
      boolean _ = waiting.toCompletableFuture().cancel(false);
    }
    Invocation running = invocation;
    if (!over && running != null && !running.isFinished()) {
      if (entered) {
        // A cancelled call does not run on: its next slice only finds out where it stood.
        running.cancel(message);
        if (module.carriers().runHere(running) == SliceOutcome.TRAPPED) {
          backtrace = EngineValues.frames(running.trap());
        }
      }
      if (!running.isFinished()) {
        running.drop(message);
      }
    }
    over = true;
    return new GuestTrap(reason, message, backtrace);
  }

  @Override
  public OptionalLong fuelUsed() {
    return countsFuel ? OptionalLong.of(store.usage().fuelConsumed()) : OptionalLong.empty();
  }

  /** Whether the call has returned, so that the instance may serve another. */
  boolean returned() {
    return returned;
  }
}

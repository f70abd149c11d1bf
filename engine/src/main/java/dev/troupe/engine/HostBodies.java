package dev.troupe.engine;

import dev.troupe.engine.runtime.HostFunctionBody;
import dev.troupe.engine.runtime.HostFunctionKind;
import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** From the façade's host functions to what the runtime runs. */
final class HostBodies {
  private HostBodies() {}

  static <T> HostFunctionBody inline(Store<T> store, FuncType type, HostFunction<T> body) {
    return new Direct<>(
        store,
        type,
        HostFunctionKind.INLINE,
        (caller, call) -> {
          body.call(caller, call);
          return null;
        });
  }

  static <T> HostFunctionBody waiting(Store<T> store, FuncType type, WaitingHostFunction<T> body) {
    return new Direct<>(store, type, HostFunctionKind.WAITING, body);
  }

  static <T> HostFunctionBody blocking(Store<T> store, FuncType type, HostFunction<T> body) {
    return new Blocking<>(store, type, body);
  }

  static <T> HostFunctionBody async(Store<T> store, FuncType type, AsyncHostFunction<T> body) {
    return new Direct<>(
        store,
        type,
        HostFunctionKind.WAITING,
        (caller, call) -> new Stage<>(body.call(caller, call)));
  }

  /**
   * Runs on the thread that runs the guest. Keeps the objects of the last call: most calls come
   * from the same fiber and instance.
   */
  private static final class Direct<T> implements HostFunctionBody {
    private final Store<T> store;
    private final FuncType type;
    private final HostFunctionKind kind;
    private final WaitingHostFunction<T> body;
    private @Nullable HostSlots lastSlots;
    private @Nullable VmInstance lastInstance;
    private HostCall lastCall;
    private Caller<T> lastCaller;

    Direct(Store<T> store, FuncType type, HostFunctionKind kind, WaitingHostFunction<T> body) {
      this.store = store;
      this.type = type;
      this.kind = kind;
      this.body = body;
      this.lastCall = new HostCall(store, type, new HostSlots(store.internal()));
      this.lastCaller = new Caller<>(store, null);
    }

    @Override
    public HostFunctionKind kind() {
      return kind;
    }

    @Override
    public @Nullable PendingCall invoke(HostSlots slots) throws Exception {
      use(slots);
      HostWait<T> wait = body.call(lastCaller, lastCall);
      return wait == null ? null : new Pending<>(this, wait, wait.ready());
    }

    @Nullable PendingCall resume(HostWait<T> wait, HostSlots slots) throws Exception {
      use(slots);
      HostWait<T> next = wait.resume(lastCaller, lastCall);
      return next == null ? null : new Pending<>(this, next, next.ready());
    }

    @SuppressWarnings("ReferenceEquality") // only identical objects may be reused
    private void use(HostSlots slots) {
      if (slots != lastSlots) {
        lastSlots = slots;
        lastCall = new HostCall(store, type, slots);
      }
      if (slots.caller() != lastInstance) {
        lastInstance = slots.caller();
        lastCaller = new Caller<>(store, lastInstance);
      }
    }
  }

  private record Pending<T>(Direct<T> function, HostWait<T> next, CompletableFuture<?> stage)
      implements PendingCall {
    @Override
    public @Nullable PendingCall resume(HostSlots slots) throws Exception {
      return function.resume(next, slots);
    }
  }

  /** The results arrive with the stage, and are put in place when the guest goes on. */
  private record Stage<T>(CompletableFuture<List<Value>> ready) implements HostWait<T> {
    Stage(CompletionStage<List<Value>> stage) {
      this(stage.toCompletableFuture());
    }

    @Override
    public @Nullable HostWait<T> resume(Caller<T> caller, HostCall call) {
      List<Value> results = ready.join();
      FuncType type = call.type();
      if (results.size() != type.resultCount()) {
        throw new IllegalArgumentException(
            "expected " + type.resultCount() + " results, got " + results.size());
      }
      for (int i = 0; i < results.size(); i++) {
        call.result(i, results.get(i));
      }
      return null;
    }
  }

  /** May run beside other calls of the function, so it shares nothing with them. */
  private record Blocking<T>(Store<T> store, FuncType type, HostFunction<T> body)
      implements HostFunctionBody {
    @Override
    public HostFunctionKind kind() {
      return HostFunctionKind.BLOCKING;
    }

    @Override
    public @Nullable PendingCall invoke(HostSlots slots) throws Exception {
      body.call(new Caller<>(store, slots.caller()), new HostCall(store, type, slots));
      return null;
    }
  }
}

package dev.troupe.engine;

import dev.troupe.engine.runtime.HostFunctionBody;
import dev.troupe.engine.runtime.HostFunctionKind;
import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** From the façade's host functions to what the runtime runs. */
final class HostBodies {
  private HostBodies() {}

  static <T> HostFunctionBody inline(Store<T> store, FuncType type, HostFunction<T> body) {
    return new Sync<>(store, type, body, HostFunctionKind.INLINE);
  }

  static <T> HostFunctionBody blocking(Store<T> store, FuncType type, HostFunction<T> body) {
    return new Sync<>(store, type, body, HostFunctionKind.BLOCKING);
  }

  static <T> HostFunctionBody async(Store<T> store, FuncType type, AsyncHostFunction<T> body) {
    return new Async<>(store, type, body);
  }

  /** Keeps the objects of the last call: most calls come from the same fiber and instance. */
  private static final class Sync<T> implements HostFunctionBody {
    private final Store<T> store;
    private final FuncType type;
    private final HostFunction<T> body;
    private final HostFunctionKind kind;
    private @Nullable HostSlots lastSlots;
    private @Nullable VmInstance lastInstance;
    private HostCall lastCall;
    private Caller<T> lastCaller;

    Sync(Store<T> store, FuncType type, HostFunction<T> body, HostFunctionKind kind) {
      this.store = store;
      this.type = type;
      this.body = body;
      this.kind = kind;
      this.lastCall = new HostCall(store, type, new HostSlots(store.internal()));
      this.lastCaller = new Caller<>(store, null);
    }

    @Override
    public HostFunctionKind kind() {
      return kind;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // only identical objects may be reused
    public @Nullable CompletionStage<?> invoke(HostSlots slots) throws Exception {
      if (kind == HostFunctionKind.BLOCKING) {
        body.call(new Caller<>(store, slots.caller()), new HostCall(store, type, slots));
        return null;
      }
      if (slots != lastSlots) {
        lastSlots = slots;
        lastCall = new HostCall(store, type, slots);
      }
      if (slots.caller() != lastInstance) {
        lastInstance = slots.caller();
        lastCaller = new Caller<>(store, lastInstance);
      }
      body.call(lastCaller, lastCall);
      return null;
    }
  }

  private record Async<T>(Store<T> store, FuncType type, AsyncHostFunction<T> body)
      implements HostFunctionBody {
    @Override
    public HostFunctionKind kind() {
      return HostFunctionKind.ASYNC;
    }

    @Override
    public CompletionStage<?> invoke(HostSlots slots) throws Exception {
      Caller<T> caller = new Caller<>(store, slots.caller());
      HostCall call = new HostCall(store, type, slots);
      CompletionStage<List<Value>> work = body.call(caller, call);
      CompletableFuture<Void> done =
          work.thenAccept(results -> put(call, results)).toCompletableFuture();
      if (!done.isDone()) {
        var _ = done.whenComplete((_, failure) -> abandon(work, failure));
      }
      return done;
    }

    /** The call ended before its host function did: nobody wants the results any more. */
    private static void abandon(CompletionStage<?> work, @Nullable Throwable failure) {
      if (failure instanceof CancellationException) {
        boolean _ = work.toCompletableFuture().cancel(false);
      }
    }

    private void put(HostCall call, List<Value> results) {
      if (results.size() != type.resultCount()) {
        throw new IllegalArgumentException(
            "expected " + type.resultCount() + " results, got " + results.size());
      }
      for (int i = 0; i < results.size(); i++) {
        call.result(i, results.get(i));
      }
    }
  }
}

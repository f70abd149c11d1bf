package dev.troupe.engine.differential;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.HostCall;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Table;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A module compiled and run by the engine. */
final class EngineGuest implements Guest {
  private static final long PLENTY = 1L << 40;

  private final Module module;
  private final Store<String> store;
  private final Instance instance;
  private final @Nullable Slicer slicer;
  private final boolean countsFuel;

  /** Runs calls in one go, or in slices when there is a slicer. */
  EngineGuest(Module module, WasmModule decoded, @Nullable Slicer slicer) {
    this.module = module;
    this.slicer = slicer;
    Engine engine = module.engine();
    store = Store.create(engine, "differential");
    countsFuel = engine.config().tunables().fuel();
    if (countsFuel) {
      store.setFuel(PLENTY);
    }
    Linker<String> linker = Linker.create(engine);
    for (Import imported : decoded.imports()) {
      FuncType type = (FuncType) imported.type();
      Linker<String> unused =
          linker.func(imported.module(), imported.name(), type, (caller, call) -> host(type, call));
    }
    instance = linker.instantiate(store, module);
  }

  private static void host(FuncType type, HostCall call) {
    long[] arguments = new long[type.paramCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = EngineValues.bits(call.value(i));
    }
    long[] results = HostBodies.call(type, arguments);
    for (int i = 0; i < results.length; i++) {
      call.result(i, EngineValues.value(type.results().get(i), results[i]));
    }
  }

  @Override
  public Outcome call(String function, long... arguments) {
    FuncType type = instance.func(function).type();
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      values.add(EngineValues.value(type.params().get(i), arguments[i]));
    }
    try {
      Func called = instance.func(function);
      List<Value> results = slicer == null ? called.call(values) : slicer.run(called.start(values));
      return new Outcome.Returned(results.stream().map(EngineValues::bits).toList());
    } catch (TrapException e) {
      return new Outcome.Trapped(e.kind());
    }
  }

  @Override
  public long fuelUsed() {
    return countsFuel ? PLENTY - store.remainingFuel() : NOT_COUNTED;
  }

  @Override
  public byte[] memory() {
    Memory memory = instance.memory("memory");
    return memory.read(0, (int) memory.byteLength());
  }

  @Override
  public List<Long> globals() {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < Comparison.GLOBALS; i++) {
      values.add(EngineValues.bits(instance.global("g" + i).get()));
    }
    return values;
  }

  @Override
  public List<String> tables() {
    List<String> result = new ArrayList<>();
    for (String name : Comparison.TABLES) {
      Table table = instance.table(name);
      StringBuilder nulls = new StringBuilder(name + " ");
      for (long i = 0; i < table.size(); i++) {
        nulls.append(EngineValues.bits(table.get(i)) == 0 ? '.' : 'x');
      }
      result.add(nulls.toString());
    }
    return result;
  }

  @Override
  public void close() {
    store.close();
    module.close();
  }
}

package dev.troupe.engine.fuzz;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.HostCall;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Table;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.differential.EngineValues;
import dev.troupe.engine.differential.HostBodies;
import dev.troupe.engine.differential.Slicer;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engine in one configuration. */
final class EngineSubject implements Subject {
  private static final long PLENTY_OF_FUEL = 1L << 40;

  private final String name;
  private final Engine engine;
  private final @Nullable Engine loader;
  private final @Nullable Slicer slicer;
  private final AutoCloseable owned;

  /**
   * @param engine what compiles; closed with this subject
   * @param loader what runs the artifact, or null for the engine that compiled; closed, too
   * @param slicer cuts calls into slices, or null
   * @param owned closed before the engines
   */
  EngineSubject(
      String name,
      Engine engine,
      @Nullable Engine loader,
      @Nullable Slicer slicer,
      AutoCloseable owned) {
    this.name = name;
    this.engine = engine;
    this.loader = loader;
    this.slicer = slicer;
    this.owned = owned;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    if (loader == null) {
      try (Module module = Module.fromBinary(engine, fuzzCase.wasm())) {
        return run(engine, module, fuzzCase);
      }
    }
    byte[] artifact = engine.precompileModule(fuzzCase.wasm());
    try (Module module = Module.deserialize(loader, artifact)) {
      return run(loader, module, fuzzCase);
    }
  }

  private List<String> run(Engine where, Module module, FuzzCase fuzzCase) {
    try (Store<String> store = Store.create(where, "fuzz")) {
      if (where.config().tunables().fuel()) {
        store.setFuel(PLENTY_OF_FUEL);
      }
      Linker<String> linker = Linker.create(where);
      for (Import wanted : fuzzCase.module().imports()) {
        FuncType type = (FuncType) wanted.type();
        Linker<String> unused =
            linker.func(wanted.module(), wanted.name(), type, (caller, call) -> host(type, call));
      }
      Instance instance;
      try {
        instance = linker.instantiate(store, module);
      } catch (TrapException e) {
        return List.of(Lines.trapped(e.kind()));
      } catch (InstantiationException e) {
        return e.getCause() instanceof TrapException trap
            ? List.of(Lines.trapped(trap.kind()))
            : List.of("refused " + e.getMessage());
      }
      return calls(instance, fuzzCase);
    }
  }

  private List<String> calls(Instance instance, FuzzCase fuzzCase) {
    WasmModule decoded = fuzzCase.module();
    List<String> lines = new ArrayList<>();
    lines.add("instance" + state(decoded, instance));
    boolean fueled = decoded.export("refuel") != null;
    for (FuzzCase.Call call : fuzzCase.calls()) {
      if (fueled) {
        List<Value> unused = call(instance.func("refuel"), List.of());
      }
      lines.add(outcome(instance.func(call.name()), call) + state(decoded, instance));
    }
    return lines;
  }

  private String outcome(Func func, FuzzCase.Call call) {
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < call.arguments().length; i++) {
      arguments.add(EngineValues.value(call.type().params().get(i), call.arguments()[i]));
    }
    try {
      List<Value> values = call(func, arguments);
      long[] results = values.stream().mapToLong(EngineValues::bits).toArray();
      return Lines.returned(call.type().results(), results);
    } catch (TrapException e) {
      return Lines.trapped(e.kind());
    }
  }

  private List<Value> call(Func func, List<Value> arguments) {
    return slicer == null ? func.call(arguments) : slicer.run(func.start(arguments));
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

  private static String state(WasmModule module, Instance instance) {
    StringBuilder out = new StringBuilder();
    for (Export export : module.exports()) {
      String name = export.name();
      switch (export.kind()) {
        case MEMORY -> {
          Memory memory = instance.memory(name);
          out.append(Lines.memory(name, memory.read(0, (int) memory.byteLength())));
        }
        case GLOBAL -> {
          long bits = EngineValues.bits(instance.global(name).get());
          out.append(Lines.global(name, module.globals().get(export.index()).type(), bits));
        }
        case TABLE -> {
          Table table = instance.table(name);
          StringBuilder nulls = new StringBuilder();
          for (long i = 0; i < table.size(); i++) {
            nulls.append(EngineValues.bits(table.get(i)) == 0 ? '.' : 'x');
          }
          out.append(Lines.table(name, nulls.toString()));
        }
        case FUNC, TAG -> {}
      }
    }
    return out.toString();
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close " + name, e);
    }
    engine.close();
    if (loader != null) {
      loader.close();
    }
  }
}

package dev.troupe.engine.fuzz;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Global;
import dev.troupe.engine.GuestException;
import dev.troupe.engine.HostCall;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.StressedEngine;
import dev.troupe.engine.Table;
import dev.troupe.engine.Tag;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.differential.EngineValues;
import dev.troupe.engine.differential.HostBodies;
import dev.troupe.engine.differential.Slicer;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engine in one configuration. */
final class EngineSubject implements Subject {
  private static final long PLENTY_OF_FUEL = 1L << 40;

  private final String name;
  private final Compilation compilation;
  private final @Nullable Engine loader;
  private final @Nullable Slicer slicer;
  private final boolean collecting;

  private EngineSubject(
      String name,
      Compilation compilation,
      @Nullable Engine loader,
      @Nullable Slicer slicer,
      boolean collecting) {
    this.name = name;
    this.compilation = compilation;
    this.loader = loader;
    this.slicer = slicer;
    this.collecting = collecting;
  }

  /** Calls run to their end. */
  static Subject undisturbed(String name, Compilation compilation) {
    return new EngineSubject(name, compilation, null, null, false);
  }

  /** Calls run in slices. */
  static Subject sliced(String name, Compilation compilation, Slicer slicer) {
    return new EngineSubject(name, compilation, null, slicer, false);
  }

  /** The collected heap is collected whenever an object is made. */
  static Subject collecting(String name, Compilation compilation) {
    return new EngineSubject(name, compilation, null, null, true);
  }

  /** Another engine loads the artifact; it is closed with the subject. */
  static Subject loaded(String name, Compilation compilation, Engine loader) {
    return new EngineSubject(name, compilation, loader, null, false);
  }

  @Override
  public String name() {
    return name;
  }

  /** Nothing is collected where nothing is allocated. */
  @Override
  public boolean understands(FuzzCase fuzzCase) {
    return !collecting || fuzzCase.allocates();
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    if (loader == null) {
      return run(compilation.engine(), compilation.module(fuzzCase), fuzzCase);
    }
    try (Module module = Module.deserialize(loader, compilation.artifact(fuzzCase))) {
      return run(loader, module, fuzzCase);
    }
  }

  private List<String> run(Engine where, Module module, FuzzCase fuzzCase) {
    if (collecting) {
      StressedEngine.collectAtEveryAllocation(where, true);
    }
    try (Store<String> store = Store.create(where, "fuzz")) {
      if (where.config().tunables().fuel()) {
        store.setFuel(PLENTY_OF_FUEL);
      }
      Linker<String> linker = Linker.create(where);
      for (Import wanted : fuzzCase.module().imports()) {
        define(linker, store, wanted);
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
    } finally {
      if (collecting) {
        StressedEngine.collectAtEveryAllocation(where, false);
      }
    }
  }

  /** What the modules of other generators import, too: null references, and tags. */
  private static void define(Linker<String> linker, Store<String> store, Import wanted) {
    Linker<String> unused =
        switch (wanted.type()) {
          case FuncType type ->
              linker.func(wanted.module(), wanted.name(), type, (caller, call) -> host(type, call));
          case GlobalType type ->
              linker.define(
                  wanted.module(),
                  wanted.name(),
                  Global.create(store, type, new Value.Extern(null)));
          case TagType type ->
              linker.define(
                  wanted.module(), wanted.name(), Tag.create(store, type.function().params()));
          case MemoryType type -> throw new IllegalArgumentException("imports " + type);
          case TableType type -> throw new IllegalArgumentException("imports " + type);
        };
  }

  private List<String> calls(Instance instance, FuzzCase fuzzCase) {
    WasmModule decoded = fuzzCase.module();
    List<String> lines = new ArrayList<>();
    lines.add("instance");
    @Nullable Func refuel = decoded.export("refuel") == null ? null : instance.func("refuel");
    for (FuzzCase.Call call : fuzzCase.calls()) {
      if (refuel != null) {
        List<Value> unused = call(refuel, List.of());
      }
      lines.add(outcome(instance.func(call.name()), call));
    }
    lines.add("state" + state(decoded, instance));
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
    } catch (GuestException e) {
      return Lines.THROWN;
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
    if (loader != null) {
      loader.close();
    }
  }
}

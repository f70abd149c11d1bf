package dev.troupe.engine.wast;

import dev.troupe.engine.AnyRef;
import dev.troupe.engine.ArrayRef;
import dev.troupe.engine.Engine;
import dev.troupe.engine.ExternRef;
import dev.troupe.engine.Func;
import dev.troupe.engine.ImportType;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.LinkException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.StructRef;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.text.WastValue;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Scripts on an {@link Engine}. */
public final class EngineHost implements ScriptHost<Module, Instance> {
  /** How a binary becomes a module: compiled, or compiled and loaded in some roundabout way. */
  @FunctionalInterface
  public interface Loading {
    /** Loads a module. */
    Module load(Engine engine, byte[] binary);
  }

  /** How a function is called: directly, or in slices. */
  @FunctionalInterface
  public interface Calling {
    /**
     * Calls a function.
     *
     * @throws TrapException when it traps
     */
    List<Value> call(Func function, List<Value> arguments);
  }

  /** A host's object behind {@code ref.extern n}. */
  private record HostObject(int number) {}

  private static final long FUEL = Long.MAX_VALUE / 2;

  private final Engine engine;
  private final Loading loading;
  private final Calling calling;
  private final Store<EngineHost> store;
  private final Linker<EngineHost> linker;
  private final List<Module> modules = new ArrayList<>();

  private EngineHost(Engine engine, Loading loading, Calling calling) {
    this.engine = engine;
    this.loading = loading;
    this.calling = calling;
    this.store = Store.create(engine, this);
    if (engine.config().tunables().fuel()) {
      store.setFuel(FUEL);
    }
    this.linker = Linker.create(engine);
    linker.allowShadowing(true);
  }

  /** A fresh store of an engine, which compiles modules and calls functions directly. */
  public static EngineHost open(Engine engine) {
    return open(engine, Module::fromBinary, Func::call);
  }

  /** A fresh store of an engine that is used in a particular way. */
  public static EngineHost open(Engine engine, Loading loading, Calling calling) {
    EngineHost host = new EngineHost(engine, loading, calling);
    try {
      host.defineSpectest();
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
    return host;
  }

  private void defineSpectest() {
    Module definitions = load(Wat.toBinary(Spectest.definitions(engine.config().features())));
    linker.instance("spectest", linker.instantiate(store, definitions));
    for (Spectest.Function function : Spectest.FUNCTIONS) {
      FuncType type = new FuncType(function.parameters(), List.of());
      linker.func("spectest", function.name(), type, (caller, call) -> {});
    }
  }

  @Override
  public Module load(byte[] binary) {
    Module module = loading.load(engine, binary);
    modules.add(module);
    return module;
  }

  @Override
  public Set<String> importedModules(Module module) {
    return module.imports().stream().map(ImportType::module).collect(Collectors.toSet());
  }

  @Override
  public Instance instantiate(Module module) throws ScriptLinkException, ScriptTrapException {
    try {
      return linker.instantiate(store, module);
    } catch (LinkException e) {
      throw new ScriptLinkException(String.valueOf(e.getMessage()));
    } catch (InstantiationException e) {
      throw new ScriptTrapException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void register(String name, Instance instance) {
    linker.instance(name, instance);
  }

  @Override
  public List<ScriptValue> invoke(Instance instance, String function, List<WastValue> arguments)
      throws ScriptTrapException {
    List<Value> values = new ArrayList<>();
    Func found = instance.func(function);
    for (int i = 0; i < arguments.size(); i++) {
      values.add(toValue(arguments.get(i), found.type(), i));
    }
    List<Value> results;
    try {
      results = calling.call(found, values);
    } catch (TrapException e) {
      throw new ScriptTrapException(String.valueOf(e.getMessage()));
    }
    List<ScriptValue> out = new ArrayList<>();
    for (Value result : results) {
      out.add(ofValue(result));
    }
    return out;
  }

  @Override
  public ScriptValue get(Instance instance, String global) {
    return ofValue(instance.global(global).get());
  }

  /** Closes the store and the modules, not the engine. */
  @Override
  public void close() {
    store.close();
    for (Module module : modules) {
      module.close();
    }
  }

  private static Value toValue(WastValue value, FuncType type, int index) {
    return switch (value) {
      case WastValue.I32 v -> new Value.I32(v.value());
      case WastValue.I64 v -> new Value.I64(v.value());
      case WastValue.F32 v -> new Value.F32(v.bits());
      case WastValue.F64 v -> new Value.F64(v.bits());
      case WastValue.V128 v -> new Value.V128(v.low(), v.high());
      case WastValue.RefNull _ ->
          type.params().get(index) instanceof RefType reference
              ? Value.nullOf(reference)
              : Value.externRef(null);
      case WastValue.RefExtern v -> Value.externRef(new HostObject(v.number()));
      case WastValue.RefHost v ->
          Value.anyRef(new AnyRef.Host(ExternRef.of(new HostObject(v.number()))));
    };
  }

  private static ScriptValue ofValue(Value value) {
    return switch (value) {
      case Value.I32 v -> new ScriptValue.Number(new WastValue.I32(v.value()));
      case Value.I64 v -> new ScriptValue.Number(new WastValue.I64(v.value()));
      case Value.F32 v -> new ScriptValue.Number(new WastValue.F32(v.bits()));
      case Value.F64 v -> new ScriptValue.Number(new WastValue.F64(v.bits()));
      case Value.V128 v -> new ScriptValue.Number(new WastValue.V128(v.low(), v.high()));
      case Value.FuncRef v ->
          v.func() == null ? new ScriptValue.Null() : new ScriptValue.Function();
      case Value.ExnRef v ->
          v.exception() == null ? new ScriptValue.Null() : new ScriptValue.Exception();
      case Value.Extern v -> ofExtern(v.asExtern());
      case Value.Any v -> ofAny(v.reference());
    };
  }

  private static ScriptValue ofAny(@Nullable AnyRef reference) {
    return switch (reference) {
      case null -> new ScriptValue.Null();
      case AnyRef.I31 _ -> new ScriptValue.Object("i31", -1);
      case StructRef _ -> new ScriptValue.Object("struct", -1);
      case ArrayRef _ -> new ScriptValue.Object("array", -1);
      case AnyRef.Host(ExternRef host) ->
          new ScriptValue.Object(
              "any", host.object() instanceof HostObject known ? known.number() : -1);
    };
  }

  private static ScriptValue ofExtern(@Nullable Object object) {
    if (object == null) {
      return new ScriptValue.Null();
    }
    return new ScriptValue.Extern(object instanceof HostObject known ? known.number() : -1);
  }
}

package dev.troupe.engine.wast;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleThrown;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.text.WastValue;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Scripts on the interpreter: shows that the runner, the text, the decoder and the validator agree.
 */
final class OracleHost implements ScriptHost<WasmModule, OracleInstance> {
  private final OracleStore store = new OracleStore();
  private final PlainMatching matching = new PlainMatching(store.types());
  private final Map<String, OracleInstance> registered = new HashMap<>();

  private final WasmFeatures features;

  OracleHost() {
    this(WasmFeatures.DEFAULT);
  }

  OracleHost(WasmFeatures features) {
    this.features = features;
    WasmModule spectest = load(Wat.toBinary(Spectest.definitions(features)));
    registered.put("spectest", new OracleInstance(store, spectest, List.of()));
  }

  @Override
  public WasmModule load(byte[] binary) {
    WasmModule module = ModuleDecoder.decode(binary, features, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, features, WasmLimits.DEFAULT);
    return module;
  }

  @Override
  public Set<String> importedModules(WasmModule module) {
    return module.imports().stream().map(Import::module).collect(Collectors.toSet());
  }

  @Override
  public OracleInstance instantiate(WasmModule module)
      throws ScriptLinkException, ScriptTrapException {
    List<Object> imports = new ArrayList<>();
    for (int i = 0; i < module.imports().size(); i++) {
      imports.add(resolve(module, i));
    }
    try {
      return new OracleInstance(store, module, imports);
    } catch (OracleTrap e) {
      throw new ScriptTrapException(e.kind().message());
    } catch (OracleThrown e) {
      throw new ScriptTrapException(TrapKind.UNCAUGHT_EXCEPTION.message());
    }
  }

  private Object resolve(WasmModule module, int index) throws ScriptLinkException {
    Import imported = module.imports().get(index);
    OracleInstance from = registered.get(imported.module());
    Object found = find(imported, from);
    if (found == null || from == null) {
      throw new ScriptLinkException("unknown import " + imported.module());
    }
    int position = PlainMatching.position(module, index);
    if (!matching.matches(found, from.module(), imported, module, position)) {
      throw new ScriptLinkException("incompatible import type of " + imported.name());
    }
    return found;
  }

  private static @Nullable Object find(Import imported, @Nullable OracleInstance from) {
    if (imported.module().equals("spectest")) {
      for (Spectest.Function function : Spectest.FUNCTIONS) {
        if (function.name().equals(imported.name())) {
          FuncType type = new FuncType(function.parameters(), List.of());
          return new OracleFunction.Host(type, arguments -> new long[0]);
        }
      }
    }
    return from == null || !from.exports(imported.name()) ? null : from.export(imported.name());
  }

  @Override
  public void register(String name, OracleInstance instance) {
    registered.put(name, instance);
  }

  @Override
  public List<ScriptValue> invoke(
      OracleInstance instance, String function, List<WastValue> arguments)
      throws ScriptTrapException {
    FuncType type = instance.typeOf(function);
    long[] results;
    try {
      results =
          instance.invoke(function, arguments.stream().mapToLong(OracleHost::toBits).toArray());
    } catch (OracleTrap e) {
      throw new ScriptTrapException(e.kind().message());
    } catch (OracleThrown e) {
      throw new ScriptTrapException(TrapKind.UNCAUGHT_EXCEPTION.message());
    }
    List<ScriptValue> values = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      values.add(ofBits(type.results().get(i), results[i]));
    }
    return values;
  }

  @Override
  public ScriptValue get(OracleInstance instance, String global) {
    if (instance.export(global) instanceof OracleGlobal found) {
      return ofBits(found.type().type(), found.get());
    }
    throw new IllegalArgumentException("no global " + global);
  }

  @Override
  public void close() {}

  static long toBits(WastValue value) {
    return switch (value) {
      case WastValue.I32 v -> v.value();
      case WastValue.I64 v -> v.value();
      case WastValue.F32 v -> v.bits();
      case WastValue.F64 v -> v.bits();
      case WastValue.RefNull _ -> 0;
      case WastValue.RefExtern v -> OracleStore.HOST + v.number();
      case WastValue.V128 v -> VectorHandles.of(v.low(), v.high());
      case WastValue.RefHost v -> OracleStore.HOST + v.number();
    };
  }

  ScriptValue ofBits(ValType type, long bits) {
    return switch (type) {
      case NumType number ->
          new ScriptValue.Number(
              switch (number) {
                case I32 -> new WastValue.I32((int) bits);
                case I64 -> new WastValue.I64(bits);
                case F32 -> new WastValue.F32((int) bits);
                case F64 -> new WastValue.F64(bits);
              });
      case VecType _ ->
          new ScriptValue.Number(
              new WastValue.V128(VectorHandles.low(bits), VectorHandles.high(bits)));
      case RefType reference -> bits == 0 ? new ScriptValue.Null() : ofReference(reference, bits);
    };
  }

  // Values that scripts see are of abstract types, or of concrete ones whose kind they name.
  private ScriptValue ofReference(RefType type, long bits) {
    boolean isHost = OracleStore.isHost(bits);
    return switch (type.heap()) {
      case ConcreteHeapType _ ->
          store.kind(bits).isEmpty()
              ? new ScriptValue.Function()
              : new ScriptValue.Object(store.kind(bits), -1);
      case AbstractHeapType heap ->
          switch (Subtyping.topOf(heap)) {
            case FUNC -> new ScriptValue.Function();
            case EXN -> new ScriptValue.Exception();
            case EXTERN -> new ScriptValue.Extern(isHost ? (int) (bits - OracleStore.HOST) : -1);
            default ->
                isHost
                    ? new ScriptValue.Object("any", (int) (bits - OracleStore.HOST))
                    : new ScriptValue.Object(store.kind(bits), -1);
          };
    };
  }
}

package dev.troupe.engine.wast;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTable;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.text.WastValue;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.ExternType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.TableType;
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
  /** Added to the host's numbers, so that no reference to the host is null or a function. */
  private static final long HOST_REFERENCES = 1L << 40;

  private final OracleStore store = new OracleStore();
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
    for (Import imported : module.imports()) {
      imports.add(resolve(imported));
    }
    try {
      return new OracleInstance(store, module, imports);
    } catch (OracleTrap e) {
      throw new ScriptTrapException(e.kind().message());
    }
  }

  private Object resolve(Import imported) throws ScriptLinkException {
    Object found = find(imported);
    if (found == null) {
      throw new ScriptLinkException("unknown import " + imported.module());
    }
    if (!PlainMatching.matches(typeOf(found), imported.type())) {
      throw new ScriptLinkException("incompatible import type of " + imported.name());
    }
    return found;
  }

  private @Nullable Object find(Import imported) {
    if (imported.module().equals("spectest")) {
      for (Spectest.Function function : Spectest.FUNCTIONS) {
        if (function.name().equals(imported.name())) {
          FuncType type = new FuncType(function.parameters(), List.of());
          return new OracleFunction.Host(type, arguments -> new long[0]);
        }
      }
    }
    OracleInstance from = registered.get(imported.module());
    return from == null || !from.exports(imported.name()) ? null : from.export(imported.name());
  }

  private static ExternType typeOf(Object found) {
    return switch (found) {
      case OracleFunction function -> function.type();
      case OracleGlobal global -> global.type();
      case OracleMemory memory ->
          new MemoryType(
              now(memory.type().limits(), memory.pages()),
              memory.type().shared(),
              memory.type().pageSizeLog2());
      case OracleTable table ->
          new TableType(table.type().element(), now(table.type().limits(), table.size()));
      default -> throw new IllegalStateException("not to be imported: " + found);
    };
  }

  private static Limits now(Limits declared, long size) {
    return new Limits(size, declared.max(), declared.is64());
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
      case WastValue.RefExtern v -> HOST_REFERENCES + v.number();
      case WastValue.V128 v -> VectorHandles.of(v.low(), v.high());
      case WastValue.RefHost _ ->
          throw new IllegalArgumentException("not in the scalar subset: " + value);
    };
  }

  static ScriptValue ofBits(ValType type, long bits) {
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
      case RefType reference ->
          bits == 0
              ? new ScriptValue.Null()
              : reference.equals(RefType.EXTERNREF)
                  ? new ScriptValue.Extern((int) (bits - HOST_REFERENCES))
                  : new ScriptValue.Function();
    };
  }
}

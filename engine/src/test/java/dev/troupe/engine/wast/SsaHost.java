package dev.troupe.engine.wast;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.oracle.SsaInstance;
import dev.troupe.engine.text.WastValue;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Scripts on interpreted SSA: what front end and passes make of them, without a back end. */
final class SsaHost implements ScriptHost<WasmModule, OracleInstance> {
  private final OracleHost host;
  private final SsaInstance.Shared shared;

  SsaHost(Tunables tunables) {
    this(tunables, WasmFeatures.DEFAULT);
  }

  SsaHost(Tunables tunables, WasmFeatures features) {
    host = new OracleHost(features);
    shared = new SsaInstance.Shared(tunables);
  }

  @Override
  public WasmModule load(byte[] binary) {
    return host.load(binary);
  }

  @Override
  public Set<String> importedModules(WasmModule module) {
    return host.importedModules(module);
  }

  @Override
  public OracleInstance instantiate(WasmModule module)
      throws ScriptLinkException, ScriptTrapException {
    return host.instantiate(module);
  }

  @Override
  public void register(String name, OracleInstance instance) {
    host.register(name, instance);
  }

  @Override
  public List<ScriptValue> invoke(
      OracleInstance instance, String function, List<WastValue> arguments)
      throws ScriptTrapException {
    FuncType type = instance.typeOf(function);
    long[] bits = arguments.stream().mapToLong(OracleHost::toBits).toArray();
    try {
      long[] results = shared.of(instance).invoke(function, bits);
      List<ScriptValue> values = new ArrayList<>();
      for (int i = 0; i < results.length; i++) {
        values.add(host.ofBits(type.results().get(i), results[i]));
      }
      return values;
    } catch (OracleTrap e) {
      throw new ScriptTrapException(e.kind().message());
    }
  }

  @Override
  public ScriptValue get(OracleInstance instance, String global) {
    return host.get(instance, global);
  }

  @Override
  public void close() {
    host.close();
  }
}

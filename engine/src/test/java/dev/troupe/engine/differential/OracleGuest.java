package dev.troupe.engine.differential;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTable;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A module in the oracle. */
final class OracleGuest implements Guest {
  private final OracleStore store = new OracleStore();
  private final OracleInstance instance;

  OracleGuest(WasmModule module) {
    instance =
        OracleInstance.of(
            store,
            module,
            imported -> {
              FuncType type = (FuncType) imported.type();
              return new OracleFunction.Host(type, arguments -> HostBodies.call(type, arguments));
            });
  }

  @Override
  public Outcome call(String function, long... arguments) {
    try {
      long[] results = instance.invoke(function, arguments);
      return new Outcome.Returned(Arrays.stream(results).boxed().toList());
    } catch (OracleTrap e) {
      return new Outcome.Trapped(e.kind());
    }
  }

  @Override
  public long fuelUsed() {
    return store.fuelUsed();
  }

  @Override
  public byte[] memory() {
    return ((OracleMemory) instance.export("memory")).bytes();
  }

  @Override
  public List<Long> globals() {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < Comparison.GLOBALS; i++) {
      values.add(((OracleGlobal) instance.export("g" + i)).get());
    }
    return values;
  }

  @Override
  public List<String> tables() {
    List<String> result = new ArrayList<>();
    for (String name : Comparison.TABLES) {
      OracleTable table = (OracleTable) instance.export(name);
      StringBuilder nulls = new StringBuilder(name + " ");
      for (int i = 0; i < table.size(); i++) {
        nulls.append(table.get(i, TrapKind.TABLE_OUT_OF_BOUNDS) == 0 ? '.' : 'x');
      }
      result.add(nulls.toString());
    }
    return result;
  }

  @Override
  public void close() {}
}

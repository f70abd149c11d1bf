package dev.troupe.engine.fuzz;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.differential.HostBodies;
import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTable;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The plain interpreter. */
final class OracleSubject implements Subject {
  private static final Set<WasmFeature> UNKNOWN =
      EnumSet.of(WasmFeature.GC, WasmFeature.FUNCTION_REFERENCES, WasmFeature.EXCEPTIONS);

  @Override
  public String name() {
    return "oracle";
  }

  /** No collected heap, no references to call, no exceptions. */
  @Override
  public boolean understands(FuzzCase fuzzCase) {
    return !fuzzCase.allocates()
        && fuzzCase.module().tags().isEmpty()
        && fuzzCase.module().imports().stream().allMatch(i -> i.type() instanceof FuncType)
        && Opcodes.in(fuzzCase).stream().map(WasmOp::feature).noneMatch(UNKNOWN::contains);
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    List<String> lines = new ArrayList<>();
    OracleInstance instance;
    try {
      instance =
          OracleInstance.of(
              new OracleStore(),
              module,
              imported -> {
                FuncType type = (FuncType) imported.type();
                return new OracleFunction.Host(type, args -> HostBodies.call(type, args));
              });
    } catch (OracleTrap e) {
      return List.of(Lines.trapped(e.kind()));
    }
    lines.add("instance");
    boolean fueled = instance.exports("refuel");
    for (FuzzCase.Call call : fuzzCase.calls()) {
      if (fueled) {
        long[] unused = instance.invoke("refuel");
      }
      String outcome;
      try {
        long[] results = instance.invoke(call.name(), call.arguments());
        outcome = Lines.returned(call.type().results(), results);
      } catch (OracleTrap e) {
        outcome = Lines.trapped(e.kind());
      }
      lines.add(outcome);
    }
    lines.add("state" + state(module, instance));
    return lines;
  }

  private static String state(WasmModule module, OracleInstance instance) {
    StringBuilder out = new StringBuilder();
    for (Export export : module.exports()) {
      String name = export.name();
      switch (instance.export(name)) {
        case OracleMemory memory -> out.append(Lines.memory(name, memory.bytes()));
        case OracleGlobal global ->
            out.append(Lines.global(name, global.type().type(), global.get()));
        case OracleTable table -> {
          StringBuilder nulls = new StringBuilder();
          for (int i = 0; i < table.size(); i++) {
            nulls.append(table.get(i, TrapKind.TABLE_OUT_OF_BOUNDS) == 0 ? '.' : 'x');
          }
          out.append(Lines.table(name, nulls.toString()));
        }
        default -> {}
      }
    }
    return out.toString();
  }

  @Override
  public void close() {}
}

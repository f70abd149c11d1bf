package dev.troupe.engine.fuzz;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.differential.HostBodies;
import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTable;
import dev.troupe.engine.oracle.OracleTag;
import dev.troupe.engine.oracle.OracleThrown;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;

/** The plain interpreter. */
final class OracleSubject implements Subject {
  @Override
  public String name() {
    return "oracle";
  }

  /** No memories, tables and globals that are imported, which other generators leave open. */
  @Override
  public boolean understands(FuzzCase fuzzCase) {
    return fuzzCase.module().imports().stream()
        .allMatch(i -> i.type() instanceof FuncType || i.type() instanceof TagType);
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    List<String> lines = new ArrayList<>();
    OracleStore store = new OracleStore();
    OracleInstance instance;
    try {
      instance =
          OracleInstance.of(
              store,
              module,
              imported ->
                  imported.type() instanceof FuncType type
                      ? new OracleFunction.Host(type, args -> HostBodies.call(type, args))
                      : tag(store, (TagType) imported.type()));
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
      } catch (OracleThrown e) {
        outcome = Lines.THROWN;
      } catch (OracleTrap e) {
        outcome = Lines.trapped(e.kind());
      }
      lines.add(outcome);
    }
    lines.add("state" + state(module, instance));
    return lines;
  }

  private static OracleTag tag(OracleStore store, TagType type) {
    return new OracleTag(type, store.types().id(type.function()));
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

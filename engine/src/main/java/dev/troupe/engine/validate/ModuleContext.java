package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.BitSet;
import java.util.List;

/**
 * What function bodies may refer to, as arrays of type codes. Immutable once the module checked.
 */
final class ModuleContext {
  final WasmModule module;
  final WasmFeatures features;
  final WasmLimits limits;

  final int[][] typeParams;
  final int[][] typeResults;
  final int[] globalTypes;
  final boolean[] globalMutable;
  final int[] tableElements;
  final int[] tableAddresses;
  final int[] memoryAddresses;
  final int[] elementTypes;

  /** Functions that occur outside function bodies, so that {@code ref.func} may name them. */
  final BitSet declaredFunctions = new BitSet();

  ModuleContext(WasmModule module, WasmFeatures features, WasmLimits limits) {
    this.module = module;
    this.features = features;
    this.limits = limits;
    int types = module.types().size();
    typeParams = new int[types][];
    typeResults = new int[types][];
    for (int i = 0; i < types; i++) {
      FuncType type = module.funcType(i);
      typeParams[i] = TypeCodes.of(type.params());
      typeResults[i] = TypeCodes.of(type.results());
    }
    List<GlobalType> globals = module.globals();
    globalTypes = new int[globals.size()];
    globalMutable = new boolean[globals.size()];
    for (int i = 0; i < globalTypes.length; i++) {
      globalTypes[i] = globals.get(i).type().code();
      globalMutable[i] = globals.get(i).mutable();
    }
    List<TableType> tables = module.tables();
    tableElements = new int[tables.size()];
    tableAddresses = new int[tables.size()];
    for (int i = 0; i < tableElements.length; i++) {
      tableElements[i] = tables.get(i).element().code();
      tableAddresses[i] = tables.get(i).limits().addressType().code();
    }
    List<MemoryType> memories = module.memories();
    memoryAddresses = new int[memories.size()];
    for (int i = 0; i < memoryAddresses.length; i++) {
      memoryAddresses[i] = memories.get(i).limits().addressType().code();
    }
    elementTypes = new int[module.elements().size()];
    for (int i = 0; i < elementTypes.length; i++) {
      elementTypes[i] = module.elements().get(i).type().code();
    }
  }
}

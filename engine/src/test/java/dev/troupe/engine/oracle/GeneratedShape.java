package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import java.util.List;

/**
 * The definitions of a generated module that function bodies refer to.
 *
 * @param types the type section
 * @param imported how many of the functions are imported from the host
 * @param functions type index of each function, imported ones first
 * @param globals types of the globals; global 0 is the fuel
 * @param memories the memories, each of at least {@link #LEAST_MEMORY_BYTES}
 * @param tableSize minimum size of table 0 (funcref); table 1 is externref
 * @param dataSegments passive data segments; an active one follows them
 * @param trapping whether bodies may trap often
 * @param options what the module may use
 */
record GeneratedShape(
    List<FuncType> types,
    int imported,
    int[] functions,
    List<NumType> globals,
    List<MemoryType> memories,
    int tableSize,
    int dataSegments,
    boolean trapping,
    GeneratorOptions options) {

  /** Global that bounds loops and calls. */
  static final int FUEL = 0;

  /** What every memory has from the beginning. */
  static final int LEAST_MEMORY_BYTES = 5000;

  FuncType functionType(int function) {
    return types.get(functions[function]);
  }

  boolean vectors() {
    return options.vectors();
  }

  /** The global behind the others that modules with vectors have; it is not exported. */
  int vectorGlobal() {
    return globals.size();
  }

  boolean is64(int memory) {
    return memories.get(memory).limits().is64();
  }

  /** The type of addresses and sizes of a memory. */
  NumType addressType(int memory) {
    return is64(memory) ? NumType.I64 : NumType.I32;
  }
}

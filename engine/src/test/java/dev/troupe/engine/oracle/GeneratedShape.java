package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.List;

/**
 * The definitions of a generated module that function bodies refer to.
 *
 * @param types the type section
 * @param imported how many of the functions are imported from the host
 * @param functions type index of each function, imported ones first
 * @param globals types of the globals; global 0 is the fuel
 * @param tableSize minimum size of table 0 (funcref); table 1 is externref
 * @param dataSegments passive data segments; an active one follows them
 * @param trapping whether bodies may trap often
 * @param vectors whether bodies compute with vectors
 */
record GeneratedShape(
    List<FuncType> types,
    int imported,
    int[] functions,
    List<NumType> globals,
    int tableSize,
    int dataSegments,
    boolean trapping,
    boolean vectors) {

  /** Global that bounds loops and calls. */
  static final int FUEL = 0;

  FuncType functionType(int function) {
    return types.get(functions[function]);
  }
}

package dev.troupe.engine.contract;

/**
 * The counts of a module that decide its {@link InstanceLayout}. Index spaces have the imports
 * first.
 *
 * @param types function types
 * @param importedFunctions imported functions
 * @param definedFunctions functions with a body
 * @param importedTables imported tables
 * @param definedTables tables of the module itself
 * @param importedMemories imported memories
 * @param definedMemories memories of the module itself
 * @param importedGlobals imported globals
 * @param definedGlobals globals of the module itself
 */
public record InstanceShape(
    int types,
    int importedFunctions,
    int definedFunctions,
    int importedTables,
    int definedTables,
    int importedMemories,
    int definedMemories,
    int importedGlobals,
    int definedGlobals) {

  /** Functions in the index space. */
  public int functions() {
    return importedFunctions + definedFunctions;
  }

  /** Tables in the index space. */
  public int tables() {
    return importedTables + definedTables;
  }

  /** Memories in the index space. */
  public int memories() {
    return importedMemories + definedMemories;
  }

  /** Globals in the index space. */
  public int globals() {
    return importedGlobals + definedGlobals;
  }
}

package dev.troupe.engine.wasm;

/**
 * Bounds on what a module may contain. They keep a hostile module from using time or memory out of
 * proportion; exceeding one is reported as a malformed module at the offending offset. The defaults
 * are at least those of Wasmtime, which follow the JavaScript embedding's implementation limits.
 *
 * @param maxModuleBytes size of the whole binary
 * @param maxTypes entries of the type section
 * @param maxImports entries of the import section
 * @param maxFunctions defined and imported functions together
 * @param maxSubtypeDepth declared supertypes of one type, counted upwards
 * @param maxFields fields of one struct type
 * @param maxTables tables
 * @param maxMemories memories
 * @param maxGlobals globals
 * @param maxTags exception tags
 * @param maxExports exports
 * @param maxElementSegments element segments
 * @param maxElementsPerSegment entries of one element segment
 * @param maxDataSegments data segments
 * @param maxStringBytes bytes of one name
 * @param maxFunctionBytes bytes of one function body
 * @param maxLocals locals of one function, parameters included
 * @param maxParams parameters of one function type
 * @param maxResults results of one function type
 * @param maxBranchTableTargets targets of one {@code br_table}, without the default
 * @param maxNesting blocks open at one point of a function body
 * @param maxOperands values on the operand stack at one point of a function body
 */
public record WasmLimits(
    int maxModuleBytes,
    int maxTypes,
    int maxSubtypeDepth,
    int maxFields,
    int maxImports,
    int maxFunctions,
    int maxTables,
    int maxMemories,
    int maxGlobals,
    int maxTags,
    int maxExports,
    int maxElementSegments,
    int maxElementsPerSegment,
    int maxDataSegments,
    int maxStringBytes,
    int maxFunctionBytes,
    int maxLocals,
    int maxParams,
    int maxResults,
    int maxBranchTableTargets,
    int maxNesting,
    int maxOperands) {

  /** The limits of an engine that is not told otherwise. */
  public static final WasmLimits DEFAULT =
      new WasmLimits(
          1 << 30,
          1_000_000,
          63,
          10_000,
          1_000_000,
          1_000_000,
          100,
          100,
          1_000_000,
          1_000_000,
          1_000_000,
          100_000,
          10_000_000,
          100_000,
          100_000,
          7_654_321,
          50_000,
          1_000,
          1_000,
          7_654_321,
          50_000,
          1_000_000);
}

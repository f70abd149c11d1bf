package dev.troupe.engine.wasm;

/** What follows an instruction's opcode in the binary format (section 5.4). */
public enum Immediate {
  /** Nothing. */
  NONE,
  /** Block type. */
  BLOCK_TYPE,
  /** Block type, then a vector of catch clauses. */
  TRY_TABLE,
  /** Label index. */
  LABEL,
  /** Vector of label indexes, then the default label index. */
  LABEL_TABLE,
  /** Flags, label index, two heap types. */
  BRANCH_ON_CAST,
  /** Function index. */
  FUNCTION,
  /** Type index, then table index. */
  CALL_INDIRECT,
  /** Type index. */
  TYPE,
  /** Vector of value types. */
  SELECT_TYPES,
  /** Local index. */
  LOCAL,
  /** Global index. */
  GLOBAL,
  /** Table index. */
  TABLE,
  /** Element-segment index, then table index. */
  TABLE_INIT,
  /** Destination table index, then source table index. */
  TABLE_COPY,
  /** Element-segment index. */
  ELEMENT,
  /** Alignment and flags, memory index if flagged, offset. */
  MEM_ARG,
  /** As {@link #MEM_ARG}, then a lane index byte. */
  MEM_ARG_LANE,
  /** Memory index. */
  MEMORY,
  /** Data-segment index, then memory index. */
  MEMORY_INIT,
  /** Destination memory index, then source memory index. */
  MEMORY_COPY,
  /** Data-segment index. */
  DATA,
  /** Signed 32-bit LEB128. */
  I32,
  /** Signed 64-bit LEB128. */
  I64,
  /** Four bytes. */
  F32,
  /** Eight bytes. */
  F64,
  /** Sixteen bytes. */
  V128,
  /** A byte that must be zero. */
  ZERO_BYTE,
  /** Sixteen lane index bytes. */
  SHUFFLE,
  /** One lane index byte. */
  LANE,
  /** Heap type. */
  HEAP_TYPE,
  /** Exception tag index. */
  TAG,
  /** Type index, then field index. */
  TYPE_FIELD,
  /** Type index, then a 32-bit count. */
  TYPE_COUNT,
  /** Type index, then data-segment index. */
  TYPE_DATA,
  /** Type index, then element-segment index. */
  TYPE_ELEMENT,
  /** Two type indexes. */
  TYPE_TYPE
}

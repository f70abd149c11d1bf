package dev.troupe.engine.contract;

/**
 * Where things are in an instance context, the native structure that the pinned register points to
 * while a function of the instance runs. A pure function of the module's {@link InstanceShape}.
 *
 * <pre>
 * +---------------------+ 0
 * | storeContext        | address of the {@link StoreContext}
 * | kind, functionIndex | u32 each; a host function's context ends after this header
 * | builtins            | address of the table of {@link Builtin} stubs
 * | handle              | the host's name for the instance
 * | types               | address of the engine's {@link TypeDescriptor}s, or a host function's moves
 * +---------------------+ HEADER_BYTES
 * | memory bases        | u64 for every memory: a base never moves
 * | memory pointers     | u64 for every memory: address of its {@link MemoryDef}
 * | table pointers      | u64 for every table: address of its {@link TableDef}
 * | imported globals    | u64 for each: address of its 16-byte cell
 * | defined memories    | {@link MemoryDef} each
 * | defined tables      | {@link TableDef} each
 * | defined globals     | 16 bytes each, 16-aligned
 * | type ids            | u32 for every type of the module: engine-wide canonical ids
 * | function references | {@link FuncRefLayout} for every function, imports first
 * +---------------------+ sizeBytes
 * </pre>
 */
public final class InstanceLayout {
  /** Address of the store context, u64. */
  public static final int STORE_CONTEXT = 0;

  /** {@link #KIND_INSTANCE} or {@link #KIND_HOST_FUNCTION}, u32. */
  public static final int KIND = STORE_CONTEXT + Long.BYTES;

  /** For a host function's context: which one, u32. */
  public static final int HOST_FUNCTION = KIND + Integer.BYTES;

  /** Address of the table of builtin stubs, u64. */
  public static final int BUILTINS = HOST_FUNCTION + Integer.BYTES;

  /** The host's handle of the instance, u64. */
  public static final int HANDLE = BUILTINS + Long.BYTES;

  /** Address that type ids are offsets from, u64. */
  public static final int TYPES = HANDLE + Long.BYTES;

  /**
   * For a host function's context, in place of {@link #TYPES}: address of the table that tells the
   * generic stub what to do, u64; 0 when the function has a stub of its own.
   */
  public static final int MOVES = TYPES;

  /** Size of the header, which is all that a host function's context has. */
  public static final int HEADER_BYTES = TYPES + Long.BYTES;

  /** {@link #KIND} of an instance context ("TRPI"). */
  public static final int KIND_INSTANCE = 0x49505254;

  /** {@link #KIND} of a host function's context ("TRPH"). */
  public static final int KIND_HOST_FUNCTION = 0x48505254;

  /** Bytes of a global's cell: room for a v128. */
  public static final int GLOBAL_BYTES = 16;

  /** Most bytes that a layout may take, so that every displacement is an int. */
  public static final long MAX_BYTES = 1L << 30;

  private final InstanceShape shape;
  private final int memoryBases;
  private final int memoryPointers;
  private final int tablePointers;
  private final int globalPointers;
  private final int definedMemories;
  private final int definedTables;
  private final int definedGlobals;
  private final int typeIds;
  private final int funcRefs;
  private final int sizeBytes;

  /**
   * The layout of modules of this shape.
   *
   * @throws IllegalArgumentException when it would exceed {@link #MAX_BYTES}; the module limits
   *     keep valid modules below that
   */
  public static InstanceLayout of(InstanceShape shape) {
    return new InstanceLayout(shape);
  }

  private InstanceLayout(InstanceShape shape) {
    this.shape = shape;
    Cursor cursor = new Cursor(HEADER_BYTES);
    memoryBases = cursor.array(shape.memories(), Long.BYTES, Long.BYTES);
    memoryPointers = cursor.array(shape.memories(), Long.BYTES, Long.BYTES);
    tablePointers = cursor.array(shape.tables(), Long.BYTES, Long.BYTES);
    globalPointers = cursor.array(shape.importedGlobals(), Long.BYTES, Long.BYTES);
    definedMemories = cursor.array(shape.definedMemories(), MemoryDef.SIZE_BYTES, Long.BYTES);
    definedTables = cursor.array(shape.definedTables(), TableDef.SIZE_BYTES, Long.BYTES);
    definedGlobals = cursor.array(shape.definedGlobals(), GLOBAL_BYTES, GLOBAL_BYTES);
    typeIds = cursor.array(shape.types(), Integer.BYTES, Integer.BYTES);
    funcRefs = cursor.array(shape.functions(), FuncRefLayout.SIZE_BYTES, Long.BYTES);
    sizeBytes = cursor.array(0, 1, 64);
  }

  /** The shape that this is the layout of. */
  public InstanceShape shape() {
    return shape;
  }

  /** Size of the whole context, bytes, a multiple of 64. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Cached base address of a memory, u64. */
  public int memoryBase(int memory) {
    return memoryBases + check(memory, shape.memories()) * Long.BYTES;
  }

  /** Address of the {@link MemoryDef} of a memory, u64. */
  public int memoryPointer(int memory) {
    return memoryPointers + check(memory, shape.memories()) * Long.BYTES;
  }

  /** The inline {@link MemoryDef} of a defined memory (index space of all memories). */
  public int definedMemory(int memory) {
    int defined = check(memory - shape.importedMemories(), shape.definedMemories());
    return definedMemories + defined * MemoryDef.SIZE_BYTES;
  }

  /** Address of the {@link TableDef} of a table, u64. */
  public int tablePointer(int table) {
    return tablePointers + check(table, shape.tables()) * Long.BYTES;
  }

  /** The inline {@link TableDef} of a defined table (index space of all tables). */
  public int definedTable(int table) {
    int defined = check(table - shape.importedTables(), shape.definedTables());
    return definedTables + defined * TableDef.SIZE_BYTES;
  }

  /** Address of the cell of an imported global, u64. */
  public int globalPointer(int global) {
    return globalPointers + check(global, shape.importedGlobals()) * Long.BYTES;
  }

  /** The cell of a defined global (index space of all globals). */
  public int definedGlobal(int global) {
    int defined = check(global - shape.importedGlobals(), shape.definedGlobals());
    return definedGlobals + defined * GLOBAL_BYTES;
  }

  /** Engine-wide canonical id of a type of the module, u32. */
  public int typeId(int type) {
    return typeIds + check(type, shape.types()) * Integer.BYTES;
  }

  /** The {@link FuncRefLayout} of a function, imported or defined. */
  public int funcRef(int function) {
    return funcRefs + check(function, shape.functions()) * FuncRefLayout.SIZE_BYTES;
  }

  /** Whether a memory is defined by the module itself. */
  public boolean isDefinedMemory(int memory) {
    return memory >= shape.importedMemories();
  }

  /** Whether a table is defined by the module itself. */
  public boolean isDefinedTable(int table) {
    return table >= shape.importedTables();
  }

  /** Whether a global is defined by the module itself. */
  public boolean isDefinedGlobal(int global) {
    return global >= shape.importedGlobals();
  }

  private static int check(int index, int count) {
    if (index < 0 || index >= count) {
      throw new IllegalStateException("index " + index + " outside of an index space of " + count);
    }
    return index;
  }

  /** Lays arrays one behind the other. */
  private static final class Cursor {
    private long offset;

    Cursor(int offset) {
      this.offset = offset;
    }

    int array(int count, int elementBytes, int alignment) {
      long start = (offset + alignment - 1) & -alignment;
      offset = start + (long) count * elementBytes;
      if (offset > MAX_BYTES) {
        throw new IllegalArgumentException("instance context of more than " + MAX_BYTES + " bytes");
      }
      return (int) start;
    }
  }
}

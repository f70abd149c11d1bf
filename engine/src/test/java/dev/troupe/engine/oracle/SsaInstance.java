package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.frontend.FunctionTranslator;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaInterpreter;
import dev.troupe.engine.ssa.SsaMachine;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the functions of an {@link OracleInstance} by way of the front end, the passes and the
 * interpreter of SSA. The instance context that the front end addresses exists only as a map from
 * offsets to what they stand for; addresses are a kind, an index and an offset.
 */
public final class SsaInstance implements SsaMachine {
  private static final int MAX_CALL_DEPTH = 400;
  private static final long MOST_STEPS = 200_000_000;
  private static final int KIND_SHIFT = 56;
  private static final int INDEX_SHIFT = 40;
  private static final long OFFSET_MASK = (1L << INDEX_SHIFT) - 1;

  /** What a made-up address points into. Function references are plain handles, kind 0. */
  private enum Kind {
    FUNCTION,
    STORE,
    FLAG,
    MEMORY,
    MEMORY_DEFINITION,
    TABLE,
    TABLE_DEFINITION,
    GLOBAL,
    TYPE,
    CODE
  }

  /** What all instances of a store share. */
  public static final class Shared {
    private final Tunables tunables;
    private final Map<OracleInstance, SsaInstance> instances = new HashMap<>();
    private final Map<FuncType, Integer> types = new HashMap<>();
    private long fuel = 1_000_000;
    private int flag;
    private int depth;

    public Shared(Tunables tunables) {
      this.tunables = tunables;
    }

    /** The view of {@code instance}. */
    public SsaInstance of(OracleInstance instance) {
      return instances.computeIfAbsent(instance, i -> new SsaInstance(this, i));
    }

    private int typeId(FuncType type) {
      return types.computeIfAbsent(type, unused -> types.size() + 1);
    }
  }

  private final Shared shared;
  private final OracleInstance oracle;
  private final WasmModule module;
  private final FunctionTranslator translator;
  private final @Nullable SsaFunction[] functions;
  private final Map<Integer, Long> fields = new HashMap<>();

  private SsaInstance(Shared shared, OracleInstance oracle) {
    this.shared = shared;
    this.oracle = oracle;
    this.module = oracle.module;
    InstanceLayout layout = FunctionTranslator.layoutOf(module);
    BranchHints hints = BranchHints.of(module);
    this.translator =
        new FunctionTranslator(module, layout, shared.tunables, WasmFeatures.ALL, hints);
    this.functions = new @Nullable SsaFunction[module.functionCount()];
    describe(layout);
  }

  private static long address(Kind kind, int index) {
    return (long) kind.ordinal() << KIND_SHIFT | (long) index << INDEX_SHIFT;
  }

  private static Kind kind(long address) {
    return Kind.values()[(int) (address >>> KIND_SHIFT)];
  }

  private static int index(long address) {
    return (int) (address >>> INDEX_SHIFT) & 0xFFFF;
  }

  /** Field offsets to the addresses of what is there; the field itself for defined things. */
  private void describe(InstanceLayout layout) {
    fields.put(InstanceLayout.STORE_CONTEXT, address(Kind.STORE, 0));
    for (int i = 0; i < module.memories().size(); i++) {
      fields.put(layout.memoryBase(i), address(Kind.MEMORY, i));
      fields.put(layout.memoryPointer(i), address(Kind.MEMORY_DEFINITION, i));
      if (layout.isDefinedMemory(i)) {
        fields.put(
            layout.definedMemory(i) + MemoryDef.BYTE_LENGTH, address(Kind.MEMORY_DEFINITION, i));
      }
    }
    for (int i = 0; i < module.tables().size(); i++) {
      fields.put(layout.tablePointer(i), address(Kind.TABLE_DEFINITION, i));
      if (layout.isDefinedTable(i)) {
        int definition = layout.definedTable(i);
        fields.put(definition + TableDef.ELEMENTS, address(Kind.TABLE, i));
        fields.put(definition + TableDef.LENGTH, address(Kind.TABLE_DEFINITION, i));
      }
    }
    for (int i = 0; i < module.globals().size(); i++) {
      boolean defined = layout.isDefinedGlobal(i);
      int offset = defined ? layout.definedGlobal(i) : layout.globalPointer(i);
      fields.put(offset, address(Kind.GLOBAL, i));
    }
    for (int i = 0; i < module.types().size(); i++) {
      fields.put(layout.typeId(i), address(Kind.TYPE, shared.typeId(module.funcType(i))));
    }
    for (int i = 0; i < module.functionCount(); i++) {
      fields.put(layout.funcRef(i) + FuncRefLayout.CODE, address(Kind.CODE, i));
      fields.put(layout.funcRef(i) + FuncRefLayout.INSTANCE, 0L);
    }
  }

  private long field(int offset) {
    Long known = fields.get(offset);
    if (known == null) {
      throw new AssertionError("no field at " + offset);
    }
    return known;
  }

  /**
   * Calls a function of the instance.
   *
   * @throws OracleTrap when it traps
   */
  public long[] invoke(String name, long[] arguments) {
    try {
      return enter((OracleFunction) oracle.export(name), arguments);
    } catch (Trap e) {
      throw new OracleTrap(e.kind());
    }
  }

  /** A call that takes the place of its caller. */
  private static final class TailCall extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient OracleFunction callee;
    private final long[] arguments;

    TailCall(OracleFunction callee, long[] arguments) {
      super(null, null, false, false);
      this.callee = callee;
      this.arguments = arguments;
    }
  }

  private long[] enter(OracleFunction function, long[] arguments) {
    OracleFunction next = function;
    long[] values = arguments;
    while (true) {
      try {
        return enterOnce(next, values);
      } catch (TailCall call) {
        next = call.callee;
        values = call.arguments;
      }
    }
  }

  private long[] enterOnce(OracleFunction function, long[] arguments) {
    return switch (function) {
      case OracleFunction.Host host -> host.body().call(arguments);
      case OracleFunction.Guest guest -> shared.of(guest.instance()).run(guest.index(), arguments);
    };
  }

  private long[] run(int index, long[] arguments) {
    if (index < module.importedFunctionCount()) {
      return enter(oracle.functions.get(index), arguments);
    }
    SsaFunction function = functions[index];
    if (function == null) {
      function = translator.translate(index, "");
      PassPipeline.run(function, shared.tunables.optimize(), true);
      functions[index] = function;
    }
    if (++shared.depth > MAX_CALL_DEPTH) {
      shared.depth--;
      throw new Trap(TrapKind.STACK_OVERFLOW);
    }
    try {
      return SsaInterpreter.run(function, this, arguments, MOST_STEPS);
    } finally {
      shared.depth--;
    }
  }

  // ---- linear memory

  @Override
  public long load(int memory, long index, long offset, int bytes) {
    try {
      return oracle.memories.get(memory).load(index, offset, bytes);
    } catch (OracleTrap e) {
      throw new Trap(e.kind());
    }
  }

  @Override
  public void store(int memory, long index, long offset, int bytes, long value) {
    try {
      oracle.memories.get(memory).store(index, offset, bytes, value);
    } catch (OracleTrap e) {
      throw new Trap(e.kind());
    }
  }

  // ---- structures

  @Override
  public long contextLoad(int offset, int bytes) {
    long address = field(offset);
    int index = index(address);
    return switch (kind(address)) {
      case TYPE -> index;
      case CODE -> oracle.store.handle(oracle.functions.get(index));
      case GLOBAL ->
          index >= module.importedGlobalCount() ? oracle.globals.get(index).get() : address;
      case MEMORY_DEFINITION, TABLE_DEFINITION -> definition(offset, address);
      case FUNCTION, STORE, FLAG, MEMORY, TABLE -> address;
    };
  }

  /** The pointer to a definition, or the length in the definition itself. */
  private long definition(int offset, long address) {
    InstanceLayout layout = FunctionTranslator.layoutOf(module);
    int index = index(address);
    boolean pointer =
        kind(address) == Kind.MEMORY_DEFINITION
            ? offset == layout.memoryPointer(index)
            : offset == layout.tablePointer(index);
    return pointer ? address : length(address);
  }

  private long length(long address) {
    int index = index(address);
    return kind(address) == Kind.MEMORY_DEFINITION
        ? oracle.memories.get(index).bytes().length
        : oracle.tables.get(index).size();
  }

  @Override
  public void contextStore(int offset, int bytes, long value) {
    oracle.globals.get(index(field(offset))).set(value);
  }

  @Override
  public long contextAddress(int offset) {
    return oracle.store.handle(oracle.functions.get(index(field(offset))));
  }

  @Override
  public long rawLoad(long address, int offset, int bytes) {
    int index = index(address);
    return switch (kind(address)) {
      case FUNCTION ->
          switch (offset) {
            case FuncRefLayout.CODE -> address;
            case FuncRefLayout.INSTANCE -> 0;
            case FuncRefLayout.TYPE_ID -> shared.typeId(oracle.store.function(address).type());
            default -> throw new AssertionError("function reference + " + offset);
          };
      case STORE -> offset == StoreContext.FUEL ? shared.fuel : address(Kind.FLAG, 0);
      case FLAG -> ++shared.flag % 3 == 0 ? 1 : 0;
      case TABLE ->
          oracle
              .tables
              .get(index)
              .get((int) (address & OFFSET_MASK) / TableDef.ELEMENT_BYTES, TrapKind.HOST_ERROR);
      case TABLE_DEFINITION ->
          offset == TableDef.ELEMENTS ? address(Kind.TABLE, index) : length(address);
      case MEMORY_DEFINITION -> length(address);
      case GLOBAL -> oracle.globals.get(index).get();
      case MEMORY, TYPE, CODE -> throw new AssertionError("read of " + kind(address));
    };
  }

  @Override
  public void rawStore(long address, int offset, int bytes, long value) {
    int index = index(address);
    switch (kind(address)) {
      case STORE -> shared.fuel = value;
      case TABLE ->
          oracle
              .tables
              .get(index)
              .set((int) (address & OFFSET_MASK) / TableDef.ELEMENT_BYTES, value);
      case GLOBAL -> oracle.globals.get(index).set(value);
      case FUNCTION, FLAG, MEMORY, TABLE_DEFINITION, MEMORY_DEFINITION, TYPE, CODE ->
          throw new AssertionError("write to " + kind(address));
    }
  }

  // ---- calls

  @Override
  public long[] call(int function, long[] arguments) {
    return enter(oracle.functions.get(function), arguments);
  }

  @Override
  public long[] returnCall(int function, long[] arguments) {
    throw new TailCall(oracle.functions.get(function), arguments);
  }

  @Override
  public long[] returnCallIndirect(long code, long instance, long[] arguments) {
    throw new TailCall(oracle.store.function(code), arguments);
  }

  @Override
  public long[] callIndirect(long code, long instance, long[] arguments) {
    return enter(oracle.store.function(code), arguments);
  }

  @Override
  public long[] callBuiltin(Builtin builtin, long[] arguments) {
    try {
      return builtin(builtin, arguments);
    } catch (OracleTrap e) {
      throw new Trap(e.kind());
    }
  }

  private long[] builtin(Builtin builtin, long[] a) {
    switch (builtin) {
      case MEMORY_GROW -> {
        return new long[] {oracle.memories.get((int) a[0]).grow(a[1])};
      }
      case TABLE_GROW -> {
        return new long[] {oracle.tables.get((int) a[0]).grow(a[2], a[1])};
      }
      case TABLE_INIT ->
          oracle.tables.get((int) a[0]).init(a[2], oracle.elements((int) a[1]), a[3], a[4]);
      case TABLE_COPY ->
          oracle.tables.get((int) a[0]).copy(a[2], oracle.tables.get((int) a[1]), a[3], a[4]);
      case TABLE_FILL -> oracle.tables.get((int) a[0]).fill(a[1], a[2], a[3]);
      case MEMORY_INIT ->
          oracle.memories.get((int) a[0]).init(a[2], oracle.data((int) a[1]), a[3], a[4]);
      case DATA_DROP -> oracle.dropData((int) a[0]);
      case ELEM_DROP -> oracle.dropElements((int) a[0]);
      case FUEL_EXIT -> shared.fuel = 1000;
      case EPOCH_EXIT -> {}
      case MEMORY_COPY ->
          memory(a[0]).copy(a[0] & OFFSET_MASK, memory(a[1]), a[1] & OFFSET_MASK, a[2]);
      case MEMORY_FILL -> memory(a[0]).fill(a[0] & OFFSET_MASK, (int) a[1], a[2]);
      case MEMORY_WAIT32, MEMORY_WAIT64 -> {
        return new long[] {
          oracle
              .memories
              .get((int) a[0])
              .await(a[1], 0, builtin == Builtin.MEMORY_WAIT32 ? 4 : 8, a[2])
        };
      }
      case MEMORY_NOTIFY -> {
        return new long[] {oracle.memories.get((int) a[0]).notifyWaiters(a[1], 0)};
      }
      case TRAP -> throw new AssertionError("the front end does not call " + builtin);
    }
    return new long[0];
  }

  private OracleMemory memory(long address) {
    if (kind(address) != Kind.MEMORY) {
      throw new AssertionError("not a memory address: " + kind(address));
    }
    return oracle.memories.get(index(address));
  }
}

package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance of a validated module. */
public final class OracleInstance {
  private static final byte[] DROPPED_DATA = {};
  private static final long[] DROPPED_ELEMENTS = {};

  final WasmModule module;
  final OracleStore store;
  final List<OracleFunction> functions = new ArrayList<>();
  final List<OracleTable> tables = new ArrayList<>();
  final List<OracleMemory> memories = new ArrayList<>();
  final List<OracleGlobal> globals = new ArrayList<>();
  final List<OracleTag> tags = new ArrayList<>();
  private final byte[][] data;
  private final long[][] elements;
  private final @Nullable CodeArray[] code;

  /**
   * Instantiates: initializes and runs the start function.
   *
   * @param imports in the order of the module's imports: {@link OracleFunction}, {@link
   *     OracleTable}, {@link OracleMemory}, {@link OracleGlobal}, {@link OracleTag}; of the right
   *     types
   * @throws OracleTrap when initialization traps
   * @throws OracleThrown when the start function throws
   */
  public OracleInstance(OracleStore store, WasmModule module, List<Object> imports) {
    this.module = module;
    this.store = store;
    this.data = new byte[module.data().size()][];
    this.elements = new long[module.elements().size()][];
    this.code = new @Nullable CodeArray[module.functionCount()];
    imports.forEach(this::add);
    define();
    initialize();
  }

  private void add(Object item) {
    switch (item) {
      case OracleFunction function -> functions.add(function);
      case OracleTable table -> tables.add(table);
      case OracleMemory memory -> memories.add(memory);
      case OracleGlobal global -> globals.add(global);
      case OracleTag tag -> tags.add(tag);
      default -> throw new IllegalArgumentException("not an import: " + item);
    }
  }

  private void define() {
    for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
      functions.add(new OracleFunction.Guest(this, i, module.functionType(i)));
    }
    for (MemoryType memory : skip(module.memories(), module.importedMemoryCount())) {
      memories.add(new OracleMemory(memory));
    }
    int imported = module.importedGlobalCount();
    for (int i = imported; i < module.globals().size(); i++) {
      GlobalType type = module.globals().get(i);
      globals.add(new OracleGlobal(type, evaluate(module.globalInitializer(i))));
    }
    for (int i = module.importedTableCount(); i < module.tables().size(); i++) {
      OracleTable table = new OracleTable(module.tables().get(i));
      ConstExpr initializer = module.tableInitializer(i);
      if (initializer != null) {
        table.fill(0, evaluate(initializer), table.size());
      }
      tables.add(table);
    }
    for (int i = module.importedTagCount(); i < module.tags().size(); i++) {
      int type = store.types().id(module, module.tagTypeIndex(i));
      tags.add(new OracleTag(module.tags().get(i), type));
    }
  }

  private static <T> List<T> skip(List<T> list, int count) {
    return list.subList(count, list.size());
  }

  private void initialize() {
    for (int i = 0; i < elements.length; i++) {
      ElementSegment segment = module.elements().get(i);
      elements[i] = new long[segment.count()];
      for (int k = 0; k < segment.count(); k++) {
        elements[i][k] = evaluate(segment.items().item(k));
      }
    }
    for (int i = 0; i < data.length; i++) {
      DataSegment segment = module.data().get(i);
      int end = segment.offset() + segment.length();
      data[i] = Arrays.copyOfRange(module.bytes(), segment.offset(), end);
    }
    for (int i = 0; i < elements.length; i++) {
      SegmentMode mode = module.elements().get(i).mode();
      if (mode instanceof SegmentMode.Active active) {
        OracleTable table = tables.get(active.index());
        long offset = offset(active, table.type().limits());
        table.init(offset, elements[i], 0, elements[i].length);
      }
      if (!(mode instanceof SegmentMode.Passive)) {
        dropElements(i);
      }
    }
    for (int i = 0; i < data.length; i++) {
      if (module.data().get(i).mode() instanceof SegmentMode.Active active) {
        OracleMemory memory = memories.get(active.index());
        memory.init(offset(active, memory.type().limits()), data[i], 0, data[i].length);
        dropData(i);
      }
    }
    if (module.startFunction() != WasmModule.NO_START) {
      long[] unused = Interpreter.call(functions.get(module.startFunction()), new long[0]);
    }
  }

  private long offset(SegmentMode.Active active, Limits limits) {
    long offset = evaluate(active.offset());
    return limits.is64() ? offset : offset & 0xFFFF_FFFFL;
  }

  private long evaluate(ConstExpr expression) {
    Deque<Long> stack = new ArrayDeque<>();
    for (ConstExpr.Op op : expression.ops()) {
      stack.push(evaluate(op, stack));
    }
    return stack.pop();
  }

  private long evaluate(ConstExpr.Op op, Deque<Long> stack) {
    return switch (op) {
      case ConstExpr.I32Const c -> c.value();
      case ConstExpr.I64Const c -> c.value();
      case ConstExpr.F32Const c -> c.bits();
      case ConstExpr.F64Const c -> c.bits();
      case ConstExpr.GlobalGet get -> globals.get(get.globalIndex()).get();
      case ConstExpr.RefNull unused -> 0;
      case ConstExpr.RefFunc ref -> store.handle(functions.get(ref.functionIndex()));
      case ConstExpr.Aggregate made -> HeapInstructions.constant(this, made, stack);
      case ConstExpr.Operator operator ->
          switch (operator.op()) {
            case REF_I31 -> OracleStore.small(stack.pop().intValue());
            case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> stack.pop();
            default -> {
              long right = stack.pop();
              yield Numeric.binary(operator.op(), stack.pop(), right);
            }
          };
      case ConstExpr.V128Const c -> VectorHandles.of(c.low(), c.high());
      case ConstExpr.Forbidden forbidden -> throw new IllegalStateException("" + forbidden);
    };
  }

  byte[] data(int segment) {
    return data[segment];
  }

  void dropData(int segment) {
    data[segment] = DROPPED_DATA;
  }

  long[] elements(int segment) {
    return elements[segment];
  }

  void dropElements(int segment) {
    elements[segment] = DROPPED_ELEMENTS;
  }

  /** The body of a defined function, prepared on first use. */
  CodeArray code(int function) {
    CodeArray known = code[function];
    if (known == null) {
      known = CodeArray.of(module, function);
      code[function] = known;
    }
    return known;
  }

  /** What this is an instance of. */
  public WasmModule module() {
    return module;
  }

  /** Whether there is an export with this name. */
  public boolean exports(String name) {
    return module.export(name) != null;
  }

  /** The exported function, table, memory or global with this name. */
  public Object export(String name) {
    Export export = module.export(name);
    if (export == null) {
      throw new IllegalArgumentException("no export " + name);
    }
    return switch (export.kind()) {
      case FUNC -> functions.get(export.index());
      case TABLE -> tables.get(export.index());
      case MEMORY -> memories.get(export.index());
      case GLOBAL -> globals.get(export.index());
      case TAG -> tags.get(export.index());
    };
  }

  /** Calls an exported function. */
  public long[] invoke(String name, long... arguments) {
    if (export(name) instanceof OracleFunction function) {
      return Interpreter.call(function, arguments);
    }
    throw new IllegalArgumentException("not a function: " + name);
  }

  /** The type of an exported function. */
  public FuncType typeOf(String name) {
    if (export(name) instanceof OracleFunction function) {
      return function.type();
    }
    throw new IllegalArgumentException("not a function: " + name);
  }

  /** What stands for an import of a module in {@code imports}; for callers that look names up. */
  public interface Resolver {
    Object resolve(Import imported);
  }

  /** Instantiates with imports found one by one. */
  public static OracleInstance of(OracleStore store, WasmModule module, Resolver resolver) {
    List<Object> imports = new ArrayList<>();
    module.imports().forEach(imported -> imports.add(resolver.resolve(imported)));
    return new OracleInstance(store, module, imports);
  }
}

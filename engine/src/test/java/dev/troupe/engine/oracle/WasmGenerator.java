package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes a random valid module from a seed and {@link GeneratorOptions}; the same seed and options
 * give the same bytes. Every function terminates: loops and calls stop when the module's fuel,
 * global 0, is used up, and {@code refuel} fills it again.
 *
 * <p>Exports: functions {@code f0}, {@code f1}, ...; {@code refuel}; memories {@code memory},
 * {@code memory1}, ...; tables {@code functions} and {@code externs}; globals {@code g0}, {@code
 * g1}, .... Imports: with host functions, {@code host.h0}, {@code host.h1}, ..., whose results must
 * depend on the arguments only.
 */
public final class WasmGenerator {
  /** Loop iterations and calls per invocation. */
  private static final int FUEL = 120;

  private static final int TABLE_SIZE = 16;

  private static final List<RefType> REFERENCES =
      List.of(
          new RefType(true, AbstractHeapType.ANY),
          new RefType(true, AbstractHeapType.EQ),
          RefType.FUNCREF,
          RefType.EXTERNREF);

  private static final int PASSIVE_BYTES = 32;

  private final SplittableRandom random;
  private final List<FuncType> types = new ArrayList<>();

  /** Functions that have wrappers behind them, which stand behind {@code refuel}. */
  private final List<Integer> wrapped = new ArrayList<>();

  private final GeneratedShape shape;
  private final int budget;
  private final GeneratorOptions options;
  private final int refuelType;

  private WasmGenerator(long seed, GeneratorOptions options) {
    this.options = options;
    random = new SplittableRandom(seed);
    GeneratorOptions.Size size = options.size();
    // Now and then bodies with hundreds of live values.
    boolean huge = size == GeneratorOptions.Size.LARGE && random.nextInt(12) == 0;
    budget = huge ? 3000 : size.budget + random.nextInt(size.moreBudget);
    for (int n = 2 + random.nextInt(6); n > 0; n--) {
      types.add(new FuncType(someTypes(4), someTypes(3)));
    }
    types.add(new FuncType(manyNumbers(), List.of(NumType.I64)));
    types.add(new FuncType(someTypes(6), manyNumbers()));
    refuelType = types.size();
    types.add(new FuncType(List.of(), List.of()));
    if (options.exceptions()) {
      ExceptionStatements.TAGS.forEach(values -> types.add(new FuncType(values, List.of())));
      types.add(new FuncType(List.of(), ExceptionStatements.TAGS.getFirst()));
    }
    HeapTypes heap =
        options.references()
            ? HeapTypes.random(types.size(), options.vectors(), random)
            : new HeapTypes(types.size(), List.of(), List.of());
    int imported = options.hostFunctions() ? 2 : 0;
    int[] functions = new int[imported + 1 + random.nextInt(size.mostFunctions)];
    for (int i = 0; i < functions.length; i++) {
      // Many parameters or results are much code.
      boolean few = size == GeneratorOptions.Size.TINY && random.nextInt(5) > 0;
      functions[i] = random.nextInt(few ? refuelType - 2 : refuelType);
      if (i < imported && isForGuestsOnly(types.get(functions[i]))) {
        functions[i] = refuelType;
      }
    }
    List<NumType> globals = new ArrayList<>(List.of(NumType.I32));
    globals.addAll(List.of(NumType.values()));
    globals.addAll(List.of(NumType.values()));
    boolean trapping = random.nextInt(3) == 0;
    shape =
        new GeneratedShape(
            List.copyOf(types),
            imported,
            functions,
            globals,
            memories(),
            TABLE_SIZE,
            2,
            trapping,
            heap,
            options);
    if (options.forJavaScript()) {
      wrap();
    }
  }

  /** The binary of the module with this seed, of WebAssembly 2.0 without vectors. */
  public static byte[] generate(long seed, boolean withHostFunctions) {
    return generate(seed, withHostFunctions, false);
  }

  /** The binary of the module with this seed, which may compute with vectors. */
  public static byte[] generate(long seed, boolean withHostFunctions, boolean withVectors) {
    return generate(seed, GeneratorOptions.wasm2(withHostFunctions, withVectors));
  }

  /** The binary of the module with this seed and these options. */
  public static byte[] generate(long seed, GeneratorOptions options) {
    return new WasmGenerator(seed, options).module();
  }

  private List<MemoryType> memories() {
    if (!options.memories()) {
      return List.of(new MemoryType(Limits.between(1, 3), false));
    }
    List<MemoryType> memories = new ArrayList<>();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      boolean is64 = random.nextBoolean();
      if (options.proposals() && random.nextBoolean()) {
        long bytes = (long) GeneratedShape.LEAST_MEMORY_BYTES + random.nextInt(70_000);
        Limits limits = new Limits(bytes, bytes + random.nextInt(200), is64);
        memories.add(new MemoryType(limits, false, 0));
      } else {
        long pages = 1L + random.nextInt(2);
        boolean shared = !options.forJavaScript() && random.nextInt(3) == 0;
        memories.add(new MemoryType(new Limits(pages, pages + random.nextInt(3), is64), shared));
      }
    }
    return memories;
  }

  /** Whether the host functions of the tests cannot have this type. */
  private boolean isForGuestsOnly(FuncType type) {
    return options.forJavaScript() && hasVectors(type)
        || type.params().stream().anyMatch(ValType::isReference)
        || type.results().stream().anyMatch(ValType::isReference);
  }

  private static boolean hasVectors(FuncType type) {
    return type.params().contains(VecType.V128) || type.results().contains(VecType.V128);
  }

  /** Functions with vectors get another that has two integers in place of each. */
  private void wrap() {
    for (int i = shape.imported(); i < shape.functions().length; i++) {
      FuncType type = shape.functionType(i);
      if (hasVectors(type)) {
        wrapped.add(i);
        types.add(new FuncType(halves(type.params()), halves(type.results())));
      }
    }
  }

  private static List<ValType> halves(List<ValType> types) {
    List<ValType> result = new ArrayList<>();
    for (ValType type : types) {
      result.add(type == VecType.V128 ? NumType.I64 : type);
      if (type == VecType.V128) {
        result.add(NumType.I64);
      }
    }
    return result;
  }

  private ByteWriter wrapper(int function) {
    FuncType type = shape.functionType(function);
    BodyWriter body = new BodyWriter(random);
    int local = 0;
    for (ValType param : type.params()) {
      if (param == VecType.V128) {
        body.v128(0, 0);
        body.op(WasmOp.LOCAL_GET, local++).op(WasmOp.I64X2_REPLACE_LANE).out.u8(0);
        body.op(WasmOp.LOCAL_GET, local++).op(WasmOp.I64X2_REPLACE_LANE).out.u8(1);
      } else {
        body.op(WasmOp.LOCAL_GET, local++);
      }
    }
    body.op(WasmOp.CALL, function);
    // The results into locals, then back in order.
    List<ValType> results = type.results();
    for (int i = results.size() - 1; i >= 0; i--) {
      body.op(WasmOp.LOCAL_SET, local + i);
    }
    for (int i = 0; i < results.size(); i++) {
      body.op(WasmOp.LOCAL_GET, local + i);
      if (results.get(i) == VecType.V128) {
        body.op(WasmOp.I64X2_EXTRACT_LANE).out.u8(0);
        body.op(WasmOp.LOCAL_GET, local + i).op(WasmOp.I64X2_EXTRACT_LANE).out.u8(1);
      }
    }
    ByteWriter w = new ByteWriter().u32(results.size());
    results.forEach(result -> ModuleWriter.type(w.u32(1), result));
    return new ByteWriter().sized(w.append(body.op(WasmOp.END).out));
  }

  private ValType anyType() {
    boolean vector = options.vectors() && random.nextInt(4) == 0;
    return vector ? VecType.V128 : NumType.values()[random.nextInt(4)];
  }

  private ValType anyTypeOrReference() {
    if (options.references() && random.nextInt(10) == 0) {
      return REFERENCES.get(random.nextInt(REFERENCES.size()));
    }
    return anyType();
  }

  private List<ValType> someTypes(int most) {
    List<ValType> result = new ArrayList<>();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      result.add(anyTypeOrReference());
    }
    return result;
  }

  // More than there are argument or result registers of either kind.
  private List<ValType> manyNumbers() {
    List<ValType> result = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      result.add(anyType());
    }
    return result;
  }

  private byte[] module() {
    ByteWriter out = new ByteWriter().header();
    out.section(1, types());
    if (shape.imported() > 0) {
      out.section(2, imports());
    }
    out.section(3, functions());
    // Two tables, so many entries each at least; table 1 can grow.
    out.section(
        4,
        new ByteWriter()
            .u32(2)
            .u8(0x70)
            .u8(0)
            .u32(TABLE_SIZE)
            .u8(0x6F)
            .u8(1)
            .u32(TABLE_SIZE)
            .u32(TABLE_SIZE + 9));
    out.section(5, memorySection());
    if (options.exceptions()) {
      out.section(13, tags());
    }
    out.section(6, globals());
    out.section(7, exports());
    out.section(9, elements());
    out.section(12, new ByteWriter().u32(shape.dataSegments() + shape.memories().size()));
    out.section(10, code());
    out.section(11, data());
    return out.toBytes();
  }

  /** Function types, the heap's types, function types of wrappers. */
  private ByteWriter types() {
    HeapTypes heap = shape.heap();
    ByteWriter w = new ByteWriter().u32(types.size() + heap.groups().size());
    types.subList(0, heap.base()).forEach(type -> ModuleWriter.type(w, SubType.of(type)));
    heap.write(w);
    int wrappers = heap.base();
    types.subList(wrappers, types.size()).forEach(type -> ModuleWriter.type(w, SubType.of(type)));
    return w;
  }

  private ByteWriter tags() {
    int count = ExceptionStatements.TAGS.size();
    ByteWriter w = new ByteWriter().u32(count);
    for (int i = 0; i < count; i++) {
      w.u8(0).u32(refuelType + 1 + i);
    }
    return w;
  }

  private ByteWriter imports() {
    ByteWriter w = new ByteWriter().u32(shape.imported());
    for (int i = 0; i < shape.imported(); i++) {
      w.name("host").name("h" + i).u8(0).u32(shape.functions()[i]);
    }
    return w;
  }

  private ByteWriter functions() {
    int defined = shape.functions().length - shape.imported();
    ByteWriter w = new ByteWriter().u32(defined + 1 + wrapped.size());
    for (int i = shape.imported(); i < shape.functions().length; i++) {
      w.u32(shape.functions()[i]);
    }
    w.u32(refuelType);
    for (int i = 0; i < wrapped.size(); i++) {
      w.u32(shape.heap().end() + i);
    }
    return w;
  }

  private ByteWriter memorySection() {
    ByteWriter w = new ByteWriter().u32(shape.memories().size());
    for (MemoryType memory : shape.memories()) {
      Limits limits = memory.limits();
      int flags =
          1
              | (limits.is64() ? 4 : 0)
              | (memory.shared() ? 2 : 0)
              | (memory.hasStandardPages() ? 0 : 8);
      w.u8(flags).u64(limits.min()).u64(limits.maxOr(0));
      if (!memory.hasStandardPages()) {
        w.u32(memory.pageSizeLog2());
      }
    }
    return w;
  }

  private ByteWriter globals() {
    ByteWriter w = new ByteWriter().u32(shape.firstHeapGlobal() + shape.heapGlobals().size());
    for (int i = 0; i < shape.globals().size(); i++) {
      NumType type = shape.globals().get(i);
      ModuleWriter.type(w, type);
      w.u8(1);
      BodyWriter initial = new BodyWriter(random);
      if (i == GeneratedShape.FUEL) {
        initial.i32(FUEL);
      } else {
        initial.constant(type);
      }
      w.append(initial.op(WasmOp.END).out);
    }
    if (shape.vectors()) {
      ModuleWriter.type(w, VecType.V128);
      w.u8(1);
      BodyWriter initial = new BodyWriter(random);
      w.append(initial.v128(random.nextLong(), 1).op(WasmOp.END).out);
    }
    for (RefType type : shape.heapGlobals()) {
      ModuleWriter.type(w, type);
      w.u8(1).append(initialObject(type).op(WasmOp.END).out);
    }
    return w;
  }

  private BodyWriter initialObject(RefType type) {
    BodyWriter initial = new BodyWriter(random);
    if (type.heap() instanceof ConcreteHeapType concrete) {
      int index = concrete.typeIndex();
      if (shape.heap().isStruct(index)) {
        return initial.op(WasmOp.STRUCT_NEW_DEFAULT, index);
      }
      initial.constant((NumType) shape.heap().fields(index).getFirst().storage().unpacked());
      return initial.i32(1 + random.nextInt(5)).op(WasmOp.ARRAY_NEW, index);
    }
    return initial.i32(random.nextInt()).op(WasmOp.REF_I31);
  }

  private ByteWriter exports() {
    int functions = shape.functions().length;
    int defined = functions - shape.imported();
    int memories = shape.memories().size();
    ByteWriter w = new ByteWriter().u32(defined + 1 + 2 + memories + shape.globals().size());
    for (int i = 0; i < defined; i++) {
      int function = shape.imported() + i;
      int wrapper = wrapped.indexOf(function);
      w.name("f" + i).u8(0).u32(wrapper < 0 ? function : functions + 1 + wrapper);
    }
    w.name("refuel").u8(0).u32(functions);
    w.name("functions").u8(1).u32(0).name("externs").u8(1).u32(1);
    for (int i = 0; i < memories; i++) {
      w.name(i == 0 ? "memory" : "memory" + i).u8(2).u32(i);
    }
    for (int i = 0; i < shape.globals().size(); i++) {
      w.name("g" + i).u8(3).u32(i);
    }
    return w;
  }

  // Segment 0 puts function i into slot i of table 0, segment 1 is passive.
  private ByteWriter elements() {
    int functions = shape.functions().length;
    ByteWriter w = new ByteWriter().u32(2);
    w.u32(0).append(new BodyWriter(random).i32(0).op(WasmOp.END).out).u32(functions);
    for (int i = 0; i < functions; i++) {
      w.u32(i);
    }
    w.u32(1).u8(0).u32(3);
    for (int i = 0; i < 3; i++) {
      w.u32(random.nextInt(functions));
    }
    return w;
  }

  private ByteWriter code() {
    int defined = shape.functions().length - shape.imported();
    ByteWriter w = new ByteWriter().u32(defined + 1 + wrapped.size());
    for (int i = shape.imported(); i < shape.functions().length; i++) {
      // A third of the functions is so small that calls may be inlined.
      int own = random.nextInt(3) > 0 ? budget : Math.min(budget, 1 + random.nextInt(12));
      StatementGenerator generator =
          new StatementGenerator(shape, shape.functionType(i), own, random.split());
      BodyWriter body = generator.body();
      ByteWriter function = new ByteWriter().u32(generator.locals().size());
      generator.locals().forEach(local -> ModuleWriter.type(function.u32(1), local));
      w.sized(function.append(body.out));
    }
    BodyWriter refuel = new BodyWriter(random).i32(FUEL);
    refuel.op(WasmOp.GLOBAL_SET, GeneratedShape.FUEL).op(WasmOp.END);
    w.sized(new ByteWriter().u32(0).append(refuel.out));
    wrapped.forEach(function -> w.append(wrapper(function)));
    return w;
  }

  private ByteWriter data() {
    ByteWriter w = new ByteWriter().u32(shape.dataSegments() + shape.memories().size());
    for (int i = 0; i < shape.dataSegments(); i++) {
      w.u8(1).u32(PASSIVE_BYTES);
      randomBytes(w, PASSIVE_BYTES);
    }
    for (int i = 0; i < shape.memories().size(); i++) {
      BodyWriter offset = new BodyWriter(random).address(shape.is64(i), 0);
      w.u8(2).u32(i).append(offset.op(WasmOp.END).out).u32(256);
      randomBytes(w, 256);
    }
    return w;
  }

  private void randomBytes(ByteWriter w, int count) {
    for (int i = 0; i < count; i++) {
      w.u8(random.nextInt(256));
    }
  }
}

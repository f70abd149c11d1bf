package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes a random valid WebAssembly 2.0 module, with or without vectors, from a seed; the same seed
 * gives the same bytes. Every function terminates: loops and calls stop when the module's fuel,
 * global 0, is used up, and {@code refuel} fills it again.
 *
 * <p>Exports: functions {@code f0}, {@code f1}, ...; {@code refuel}; memory {@code memory}; tables
 * {@code functions} and {@code externs}; globals {@code g0}, {@code g1}, .... Imports: with host
 * functions, {@code host.h0}, {@code host.h1}, ..., whose results must depend on the arguments
 * only.
 */
public final class WasmGenerator {
  /** Loop iterations and calls per invocation. */
  private static final int FUEL = 120;

  private static final int TABLE_SIZE = 16;
  private static final int PASSIVE_BYTES = 32;

  private final SplittableRandom random;
  private final List<FuncType> types = new ArrayList<>();
  private final GeneratedShape shape;
  private final int budget;
  private final boolean vectors;

  private WasmGenerator(long seed, boolean withHostFunctions, boolean withVectors) {
    vectors = withVectors;
    random = new SplittableRandom(seed);
    // Now and then bodies with hundreds of live values.
    budget = random.nextInt(12) == 0 ? 3000 : 20 + random.nextInt(300);
    for (int n = 2 + random.nextInt(6); n > 0; n--) {
      types.add(new FuncType(someTypes(4), someTypes(3)));
    }
    types.add(new FuncType(manyNumbers(), List.of(NumType.I64)));
    types.add(new FuncType(someTypes(6), manyNumbers()));
    types.add(new FuncType(List.of(), List.of()));
    int imported = withHostFunctions ? 2 : 0;
    int[] functions = new int[imported + 1 + random.nextInt(6)];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = random.nextInt(types.size() - 1);
    }
    List<NumType> globals = new ArrayList<>(List.of(NumType.I32));
    globals.addAll(List.of(NumType.values()));
    globals.addAll(List.of(NumType.values()));
    shape =
        new GeneratedShape(
            types, imported, functions, globals, TABLE_SIZE, 2, random.nextInt(3) == 0, vectors);
  }

  /** The binary of the module with this seed. */
  public static byte[] generate(long seed, boolean withHostFunctions) {
    return generate(seed, withHostFunctions, false);
  }

  /** The binary of the module with this seed, which may compute with vectors. */
  public static byte[] generate(long seed, boolean withHostFunctions, boolean withVectors) {
    return new WasmGenerator(seed, withHostFunctions, withVectors).module();
  }

  private ValType anyType() {
    return vectors && random.nextInt(4) == 0 ? VecType.V128 : NumType.values()[random.nextInt(4)];
  }

  private List<ValType> someTypes(int most) {
    List<ValType> result = new ArrayList<>();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      result.add(anyType());
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
    out.section(5, new ByteWriter().u32(1).u8(1).u32(1).u32(3));
    out.section(6, globals());
    out.section(7, exports());
    out.section(9, elements());
    out.section(12, new ByteWriter().u32(shape.dataSegments() + 1));
    out.section(10, code());
    out.section(11, data());
    return out.toBytes();
  }

  private ByteWriter types() {
    ByteWriter w = new ByteWriter().u32(types.size());
    for (FuncType type : types) {
      w.u8(0x60).u32(type.paramCount());
      type.params().forEach(param -> ModuleWriter.type(w, param));
      w.u32(type.resultCount());
      type.results().forEach(result -> ModuleWriter.type(w, result));
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
    ByteWriter w = new ByteWriter().u32(defined + 1);
    for (int i = shape.imported(); i < shape.functions().length; i++) {
      w.u32(shape.functions()[i]);
    }
    return w.u32(types.size() - 1);
  }

  private ByteWriter globals() {
    ByteWriter w = new ByteWriter().u32(shape.globals().size());
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
    return w;
  }

  private ByteWriter exports() {
    int functions = shape.functions().length;
    int defined = functions - shape.imported();
    ByteWriter w = new ByteWriter().u32(defined + 1 + 3 + shape.globals().size());
    for (int i = 0; i < defined; i++) {
      w.name("f" + i).u8(0).u32(shape.imported() + i);
    }
    w.name("refuel").u8(0).u32(functions);
    w.name("functions").u8(1).u32(0).name("externs").u8(1).u32(1);
    w.name("memory").u8(2).u32(0);
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
    ByteWriter w = new ByteWriter().u32(defined + 1);
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
    return w.sized(new ByteWriter().u32(0).append(refuel.out));
  }

  private ByteWriter data() {
    ByteWriter w = new ByteWriter().u32(shape.dataSegments() + 1);
    for (int i = 0; i < shape.dataSegments(); i++) {
      w.u8(1).u32(PASSIVE_BYTES);
      randomBytes(w, PASSIVE_BYTES);
    }
    w.u8(0).append(new BodyWriter(random).i32(0).op(WasmOp.END).out).u32(256);
    randomBytes(w, 256);
    return w;
  }

  private void randomBytes(ByteWriter w, int count) {
    for (int i = 0; i < count; i++) {
      w.u8(random.nextInt(256));
    }
  }
}

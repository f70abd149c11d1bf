package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Emits code that leaves one value of a wanted type. Loops and calls cost fuel, so that everything
 * terminates; NaNs are made canonical where their bits would be open.
 */
final class ExpressionGenerator {
  /** Addresses stay mostly within this many bytes of the one page that the memory has at least. */
  private static final int ADDRESS_MASK = 0xFFF;

  /** Half of the addresses are so close together that accesses often overlap. */
  private static final int NEAR_MASK = 0x1F;

  private final GeneratedShape shape;
  private final SplittableRandom random;
  private final BodyWriter w;
  private final Locals locals;
  private final StatementGenerator statements;
  private final Labels labels;
  private final VectorExpressions vectors;
  private final HeapExpressions heap;

  ExpressionGenerator(
      GeneratedShape shape,
      SplittableRandom random,
      BodyWriter writer,
      Locals locals,
      Labels labels,
      StatementGenerator statements) {
    this.shape = shape;
    this.random = random;
    this.w = writer;
    this.locals = locals;
    this.labels = labels;
    this.statements = statements;
    this.vectors = new VectorExpressions(shape, random, writer, locals, this);
    this.heap = new HeapExpressions(shape, random, writer, locals, labels, this);
  }

  VectorExpressions vectors() {
    return vectors;
  }

  HeapExpressions heap() {
    return heap;
  }

  void value(ValType type, int depth) {
    switch (type) {
      case NumType number -> number(number, depth);
      case RefType ref -> {
        int left = statements.spend(1) ? depth : 0;
        if (ref.equals(RefType.FUNCREF) || ref.equals(RefType.EXTERNREF)) {
          reference(ref, left);
        } else {
          heap.reference(ref, left);
        }
      }
      case VecType vector -> vectors.vector(statements.spend(1) ? depth : 0);
    }
  }

  private void number(NumType type, int depth) {
    if (depth <= 0 || !statements.spend(1)) {
      leaf(type);
      return;
    }
    if (shape.vectors() && random.nextInt(6) == 0) {
      vectors.number(type, depth);
      return;
    }
    boolean heapy = shape.options().flavor() == GeneratorOptions.Flavor.REFERENCES;
    if (!shape.heap().isEmpty() && random.nextInt(heapy ? 3 : 8) == 0) {
      heap.number(type, depth);
      return;
    }
    switch (choice()) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> numeric(type, depth);
      case 8, 9 -> load(type, depth);
      case 10 -> tee(type, depth);
      case 11 -> select(type, depth);
      case 12 -> conditional(type, depth);
      case 13 -> block(type, depth);
      case 14 -> loop(type, depth);
      case 15, 16 -> call(type, depth);
      case 17 -> special(type, depth);
      default -> leaf(type);
    }
  }

  private int choice() {
    int any = random.nextInt(20);
    if (random.nextInt(3) > 0) {
      return any;
    }
    return switch (shape.options().flavor()) {
      case BALANCED, REFERENCES, EXCEPTIONS -> any;
      case CONTROL -> 11 + random.nextInt(4);
      case MEMORY, VECTORS -> random.nextInt(6) == 0 ? 17 : 8;
      case CALLS -> 15;
      case ARITHMETIC -> 0;
    };
  }

  private void leaf(NumType type) {
    int choice = random.nextInt(10);
    int global = shape.globals().lastIndexOf(type);
    if (choice < 6 && locals.has(type)) {
      w.op(WasmOp.LOCAL_GET, locals.pick(type));
    } else if (choice == 6 && global > GeneratedShape.FUEL) {
      w.op(WasmOp.GLOBAL_GET, global);
    } else {
      w.constant(type);
    }
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static final List<WasmOp> WIDE =
      List.of(WasmOp.I64_ADD128, WasmOp.I64_SUB128, WasmOp.I64_MUL_WIDE_S, WasmOp.I64_MUL_WIDE_U);

  /** One half of a wide result. */
  private void wide(int depth) {
    WasmOp op = pick(WIDE);
    for (ValType param : Objects.requireNonNull(op.signature()).params()) {
      value(param, depth - 1);
    }
    w.op(op);
    int scratch = locals.scratch(NumType.I64);
    switch (random.nextInt(3)) {
      case 0 -> w.op(WasmOp.DROP);
      case 1 -> w.op(WasmOp.LOCAL_SET, scratch).op(WasmOp.DROP).op(WasmOp.LOCAL_GET, scratch);
      default -> w.op(WasmOp.I64_XOR);
    }
  }

  private void numeric(NumType type, int depth) {
    if (type == NumType.I64 && shape.options().proposals() && random.nextInt(8) == 0) {
      wide(depth);
      return;
    }
    WasmOp op = pick(OpChoices.numeric(type));
    if (OpChoices.trapsOnRange(op) && !(shape.trapping() && random.nextInt(3) == 0)) {
      op = pick(OpChoices.numeric(type));
      if (OpChoices.trapsOnRange(op)) {
        leaf(type);
        return;
      }
    }
    FuncType signature = Objects.requireNonNull(op.signature());
    for (ValType param : signature.params()) {
      value(param, depth - 1);
    }
    if (OpChoices.divides(op) && !rarely()) {
      // The divisor is the second operand; an odd number is not zero.
      if (type == NumType.I32) {
        w.i32(1).op(WasmOp.I32_OR);
      } else {
        w.i64(1).op(WasmOp.I64_OR);
      }
    }
    w.op(op);
    if (OpChoices.makesNan(op)) {
      canonicalNan(type);
    }
  }

  private boolean rarely() {
    return shape.trapping() && random.nextInt(10) == 0;
  }

  private boolean veryRarely() {
    return shape.trapping() && random.nextInt(50) == 0;
  }

  /** Replaces a NaN on the stack by the canonical one. */
  void canonicalNan(NumType type) {
    int scratch = locals.scratch(type);
    w.op(WasmOp.LOCAL_SET, scratch);
    if (type == NumType.F32) {
      w.f32(Float.NaN);
    } else {
      w.f64(Double.NaN);
    }
    w.op(WasmOp.LOCAL_GET, scratch)
        .op(WasmOp.LOCAL_GET, scratch)
        .op(WasmOp.LOCAL_GET, scratch)
        .op(type == NumType.F32 ? WasmOp.F32_NE : WasmOp.F64_NE)
        .op(WasmOp.SELECT);
  }

  /** A memory to use. */
  int memory() {
    return random.nextInt(shape.memories().size());
  }

  /** An address that is nearly always inside the memory, often one that others use too. */
  void address(int memory, int depth) {
    boolean is64 = shape.is64(memory);
    if (random.nextInt(12) == 0) {
      // A constant, where the memory begins or ends, or just behind it.
      long end = shape.memories().get(memory).minimumBytes();
      int range = random.nextBoolean() ? 48 : (int) Math.min(end, 1 << 16);
      long place = random.nextBoolean() ? random.nextInt(range) : end - 32 - random.nextInt(range);
      w.address(is64, veryRarely() ? end - random.nextInt(40) : Math.max(0, place));
      return;
    }
    if (is64 && random.nextInt(3) > 0) {
      value(NumType.I64, depth);
      if (!veryRarely()) {
        w.i64(random.nextBoolean() ? NEAR_MASK : ADDRESS_MASK).op(WasmOp.I64_AND);
      }
      return;
    }
    narrowAddress(depth);
    if (is64) {
      w.op(random.nextBoolean() ? WasmOp.I64_EXTEND_I32_U : WasmOp.I64_EXTEND_I32_S);
    }
  }

  private void narrowAddress(int depth) {
    if (random.nextInt(3) == 0) {
      // base + index * scale, as compilers write array accesses.
      value(NumType.I32, depth - 1);
      w.i32(NEAR_MASK).op(WasmOp.I32_AND);
      value(NumType.I32, depth - 1);
      w.i32(NEAR_MASK).op(WasmOp.I32_AND).i32(random.nextInt(4)).op(WasmOp.I32_SHL);
      w.op(WasmOp.I32_ADD);
      return;
    }
    value(NumType.I32, depth);
    if (!veryRarely()) {
      w.i32(random.nextBoolean() ? NEAR_MASK : ADDRESS_MASK).op(WasmOp.I32_AND);
    }
  }

  /** An offset of an access to a memory, unsigned. */
  long offset(int memory) {
    if (!veryRarely()) {
      return random.nextInt(16);
    }
    if (random.nextInt(3) == 0) {
      return shape.memories().get(memory).minimumBytes() - random.nextInt(24);
    }
    int shift = random.nextInt(Long.SIZE);
    return shape.is64(memory)
        ? random.nextLong() >>> shift
        : Integer.toUnsignedLong(random.nextInt() >>> shift);
  }

  private void load(NumType type, int depth) {
    List<WasmOp> atomics = OpChoices.atomics(type);
    if (shape.options().memories() && !atomics.isEmpty() && random.nextInt(3) == 0) {
      atomic(pick(atomics), depth);
      return;
    }
    int memory = memory();
    address(memory, depth - 1);
    w.access(pick(OpChoices.loads(type)), memory, offset(memory));
  }

  /** An atomic access, nearly always of an address that is a multiple of its width. */
  void atomic(WasmOp op, int depth) {
    int memory = memory();
    address(memory, depth - 1);
    boolean aligned = !veryRarely();
    if (aligned && shape.is64(memory)) {
      w.i64(-op.accessBytes()).op(WasmOp.I64_AND);
    } else if (aligned) {
      w.i32(-op.accessBytes()).op(WasmOp.I32_AND);
    }
    List<ValType> params = Objects.requireNonNull(op.signature()).params();
    for (ValType param : params.subList(1, params.size())) {
      value(param, depth - 1);
    }
    w.access(op, memory, aligned ? offset(memory) & -op.accessBytes() : offset(memory));
  }

  private void tee(NumType type, int depth) {
    value(type, depth - 1);
    if (locals.has(type)) {
      w.op(WasmOp.LOCAL_TEE, locals.pick(type));
    }
  }

  private void select(NumType type, int depth) {
    value(type, depth - 1);
    value(type, depth - 1);
    value(NumType.I32, depth - 1);
    if (random.nextBoolean()) {
      w.op(WasmOp.SELECT);
    } else {
      w.op(WasmOp.SELECT_TYPED).out.u32(1);
      ModuleWriter.type(w.out, type);
    }
  }

  private void conditional(NumType type, int depth) {
    value(NumType.I32, depth - 1);
    w.block(WasmOp.IF, type);
    labels.push(List.of(type));
    statements.some(depth - 1, 2);
    value(type, depth - 1);
    w.op(WasmOp.ELSE);
    statements.some(depth - 1, 2);
    value(type, depth - 1);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void block(NumType type, int depth) {
    // Either one result, or parameters and several results by a type of the module.
    int typeIndex = random.nextInt(shape.types().size());
    FuncType signature = shape.types().get(typeIndex);
    if (random.nextBoolean() || !signature.results().contains(type)) {
      w.block(WasmOp.BLOCK, type);
      labels.push(List.of(type));
      statements.some(depth - 1, 3);
      if (random.nextInt(4) == 0) {
        value(type, depth - 1);
        value(NumType.I32, depth - 1);
        w.op(WasmOp.BR_IF, 0).op(WasmOp.DROP);
      }
      value(type, depth - 1);
      labels.pop();
      w.op(WasmOp.END);
      return;
    }
    for (ValType param : signature.params()) {
      value(param, depth - 1);
    }
    w.block(WasmOp.BLOCK, typeIndex);
    labels.push(signature.results());
    statements.intoLocals(signature.params());
    statements.some(depth - 1, 3);
    for (ValType result : signature.results()) {
      value(result, depth - 1);
    }
    labels.pop();
    w.op(WasmOp.END);
    keepOne(signature.results(), type);
  }

  /** Reduces the values on the stack to one of the wanted type. */
  private void keepOne(List<ValType> results, NumType type) {
    int kept = results.lastIndexOf(type);
    for (int i = results.size() - 1; i > kept; i--) {
      w.op(WasmOp.DROP);
    }
    if (kept > 0) {
      w.op(WasmOp.LOCAL_SET, locals.scratch(type));
      for (int i = 0; i < kept; i++) {
        w.op(WasmOp.DROP);
      }
      w.op(WasmOp.LOCAL_GET, locals.scratch(type));
    }
  }

  private void loop(NumType type, int depth) {
    w.block(WasmOp.LOOP, type);
    labels.push(null);
    statements.some(depth - 1, 3);
    statements.backEdge(depth - 1);
    value(type, depth - 1);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void call(NumType type, int depth) {
    List<Integer> candidates = new ArrayList<>();
    for (int f = 0; f < shape.functions().length; f++) {
      if (shape.functionType(f).results().contains(type)) {
        candidates.add(f);
      }
    }
    if (candidates.isEmpty()) {
      leaf(type);
      return;
    }
    int function = pick(candidates);
    FuncType signature = shape.functionType(function);
    for (ValType param : signature.params()) {
      value(param, depth - 1);
    }
    // Fuel is tested with the arguments on the stack, below the block's parameters.
    w.op(WasmOp.GLOBAL_GET, GeneratedShape.FUEL).i32(0).op(WasmOp.I32_GT_S);
    w.block(WasmOp.IF, shape.functions()[function]);
    statements.burnFuel();
    if (!shape.heap().isEmpty() && random.nextInt(3) == 0) {
      functionOf(shape.functions()[function]);
      w.op(WasmOp.CALL_REF, shape.functions()[function]);
    } else if (random.nextInt(3) == 0 && shape.tableSize() > 0) {
      indirect(shape.functions()[function], depth);
    } else {
      w.op(WasmOp.CALL, function);
    }
    w.op(WasmOp.ELSE);
    statements.intoLocals(signature.params());
    for (ValType result : signature.results()) {
      leafOf(result);
    }
    w.op(WasmOp.END);
    keepOne(signature.results(), type);
  }

  /** A function of this type, which exists: out of a local, the table, or itself. */
  void functionOf(int typeIndex) {
    RefType type = HeapTypes.reference(typeIndex);
    switch (random.nextInt(3)) {
      case 0 -> {
        int local = locals.pick(type);
        w.op(WasmOp.LOCAL_GET, local).op(WasmOp.REF_IS_NULL).block(WasmOp.IF, type);
        heap.function(typeIndex);
        w.op(WasmOp.ELSE).op(WasmOp.LOCAL_GET, local).op(WasmOp.END);
      }
      case 1 -> {
        slotOf(typeIndex, 1);
        w.op(WasmOp.TABLE_GET, 0).op(WasmOp.REF_CAST).out.s64(typeIndex);
      }
      default -> heap.function(typeIndex);
    }
  }

  // Table elements have all types, so most indirect calls would trap: slot i holds function i where
  // the module's element segments put it, and a trapping module picks any slot.
  private void indirect(int typeIndex, int depth) {
    slotOf(typeIndex, depth);
    w.op(WasmOp.CALL_INDIRECT, typeIndex, 0);
  }

  /** Index of a function of this type in table 0, mostly. */
  void slotOf(int typeIndex, int depth) {
    if (rarely()) {
      value(NumType.I32, Math.min(1, depth - 1));
    } else {
      int slot = 0;
      for (int f = 0; f < shape.functions().length; f++) {
        if (shape.types().get(shape.functions()[f]).equals(shape.types().get(typeIndex))) {
          slot = f;
        }
      }
      w.i32(slot);
    }
  }

  /** Something short of this type. */
  void leafOf(ValType type) {
    if (type instanceof NumType number) {
      leaf(number);
    } else {
      value(type, 0);
    }
  }

  /** The size of a memory, before it grows or while it does, where its type is the wanted one. */
  private void memorySize(NumType type, int depth) {
    int memory = memory();
    boolean is64 = shape.is64(memory);
    if (shape.addressType(memory) != type) {
      leaf(type);
    } else if (random.nextBoolean()) {
      w.op(WasmOp.MEMORY_SIZE, memory);
    } else {
      value(type, depth - 1);
      long mask = veryRarely() ? -1 : shape.memories().get(memory).hasStandardPages() ? 1 : 63;
      w.address(is64, mask).op(is64 ? WasmOp.I64_AND : WasmOp.I32_AND);
      w.op(WasmOp.MEMORY_GROW, memory);
    }
  }

  private void special(NumType type, int depth) {
    if (type == NumType.I64 && shape.options().memories()) {
      memorySize(type, depth);
      return;
    }
    if (type != NumType.I32) {
      value(type, depth - 1);
      return;
    }
    switch (random.nextInt(6)) {
      case 0, 1 -> memorySize(type, depth);
      case 2 -> w.op(WasmOp.TABLE_SIZE, random.nextInt(2));
      case 3 -> {
        boolean function = random.nextBoolean();
        value(function ? RefType.FUNCREF : RefType.EXTERNREF, depth - 1);
        w.op(WasmOp.REF_IS_NULL);
      }
      case 4 -> {
        value(RefType.EXTERNREF, depth - 1);
        value(NumType.I32, depth - 1);
        w.i32(3).op(WasmOp.I32_AND).op(WasmOp.TABLE_GROW, 1);
      }
      default -> leaf(type);
    }
  }

  private void reference(RefType type, int depth) {
    boolean isFunction = type.equals(RefType.FUNCREF);
    if (!isFunction && !shape.heap().isEmpty() && depth > 0 && random.nextInt(3) == 0) {
      value(new RefType(true, AbstractHeapType.ANY), depth - 1);
      w.op(WasmOp.EXTERN_CONVERT_ANY);
      return;
    }
    int choice = depth <= 0 ? random.nextInt(3) : random.nextInt(5);
    switch (choice) {
      case 1 -> {
        if (isFunction) {
          w.op(WasmOp.REF_FUNC, random.nextInt(shape.functions().length));
        } else {
          w.op(WasmOp.REF_NULL).out.u8(0x6F);
        }
      }
      case 2 -> w.op(WasmOp.LOCAL_GET, locals.pick(type));
      case 3 -> {
        value(NumType.I32, depth - 1);
        if (!rarely()) {
          w.i32(shape.tableSize() - 1).op(WasmOp.I32_AND);
        }
        w.op(WasmOp.TABLE_GET, isFunction ? 0 : 1);
      }
      case 4 -> {
        value(type, depth - 1);
        value(type, depth - 1);
        value(NumType.I32, depth - 1);
        w.op(WasmOp.SELECT_TYPED).out.u32(1).u8(isFunction ? 0x70 : 0x6F);
      }
      default -> w.op(WasmOp.REF_NULL).out.u8(isFunction ? 0x70 : 0x6F);
    }
  }
}

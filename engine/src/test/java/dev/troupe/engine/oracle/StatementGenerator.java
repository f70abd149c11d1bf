package dev.troupe.engine.oracle;

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

/** Emits one function body: statements that leave the stack as it was, then the results. */
final class StatementGenerator {
  private final GeneratedShape shape;
  private final SplittableRandom random;
  private final BodyWriter w;
  private final Locals locals;
  private final Labels labels = new Labels();
  private final ExpressionGenerator expressions;
  private final ExceptionStatements exceptions;
  private final FuncType type;
  private int budget;

  StatementGenerator(GeneratedShape shape, FuncType type, int budget, SplittableRandom random) {
    this.shape = shape;
    this.random = random;
    this.type = type;
    this.budget = budget;
    this.w = new BodyWriter(random);
    this.locals = new Locals(type, shape, random);
    this.expressions = new ExpressionGenerator(shape, random, w, locals, labels, this);
    this.exceptions = new ExceptionStatements(shape, random, w, locals, labels, expressions, this);
  }

  /** The locals that the body needs beyond its parameters. */
  List<ValType> locals() {
    return locals.declared();
  }

  /** The instructions with the final {@code end}. */
  BodyWriter body() {
    labels.push(type.results());
    int statements = 1 + random.nextInt(6);
    for (int i = 0; i < statements; i++) {
      statement(4);
    }
    for (ValType result : type.results()) {
      expressions.value(result, 4);
    }
    labels.pop();
    return w.op(WasmOp.END);
  }

  /** Takes from the budget of the body's size; false when it is used up. */
  boolean spend(int amount) {
    budget -= amount;
    return budget > 0;
  }

  /** Up to {@code most} statements. */
  void some(int depth, int most) {
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      statement(depth);
    }
  }

  void burnFuel() {
    w.op(WasmOp.GLOBAL_GET, GeneratedShape.FUEL)
        .i32(1)
        .op(WasmOp.I32_SUB)
        .op(WasmOp.GLOBAL_SET, GeneratedShape.FUEL);
  }

  /** Branches back to the innermost label, a loop without parameters, while there is fuel. */
  void backEdge(int depth) {
    burnFuel();
    expressions.value(NumType.I32, depth);
    w.i32(3).op(WasmOp.I32_AND).i32(0).op(WasmOp.I32_NE);
    w.op(WasmOp.GLOBAL_GET, GeneratedShape.FUEL).i32(0).op(WasmOp.I32_GT_S);
    w.op(WasmOp.I32_AND).op(WasmOp.BR_IF, 0);
  }

  /** Moves the values on top of the stack into locals. */
  void intoLocals(List<ValType> values) {
    for (ValType value : values.reversed()) {
      w.op(WasmOp.LOCAL_SET, locals.pick(value));
    }
  }

  /** Half of the statements are what the module's flavor likes. */
  private int choice() {
    int any = random.nextInt(16);
    if (random.nextBoolean()) {
      return any;
    }
    return switch (shape.options().flavor()) {
      case BALANCED, REFERENCES, EXCEPTIONS -> any;
      case CONTROL -> 7 + random.nextInt(5);
      case MEMORY, VECTORS -> random.nextInt(4) == 0 ? 12 : 3;
      case CALLS -> random.nextInt(3) == 0 ? 13 : 14;
      case ARITHMETIC -> random.nextBoolean() ? 0 : 6;
    };
  }

  private NumType anyNumber() {
    return NumType.values()[random.nextInt(4)];
  }

  private void statement(int depth) {
    if (depth <= 0 || !spend(2)) {
      w.op(WasmOp.NOP);
      return;
    }
    GeneratorOptions.Flavor flavor = shape.options().flavor();
    boolean heapy = flavor == GeneratorOptions.Flavor.REFERENCES;
    if (!shape.heap().isEmpty() && random.nextInt(heapy ? 3 : 8) == 0) {
      expressions.heap().statement(depth);
      return;
    }
    boolean throwing = flavor == GeneratorOptions.Flavor.EXCEPTIONS;
    if (shape.options().exceptions() && random.nextInt(throwing ? 3 : 8) == 0) {
      exceptions.statement(depth);
      return;
    }
    switch (choice()) {
      case 0, 1, 2 -> setLocal(depth);
      case 3, 4, 5 -> {
        if (shape.vectors() && random.nextInt(3) == 0) {
          expressions.vectors().store(depth);
        } else {
          store(depth);
        }
      }
      case 6 -> setGlobal(depth);
      case 7 -> conditional(depth);
      case 8 -> loop(depth);
      case 9 -> block(depth);
      case 10 -> branch(depth);
      case 11 -> branchTable(depth);
      case 12 -> bulk(depth);
      case 13 -> table(depth);
      case 14 -> earlyReturn(depth);
      default -> {
        expressions.value(anyNumber(), depth - 1);
        w.op(WasmOp.DROP);
      }
    }
  }

  private void setLocal(int depth) {
    ValType chosen = anyNumber();
    if (shape.vectors() && random.nextInt(3) == 0) {
      chosen = VecType.V128;
    } else if (random.nextInt(8) == 0) {
      chosen = random.nextBoolean() ? RefType.FUNCREF : RefType.EXTERNREF;
    }
    expressions.value(chosen, depth);
    w.op(WasmOp.LOCAL_SET, locals.pick(chosen));
  }

  // Load, change and store at one address: what an instruction with a memory operand could do.
  private void update(int depth) {
    NumType number = anyNumber();
    int memory = expressions.memory();
    int address = locals.scratchAddress(shape.is64(memory));
    expressions.address(memory, depth - 1);
    long offset = expressions.offset(memory);
    w.op(WasmOp.LOCAL_TEE, address).op(WasmOp.LOCAL_GET, address);
    w.access(fullWidth("load", number), memory, offset);
    expressions.value(number, 0);
    w.op(Objects.requireNonNull(WasmOp.ofMnemonic(number.text() + ".sub")));
    if (number == NumType.F32 || number == NumType.F64) {
      expressions.canonicalNan(number);
    }
    w.access(fullWidth("store", number), memory, offset);
  }

  private static WasmOp fullWidth(String what, NumType type) {
    return Objects.requireNonNull(WasmOp.ofMnemonic(type.text() + "." + what));
  }

  private void store(int depth) {
    if (random.nextInt(3) == 0) {
      update(depth);
      return;
    }
    if (shape.options().memories() && random.nextInt(4) == 0) {
      if (random.nextInt(8) == 0) {
        w.op(WasmOp.ATOMIC_FENCE).out.u8(0);
        return;
      }
      List<WasmOp> atomics = OpChoices.atomicStores();
      expressions.atomic(atomics.get(random.nextInt(atomics.size())), depth);
      return;
    }
    List<WasmOp> stores = OpChoices.stores();
    WasmOp op = stores.get(random.nextInt(stores.size()));
    FuncType signature = Objects.requireNonNull(op.signature());
    int memory = expressions.memory();
    expressions.address(memory, depth - 1);
    expressions.value(signature.params().get(1), depth - 1);
    w.access(op, memory, expressions.offset(memory));
  }

  private void setGlobal(int depth) {
    if (shape.vectors() && random.nextInt(4) == 0) {
      expressions.value(VecType.V128, depth);
      w.op(WasmOp.GLOBAL_SET, shape.vectorGlobal());
      return;
    }
    int global = 1 + random.nextInt(shape.globals().size() - 1);
    expressions.value(shape.globals().get(global), depth);
    w.op(WasmOp.GLOBAL_SET, global);
  }

  private void conditional(int depth) {
    expressions.value(NumType.I32, depth - 1);
    w.block(WasmOp.IF);
    labels.push(List.of());
    some(depth - 1, 3);
    if (random.nextBoolean()) {
      w.op(WasmOp.ELSE);
      some(depth - 1, 3);
    }
    labels.pop();
    w.op(WasmOp.END);
  }

  private void loop(int depth) {
    w.block(WasmOp.LOOP);
    labels.push(null);
    some(depth - 1, 4);
    backEdge(depth - 1);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void block(int depth) {
    w.block(WasmOp.BLOCK);
    labels.push(List.of());
    some(depth - 1, 4);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void branch(int depth) {
    int label = random.nextInt(labels.count());
    List<ValType> carried = labels.carried(label);
    if (carried == null) {
      return;
    }
    if (random.nextInt(4) == 0) {
      // Unconditional, inside a conditional so that what follows can be reached.
      expressions.value(NumType.I32, depth - 1);
      w.block(WasmOp.IF);
      labels.push(List.of());
      values(carried, depth - 1);
      labels.pop();
      w.op(WasmOp.BR, label + 1);
      // Dead code has rules of its own.
      if (random.nextBoolean()) {
        w.op(WasmOp.I32_ADD).op(WasmOp.DROP);
      }
      w.op(WasmOp.END);
      return;
    }
    values(carried, depth - 1);
    expressions.value(NumType.I32, depth - 1);
    w.op(WasmOp.BR_IF, label);
    for (int i = 0; i < carried.size(); i++) {
      w.op(WasmOp.DROP);
    }
  }

  private void branchTable(int depth) {
    // Targets are three blocks made for the purpose; what stands behind each end runs on.
    for (int i = 0; i < 3; i++) {
      w.block(WasmOp.BLOCK);
      labels.push(List.of());
    }
    expressions.value(NumType.I32, depth - 1);
    if (random.nextBoolean()) {
      w.i32(3).op(WasmOp.I32_AND);
    }
    int targets = random.nextInt(6);
    w.op(WasmOp.BR_TABLE).out.u32(targets);
    for (int i = 0; i <= targets; i++) {
      w.out.u32(random.nextInt(3));
    }
    for (int i = 0; i < 3; i++) {
      labels.pop();
      w.op(WasmOp.END);
      some(depth - 1, 2);
    }
  }

  private void earlyReturn(int depth) {
    expressions.value(NumType.I32, depth - 1);
    w.i32(0xFF).op(WasmOp.I32_AND).op(WasmOp.I32_EQZ);
    w.block(WasmOp.IF);
    labels.push(List.of());
    if (shape.trapping() && random.nextInt(4) == 0) {
      w.op(WasmOp.UNREACHABLE);
    } else if (random.nextInt(3) == 0) {
      tailCall(depth - 1);
    } else {
      values(type.results(), depth - 1);
      w.op(WasmOp.RETURN);
    }
    labels.pop();
    w.op(WasmOp.END);
  }

  /** Another function with the same results runs instead of this one, as long as there is fuel. */
  private void tailCall(int depth) {
    List<Integer> candidates = new ArrayList<>();
    for (int f = 0; f < shape.functions().length; f++) {
      if (shape.functionType(f).results().equals(type.results())) {
        candidates.add(f);
      }
    }
    if (candidates.isEmpty()) {
      return;
    }
    int function = candidates.get(random.nextInt(candidates.size()));
    w.op(WasmOp.GLOBAL_GET, GeneratedShape.FUEL).i32(0).op(WasmOp.I32_GT_S);
    w.block(WasmOp.IF);
    labels.push(List.of());
    burnFuel();
    values(shape.functionType(function).params(), depth);
    if (!shape.heap().isEmpty() && random.nextInt(3) == 0) {
      expressions.functionOf(shape.functions()[function]);
      w.op(WasmOp.RETURN_CALL_REF, shape.functions()[function]);
    } else if (random.nextInt(3) == 0) {
      expressions.slotOf(shape.functions()[function], depth);
      w.op(WasmOp.RETURN_CALL_INDIRECT, shape.functions()[function], 0);
    } else {
      w.op(WasmOp.RETURN_CALL, function);
    }
    labels.pop();
    w.op(WasmOp.END);
  }

  private void values(List<ValType> types, int depth) {
    for (ValType value : types) {
      expressions.value(value, depth);
    }
  }

  private void length(boolean is64, int depth) {
    if (random.nextInt(3) == 0) {
      // Short constant lengths are moved by a few instructions.
      w.address(is64, random.nextInt(70));
      return;
    }
    long mask = shape.trapping() && random.nextInt(8) == 0 ? -1 : 63;
    expressions.value(is64 ? NumType.I64 : NumType.I32, depth);
    w.address(is64, mask).op(is64 ? WasmOp.I64_AND : WasmOp.I32_AND);
  }

  private void bulk(int depth) {
    int memory = expressions.memory();
    boolean is64 = shape.is64(memory);
    switch (random.nextInt(4)) {
      case 0 -> {
        expressions.address(memory, depth - 1);
        expressions.value(NumType.I32, depth - 1);
        length(is64, depth - 1);
        w.op(WasmOp.MEMORY_FILL, memory);
      }
      case 1 -> {
        int from = expressions.memory();
        expressions.address(memory, depth - 1);
        expressions.address(from, depth - 1);
        length(is64 && shape.is64(from), depth - 1);
        w.op(WasmOp.MEMORY_COPY, memory, from);
      }
      case 2 -> {
        expressions.address(memory, depth - 1);
        w.i32(random.nextInt(4)).i32(shape.trapping() ? random.nextInt(40) : 0);
        w.op(WasmOp.MEMORY_INIT, random.nextInt(shape.dataSegments()), memory);
      }
      default -> {
        if (shape.trapping()) {
          w.op(WasmOp.DATA_DROP, random.nextInt(shape.dataSegments()));
        }
      }
    }
  }

  private void slot(int depth) {
    expressions.value(NumType.I32, depth);
    w.i32(shape.tableSize() - 1).op(WasmOp.I32_AND);
  }

  // Only trapping modules change table 0: the others call through it.
  private void table(int depth) {
    int table = shape.trapping() && random.nextBoolean() ? 0 : 1;
    RefType element = table == 0 ? RefType.FUNCREF : RefType.EXTERNREF;
    switch (random.nextInt(5)) {
      case 0 -> {
        slot(depth - 1);
        expressions.value(element, depth - 1);
        w.op(WasmOp.TABLE_SET, table);
      }
      case 1 -> {
        slot(depth - 1);
        expressions.value(element, depth - 1);
        w.i32(shape.trapping() ? random.nextInt(4) : 0).op(WasmOp.TABLE_FILL, table);
      }
      case 2 -> {
        slot(depth - 1);
        slot(depth - 1);
        w.i32(shape.trapping() ? random.nextInt(4) : 0).op(WasmOp.TABLE_COPY, table, table);
      }
      case 3 -> {
        if (shape.trapping()) {
          slot(depth - 1);
          w.i32(random.nextInt(3)).i32(random.nextInt(3)).op(WasmOp.TABLE_INIT, 1, 0);
        }
      }
      default -> {
        if (shape.trapping()) {
          w.op(WasmOp.ELEM_DROP, 1);
        }
      }
    }
  }
}

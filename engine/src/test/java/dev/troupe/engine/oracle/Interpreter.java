package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.CatchClause;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs one function activation; calls recurse in Java. */
final class Interpreter {
  // Java's own frames are large before they are compiled: deeper recursion overflows a 1 MiB stack.
  private static final int MAX_CALL_DEPTH = 300;
  private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

  final OracleInstance instance;
  private final CodeArray code;
  private final HeapInstructions heap = new HeapInstructions(this);
  private final long[] locals;
  private final int resultCount;
  private long[] stack = new long[32];
  private int height;
  // Open blocks: position to continue at, stack height below the parameters, values carried.
  private int[] targets = new int[16];
  private int[] heights = new int[16];
  private int[] arities = new int[16];
  // Of a label of a try_table: what it catches.
  private final List<List<CatchClause>> catches = new ArrayList<>();
  private int depth;
  private int next;
  private @Nullable OracleFunction tailCallee;

  private Interpreter(OracleFunction.Guest function, long[] arguments) {
    this.instance = function.instance();
    this.code = instance.code(function.index());
    this.locals = Arrays.copyOf(arguments, code.localCount());
    this.resultCount = function.type().resultCount();
  }

  /**
   * Calls a function.
   *
   * @throws OracleTrap when it traps
   * @throws OracleThrown when it throws
   */
  static long[] call(OracleFunction function, long[] arguments) {
    if (arguments.length != function.type().paramCount()) {
      throw new IllegalArgumentException("wrong number of arguments for " + function.type());
    }
    OracleFunction next = function;
    long[] values = arguments;
    while (true) {
      switch (next) {
        case OracleFunction.Host host -> {
          return host.body().call(values);
        }
        case OracleFunction.Guest guest -> {
          Interpreter activation = new Interpreter(guest, values);
          values = activation.runNested();
          if (activation.tailCallee == null) {
            return values;
          }
          next = activation.tailCallee;
        }
      }
    }
  }

  /** Results, or the arguments of {@link #tailCallee}. */
  private long[] runNested() {
    int[] callDepth = DEPTH.get();
    if (callDepth[0] >= MAX_CALL_DEPTH) {
      throw new OracleTrap(TrapKind.STACK_OVERFLOW);
    }
    callDepth[0]++;
    try {
      return run();
    } finally {
      callDepth[0]--;
    }
  }

  private long[] run() {
    int last = code.instructions().size() - 1;
    pushLabel(last, resultCount);
    while (next <= last) {
      CodeArray.Instruction instruction = code.instructions().get(next++);
      instance.store.count(instruction.op);
      try {
        execute(instruction);
      } catch (OracleThrown thrown) {
        if (!isCaught(thrown.handle())) {
          throw thrown;
        }
      }
      if (tailCallee != null) {
        return Arrays.copyOfRange(stack, height - tailCallee.type().paramCount(), height);
      }
    }
    return Arrays.copyOfRange(stack, height - resultCount, height);
  }

  void push(long value) {
    if (height == stack.length) {
      stack = Arrays.copyOf(stack, 2 * height);
    }
    stack[height++] = value;
  }

  long pop() {
    return stack[--height];
  }

  int popInt() {
    return (int) pop();
  }

  long popUnsigned() {
    return pop() & 0xFFFF_FFFFL;
  }

  private long popAddress(boolean is64) {
    return is64 ? pop() : popUnsigned();
  }

  private static boolean is64(OracleMemory memory) {
    return memory.type().limits().is64();
  }

  private static boolean is64(OracleTable table) {
    return table.type().limits().is64();
  }

  // ---- Blocks ----

  private void pushLabel(int target, int arity) {
    if (depth == targets.length) {
      targets = Arrays.copyOf(targets, 2 * depth);
      heights = Arrays.copyOf(heights, 2 * depth);
      arities = Arrays.copyOf(arities, 2 * depth);
    }
    targets[depth] = target;
    heights[depth] = height;
    arities[depth] = arity;
    while (catches.size() <= depth) {
      catches.add(List.of());
    }
    catches.set(depth, List.of());
    depth++;
  }

  private void enter(CodeArray.Instruction block, int arity, int target) {
    height -= block.params;
    pushLabel(target, arity);
    height += block.params;
  }

  // The target of a forward branch is its end, which pops the label; a loop's is its start, which
  // pushes it again: so branching pops all labels above the target, and for loops the target too.
  void branch(int label) {
    int at = depth - 1 - label;
    int arity = arities[at];
    System.arraycopy(stack, height - arity, stack, heights[at], arity);
    height = heights[at] + arity;
    next = targets[at];
    boolean isLoop = code.instructions().get(next).op == WasmOp.LOOP;
    depth = isLoop ? at : at + 1;
  }

  private void execute(CodeArray.Instruction i) {
    switch (i.op.immediate()) {
      case NONE, ZERO_BYTE -> plain(i);
      case BLOCK_TYPE, TRY_TABLE -> block(i);
      case LABEL -> label(i);
      case LABEL_TABLE -> {
        int chosen = popInt();
        boolean inside = Integer.compareUnsigned(chosen, i.labels.length - 1) < 0;
        branch(i.labels[inside ? chosen : i.labels.length - 1]);
      }
      case FUNCTION -> {
        OracleFunction function = instance.functions.get(i.index);
        if (i.op == WasmOp.REF_FUNC) {
          push(instance.store.handle(function));
        } else if (i.op == WasmOp.RETURN_CALL) {
          tailCallee = function;
        } else {
          callFunction(function);
        }
      }
      case CALL_INDIRECT -> callIndirect(i);
      case LOCAL -> local(i);
      case GLOBAL -> {
        OracleGlobal global = instance.globals.get(i.index);
        if (i.op == WasmOp.GLOBAL_GET) {
          push(global.get());
        } else {
          global.set(pop());
        }
      }
      case SELECT_TYPES -> select();
      case I32, I64, F32, F64 -> push(i.value);
      case V128 -> push(VectorHandles.of(i.value, i.valueHigh));
      case LANE -> lane(i);
      case SHUFFLE -> {
        long right = pop();
        push(Vectors.shuffle(pop(), right, i.value, i.valueHigh));
      }
      case TAG -> raise(i);
      case MEM_ARG -> memoryAccess(i);
      case MEM_ARG_LANE -> laneAccess(i);
      case MEMORY, MEMORY_INIT, MEMORY_COPY, DATA -> memoryBulk(i);
      case TABLE, TABLE_INIT, TABLE_COPY, ELEMENT -> table(i);
      case HEAP_TYPE,
          BRANCH_ON_CAST,
          TYPE,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEMENT,
          TYPE_TYPE ->
          heap.execute(i);
    }
  }

  private void label(CodeArray.Instruction i) {
    boolean taken =
        switch (i.op) {
          case BR -> true;
          case BR_IF -> popInt() != 0;
          case BR_ON_NULL -> {
            boolean isNull = stack[height - 1] == 0;
            height -= isNull ? 1 : 0;
            yield isNull;
          }
          case BR_ON_NON_NULL -> {
            boolean isNull = stack[height - 1] == 0;
            height -= isNull ? 1 : 0;
            yield !isNull;
          }
          default -> throw new IllegalStateException("oracle does not know " + i.op);
        };
    if (taken) {
      branch(i.index);
    }
  }

  // ---- Exceptions ----

  private void raise(CodeArray.Instruction i) {
    if (i.op != WasmOp.THROW) {
      throw new IllegalStateException("oracle does not know " + i.op);
    }
    OracleTag tag = instance.tags.get(i.index);
    height -= tag.parameterCount();
    long[] values = Arrays.copyOfRange(stack, height, height + tag.parameterCount());
    throw new OracleThrown(instance.store.add(new OracleException(tag, values)));
  }

  private void raiseAgain() {
    long handle = pop();
    if (handle == 0) {
      throw new OracleTrap(TrapKind.NULL_EXCEPTION);
    }
    throw new OracleThrown(handle);
  }

  /** Goes to the innermost clause that catches the exception, if there is one. */
  private boolean isCaught(long handle) {
    OracleException exception = instance.store.exception(handle);
    for (int at = depth - 1; at >= 0; at--) {
      for (CatchClause clause : catches.get(at)) {
        if (clause.catchesAll() || instance.tags.get(clause.tag()) == exception.tag()) {
          // Labels of clauses count from outside of the try_table.
          depth = at;
          height = heights[at];
          if (!clause.catchesAll()) {
            for (long value : exception.values()) {
              push(value);
            }
          }
          if (clause.wantsReference()) {
            push(handle);
          }
          branch(clause.label());
          return true;
        }
      }
    }
    return false;
  }

  private void block(CodeArray.Instruction i) {
    switch (i.op) {
      case BLOCK -> enter(i, i.results, i.endAt);
      case LOOP -> enter(i, i.params, next - 1);
      case TRY_TABLE -> {
        enter(i, i.results, i.endAt);
        catches.set(depth - 1, i.clauses);
      }
      case IF -> {
        boolean taken = popInt() != 0;
        enter(i, i.results, i.endAt);
        if (!taken) {
          // Without an else this is the end itself, which has to run.
          next = i.elseAt == i.endAt ? i.endAt : i.elseAt + 1;
        }
      }
      default -> throw new IllegalStateException("not a block: " + i.op);
    }
  }

  private void plain(CodeArray.Instruction i) {
    switch (i.op) {
      case UNREACHABLE -> throw new OracleTrap(TrapKind.UNREACHABLE);
      case NOP, ATOMIC_FENCE -> {}
      case END -> depth--;
      case ELSE -> next = i.endAt;
      case RETURN -> branch(depth - 1);
      case DROP -> pop();
      case SELECT -> select();
      case REF_IS_NULL -> push(pop() == 0 ? 1 : 0);
      case THROW_REF -> raiseAgain();
      case REF_EQ, REF_AS_NON_NULL -> heap.execute(i);
      case I64_ADD128 -> add128();
      case I64_SUB128 -> subtract128();
      case I64_MUL_WIDE_S, I64_MUL_WIDE_U -> {
        long b = pop();
        long a = pop();
        push(a * b);
        boolean signed = i.op == WasmOp.I64_MUL_WIDE_S;
        push(signed ? Math.multiplyHigh(a, b) : Math.unsignedMultiplyHigh(a, b));
      }
      default -> {
        FuncType type = i.op.signature();
        if (i.op.prefix() == 0xFB) {
          heap.execute(i);
        } else if (i.op.prefix() == 0xFD) {
          vector(i.op, Objects.requireNonNull(type));
        } else if (type != null && type.paramCount() == 2) {
          long right = pop();
          push(Numeric.binary(i.op, pop(), right));
        } else {
          push(Numeric.unary(i.op, pop()));
        }
      }
    }
  }

  // ---- Vectors ----

  private void vector(WasmOp op, FuncType type) {
    if (type.paramCount() == 3) {
      long third = pop();
      long second = pop();
      push(Vectors.ternary(op, pop(), second, third));
    } else if (type.paramCount() == 2) {
      long second = pop();
      boolean shifts = type.params().get(1) == NumType.I32;
      push(shifts ? Vectors.shift(op, pop(), second) : Vectors.binary(op, pop(), second));
    } else if (type.params().getFirst() != VecType.V128) {
      push(Vectors.splat(op, pop()));
    } else if (type.results().getFirst() == NumType.I32) {
      push(Vectors.test(op, pop()));
    } else {
      push(Vectors.unary(op, pop()));
    }
  }

  private void lane(CodeArray.Instruction i) {
    if (i.op.mnemonic().contains("replace")) {
      long number = pop();
      push(Vectors.replace(i.op, pop(), (int) i.value, number));
    } else {
      push(Vectors.extract(i.op, pop(), (int) i.value));
    }
  }

  private void laneAccess(CodeArray.Instruction i) {
    OracleMemory memory = instance.memories.get(i.index);
    int count = i.op.accessBytes();
    long vector = pop();
    long[] lanes = Vectors.lanes(vector, 8 * count, false);
    if (i.op.mnemonic().contains("store")) {
      memory.store(popAddress(is64(memory)), i.value, count, lanes[i.index2]);
    } else {
      lanes[i.index2] = memory.load(popAddress(is64(memory)), i.value, count);
      push(Vectors.of(8 * count, lanes));
    }
  }

  private void vectorAccess(CodeArray.Instruction i) {
    OracleMemory memory = instance.memories.get(i.index);
    switch (i.op) {
      case V128_LOAD -> {
        long address = popAddress(is64(memory));
        long high = memory.load(address, i.value + 8, 8);
        push(VectorHandles.of(memory.load(address, i.value, 8), high));
      }
      case V128_STORE -> {
        // Both halves are looked at before one is written.
        long vector = pop();
        long address = popAddress(is64(memory));
        long unusedLow = memory.load(address, i.value, 8);
        memory.store(address, i.value + 8, 8, VectorHandles.high(vector));
        memory.store(address, i.value, 8, VectorHandles.low(vector));
      }
      default -> {
        long bytes = memory.load(popAddress(is64(memory)), i.value, i.op.accessBytes());
        push(Vectors.loaded(i.op.mnemonic().substring("v128.".length()), bytes));
      }
    }
  }

  private void add128() {
    long highB = pop();
    long lowB = pop();
    long highA = pop();
    long lowA = pop();
    push(lowA + lowB);
    push(highA + highB + (Long.compareUnsigned(lowA + lowB, lowA) < 0 ? 1 : 0));
  }

  private void subtract128() {
    long highB = pop();
    long lowB = pop();
    long highA = pop();
    long lowA = pop();
    push(lowA - lowB);
    push(highA - highB - (Long.compareUnsigned(lowA, lowB) < 0 ? 1 : 0));
  }

  private void select() {
    int condition = popInt();
    long second = pop();
    if (condition == 0) {
      stack[height - 1] = second;
    }
  }

  private void local(CodeArray.Instruction i) {
    switch (i.op) {
      case LOCAL_GET -> push(locals[i.index]);
      case LOCAL_SET -> locals[i.index] = pop();
      case LOCAL_TEE -> locals[i.index] = stack[height - 1];
      default -> throw new IllegalStateException("not about locals: " + i.op);
    }
  }

  // ---- Calls ----

  private void callFunction(OracleFunction function) {
    int params = function.type().paramCount();
    height -= params;
    for (long result : call(function, Arrays.copyOfRange(stack, height, height + params))) {
      push(result);
    }
  }

  private void callIndirect(CodeArray.Instruction i) {
    OracleTable table = instance.tables.get(i.index2);
    long handle = table.get(popAddress(is64(table)), TrapKind.UNDEFINED_ELEMENT);
    if (handle == 0) {
      throw new OracleTrap(TrapKind.UNINITIALIZED_ELEMENT);
    }
    if (!instance.store.is(handle, new ConcreteHeapType(i.index), instance.module)) {
      throw new OracleTrap(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }
    callReference(handle, i.op == WasmOp.RETURN_CALL_INDIRECT);
  }

  void callReference(long handle, boolean isTail) {
    OracleFunction function = instance.store.function(handle);
    if (isTail) {
      tailCallee = function;
    } else {
      callFunction(function);
    }
  }

  // ---- Memories and tables ----

  private void memoryAccess(CodeArray.Instruction i) {
    if (i.op.prefix() == 0xFD) {
      vectorAccess(i);
      return;
    }
    if (i.op.isAtomicAccess()) {
      atomicAccess(i);
      return;
    }
    OracleMemory memory = instance.memories.get(i.index);
    int count = i.op.accessBytes();
    FuncType type = i.op.signature();
    if (type != null && type.resultCount() == 0) {
      long value = pop();
      memory.store(popAddress(is64(memory)), i.value, count, value);
      return;
    }
    long raw = memory.load(popAddress(is64(memory)), i.value, count);
    boolean signed = i.op.mnemonic().endsWith("_s");
    int unused = 64 - 8 * count;
    boolean isInt = i.op.mnemonic().startsWith("i32.") && count == 4;
    boolean isFloat = i.op.mnemonic().startsWith("f32.");
    push(signed ? raw << unused >> unused : isInt || isFloat ? (int) raw : raw);
  }

  /** Reads the name: what comes last says what happens to the old value. */
  private void atomicAccess(CodeArray.Instruction i) {
    OracleMemory memory = instance.memories.get(i.index);
    int count = i.op.accessBytes();
    String name = i.op.mnemonic();
    boolean exchange = name.contains("cmpxchg");
    boolean reads = name.contains(".load");
    long last = reads ? 0 : pop();
    long expected = exchange || name.contains(".wait") ? pop() : 0;
    long address = popAddress(is64(memory));
    if (name.contains(".wait")) {
      push(memory.await(address, i.value, count, expected));
      return;
    }
    if (name.contains(".notify")) {
      push(memory.notifyWaiters(address, i.value));
      return;
    }
    long old = memory.loadAligned(address, i.value, count);
    if (!reads) {
      long mask = -1L >>> 64 - 8 * count;
      String operation = name.replaceFirst("_u$", "").replaceFirst(".*\\.", "");
      memory.store(
          address,
          i.value,
          count,
          switch (operation) {
            case "add" -> old + last;
            case "sub" -> old - last;
            case "and" -> old & last;
            case "or" -> old | last;
            case "xor" -> old ^ last;
            case "cmpxchg" -> (expected & mask) == old ? last : old;
            default -> last;
          });
    }
    if (!name.contains(".store")) {
      push(name.startsWith("i32.") && count == 4 ? (int) old : old);
    }
  }

  private void memoryBulk(CodeArray.Instruction i) {
    switch (i.op) {
      case MEMORY_SIZE -> push(instance.memories.get(i.index).pages());
      case MEMORY_GROW -> {
        OracleMemory memory = instance.memories.get(i.index);
        push(memory.grow(popAddress(is64(memory))));
      }
      case MEMORY_FILL -> {
        OracleMemory memory = instance.memories.get(i.index);
        long length = popAddress(is64(memory));
        int value = popInt();
        memory.fill(popAddress(is64(memory)), value, length);
      }
      case MEMORY_COPY -> {
        OracleMemory to = instance.memories.get(i.index);
        OracleMemory from = instance.memories.get(i.index2);
        long length = popAddress(is64(to) && is64(from));
        long source = popAddress(is64(from));
        to.copy(popAddress(is64(to)), from, source, length);
      }
      case MEMORY_INIT -> {
        OracleMemory memory = instance.memories.get(i.index2);
        long length = popUnsigned();
        long source = popUnsigned();
        byte[] segment = instance.data(i.index);
        memory.init(popAddress(is64(memory)), segment, source, length);
      }
      case DATA_DROP -> instance.dropData(i.index);
      default -> throw new IllegalStateException("not about memory: " + i.op);
    }
  }

  private void table(CodeArray.Instruction i) {
    if (i.op == WasmOp.ELEM_DROP) {
      instance.dropElements(i.index);
      return;
    }
    OracleTable table = instance.tables.get(i.op == WasmOp.TABLE_INIT ? i.index2 : i.index);
    boolean is64 = is64(table);
    switch (i.op) {
      case TABLE_GET -> push(table.get(popAddress(is64), TrapKind.TABLE_OUT_OF_BOUNDS));
      case TABLE_SET -> {
        long value = pop();
        table.set(popAddress(is64), value);
      }
      case TABLE_SIZE -> push(table.size());
      case TABLE_GROW -> {
        long delta = popAddress(is64);
        push(table.grow(delta, pop()));
      }
      case TABLE_FILL -> {
        long length = popAddress(is64);
        long value = pop();
        table.fill(popAddress(is64), value, length);
      }
      case TABLE_COPY -> {
        OracleTable from = instance.tables.get(i.index2);
        long length = popAddress(is64 && is64(from));
        long source = popAddress(is64(from));
        table.copy(popAddress(is64), from, source, length);
      }
      case TABLE_INIT -> {
        long length = popUnsigned();
        long source = popUnsigned();
        table.init(popAddress(is64), instance.elements(i.index), source, length);
      }
      default -> throw new IllegalStateException("not about tables: " + i.op);
    }
  }
}

package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;

/** Runs one function activation; calls recurse in Java. */
final class Interpreter {
  // Java's own frames are large before they are compiled: deeper recursion overflows a 1 MiB stack.
  private static final int MAX_CALL_DEPTH = 300;
  private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

  private final OracleInstance instance;
  private final CodeArray code;
  private final long[] locals;
  private final int resultCount;
  private long[] stack = new long[32];
  private int height;
  // Open blocks: position to continue at, stack height below the parameters, values carried.
  private int[] targets = new int[16];
  private int[] heights = new int[16];
  private int[] arities = new int[16];
  private int depth;
  private int next;

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
   */
  static long[] call(OracleFunction function, long[] arguments) {
    if (arguments.length != function.type().paramCount()) {
      throw new IllegalArgumentException("wrong number of arguments for " + function.type());
    }
    return switch (function) {
      case OracleFunction.Host host -> host.body().call(arguments);
      case OracleFunction.Guest guest -> {
        int[] callDepth = DEPTH.get();
        if (callDepth[0] >= MAX_CALL_DEPTH) {
          throw new OracleTrap(TrapKind.STACK_OVERFLOW);
        }
        callDepth[0]++;
        try {
          yield new Interpreter(guest, arguments).run();
        } finally {
          callDepth[0]--;
        }
      }
    };
  }

  private long[] run() {
    int last = code.instructions().size() - 1;
    pushLabel(last, resultCount);
    while (next <= last) {
      CodeArray.Instruction instruction = code.instructions().get(next++);
      instance.store.count(instruction.op);
      execute(instruction);
    }
    return Arrays.copyOfRange(stack, height - resultCount, height);
  }

  private void push(long value) {
    if (height == stack.length) {
      stack = Arrays.copyOf(stack, 2 * height);
    }
    stack[height++] = value;
  }

  private long pop() {
    return stack[--height];
  }

  private int popInt() {
    return (int) pop();
  }

  private long popUnsigned() {
    return pop() & 0xFFFF_FFFFL;
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
    depth++;
  }

  private void enter(CodeArray.Instruction block, int arity, int target) {
    height -= block.params;
    pushLabel(target, arity);
    height += block.params;
  }

  // The target of a forward branch is its end, which pops the label; a loop's is its start, which
  // pushes it again: so branching pops all labels above the target, and for loops the target too.
  private void branch(int label) {
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
      case NONE -> plain(i);
      case BLOCK_TYPE -> block(i);
      case LABEL -> {
        if (i.op == WasmOp.BR || popInt() != 0) {
          branch(i.index);
        }
      }
      case LABEL_TABLE -> {
        int chosen = popInt();
        boolean inside = Integer.compareUnsigned(chosen, i.labels.length - 1) < 0;
        branch(i.labels[inside ? chosen : i.labels.length - 1]);
      }
      case FUNCTION -> {
        OracleFunction function = instance.functions.get(i.index);
        if (i.op == WasmOp.REF_FUNC) {
          push(instance.store.handle(function));
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
      case HEAP_TYPE -> push(0);
      case MEM_ARG -> memoryAccess(i);
      case MEMORY, MEMORY_INIT, MEMORY_COPY, DATA -> memoryBulk(i);
      case TABLE, TABLE_INIT, TABLE_COPY, ELEMENT -> table(i);
      case TRY_TABLE,
          BRANCH_ON_CAST,
          TYPE,
          TAG,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEMENT,
          TYPE_TYPE,
          V128,
          LANE,
          SHUFFLE,
          MEM_ARG_LANE ->
          throw new IllegalStateException("oracle does not know " + i.op);
    }
  }

  private void block(CodeArray.Instruction i) {
    switch (i.op) {
      case BLOCK -> enter(i, i.results, i.endAt);
      case LOOP -> enter(i, i.params, next - 1);
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
      case NOP -> {}
      case END -> depth--;
      case ELSE -> next = i.endAt;
      case RETURN -> branch(depth - 1);
      case DROP -> pop();
      case SELECT -> select();
      case REF_IS_NULL -> push(pop() == 0 ? 1 : 0);
      default -> {
        FuncType type = i.op.signature();
        if (type != null && type.paramCount() == 2) {
          long right = pop();
          push(Numeric.binary(i.op, pop(), right));
        } else {
          push(Numeric.unary(i.op, pop()));
        }
      }
    }
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
    long handle = table.get(popInt(), TrapKind.UNDEFINED_ELEMENT);
    if (handle == 0) {
      throw new OracleTrap(TrapKind.UNINITIALIZED_ELEMENT);
    }
    OracleFunction function = instance.store.function(handle);
    if (!function.type().equals(instance.module.funcType(i.index))) {
      throw new OracleTrap(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }
    callFunction(function);
  }

  // ---- Memories and tables ----

  private void memoryAccess(CodeArray.Instruction i) {
    OracleMemory memory = instance.memories.get(i.index);
    int count = i.op.accessBytes();
    FuncType type = i.op.signature();
    if (type != null && type.resultCount() == 0) {
      long value = pop();
      memory.store(popUnsigned(), i.value, count, value);
      return;
    }
    long raw = memory.load(popUnsigned(), i.value, count);
    boolean signed = i.op.mnemonic().endsWith("_s");
    int unused = 64 - 8 * count;
    boolean isInt = i.op.mnemonic().startsWith("i32.") && count == 4;
    boolean isFloat = i.op.mnemonic().startsWith("f32.");
    push(signed ? raw << unused >> unused : isInt || isFloat ? (int) raw : raw);
  }

  private void memoryBulk(CodeArray.Instruction i) {
    switch (i.op) {
      case MEMORY_SIZE -> push(instance.memories.get(i.index).pages());
      case MEMORY_GROW -> push(instance.memories.get(i.index).grow(popUnsigned()));
      case MEMORY_FILL -> {
        long length = popUnsigned();
        int value = popInt();
        instance.memories.get(i.index).fill(popUnsigned(), value, length);
      }
      case MEMORY_COPY -> {
        long length = popUnsigned();
        long source = popUnsigned();
        OracleMemory from = instance.memories.get(i.index2);
        instance.memories.get(i.index).copy(popUnsigned(), from, source, length);
      }
      case MEMORY_INIT -> {
        long length = popUnsigned();
        long source = popUnsigned();
        byte[] segment = instance.data(i.index);
        instance.memories.get(i.index2).init(popUnsigned(), segment, source, length);
      }
      case DATA_DROP -> instance.dropData(i.index);
      default -> throw new IllegalStateException("not about memory: " + i.op);
    }
  }

  private void table(CodeArray.Instruction i) {
    switch (i.op) {
      case TABLE_GET ->
          push(instance.tables.get(i.index).get(popInt(), TrapKind.TABLE_OUT_OF_BOUNDS));
      case TABLE_SET -> {
        long value = pop();
        instance.tables.get(i.index).set(popInt(), value);
      }
      case TABLE_SIZE -> push(instance.tables.get(i.index).size());
      case TABLE_GROW -> {
        int delta = popInt();
        push(instance.tables.get(i.index).grow(delta, pop()));
      }
      case TABLE_FILL -> {
        long length = popUnsigned();
        long value = pop();
        instance.tables.get(i.index).fill(popUnsigned(), value, length);
      }
      case TABLE_COPY -> {
        long length = popUnsigned();
        long source = popUnsigned();
        OracleTable from = instance.tables.get(i.index2);
        instance.tables.get(i.index).copy(popUnsigned(), from, source, length);
      }
      case TABLE_INIT -> {
        long length = popUnsigned();
        long source = popUnsigned();
        long[] segment = instance.elements(i.index);
        instance.tables.get(i.index2).init(popUnsigned(), segment, source, length);
      }
      case ELEM_DROP -> instance.dropElements(i.index);
      default -> throw new IllegalStateException("not about tables: " + i.op);
    }
  }
}

package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes random functions that verify and that come to an end: every loop counts down. They use
 * every operation of {@link SsaOp}, constants that folding likes, repeated subexpressions, and
 * memory small enough to be hit twice.
 */
public final class RandomFunction {
  private static final SsaType[] SCALARS = {SsaType.I32, SsaType.I64, SsaType.F32, SsaType.F64};
  private static final long[] INTERESTING = {
    0,
    1,
    2,
    3,
    7,
    8,
    10,
    31,
    32,
    63,
    64,
    100,
    255,
    641,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0001L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -3,
    -7,
    -128,
    0x3F80_0000L,
    0x7FC0_0000L,
    0x7F80_0000L,
    0x3FF0_0000_0000_0000L,
    0x7FF8_0000_0000_0001L
  };

  private static final SsaOp[] MEMORY = {
    SsaOp.LOAD,
    SsaOp.STORE,
    SsaOp.CTX_LOAD,
    SsaOp.CTX_STORE,
    SsaOp.RAW_LOAD,
    SsaOp.RAW_STORE,
    SsaOp.CALL
  };

  private final Random random;
  private final SsaOp favourite;
  private final boolean memoryHeavy;
  private final boolean observesAll;
  private final SsaFunction function;
  private final SsaBuilder builder;
  // Values that dominate the current point.
  private final List<Integer> visible = new ArrayList<>();
  private int budget;

  private RandomFunction(long seed) {
    random = new Random(seed);
    memoryHeavy = random.nextBoolean();
    observesAll = random.nextBoolean();
    favourite = SsaOp.values()[random.nextInt(SsaOp.values().length)];
    SsaSignature signature = new SsaSignature(types(3), types(1 + random.nextInt(2)));
    function = new SsaFunction(0, "random " + seed, signature);
    builder = new SsaBuilder(function);
    budget = 10 + random.nextInt(120);
  }

  /** The function of {@code seed}. */
  public static SsaFunction of(long seed) {
    return new RandomFunction(seed).make();
  }

  private List<SsaType> types(int count) {
    List<SsaType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(SCALARS[random.nextInt(SCALARS.length)]);
    }
    return types;
  }

  private SsaFunction make() {
    int entry = builder.createEntry();
    parametersOf(entry);
    statements(0);
    returnOrTrap();
    return function;
  }

  private void parametersOf(int block) {
    for (int i = 0; i < function.parameterCount(block); i++) {
      visible.add(function.parameter(block, i));
    }
  }

  private void returnOrTrap() {
    if (random.nextInt(20) == 0) {
      builder.trap(TrapKind.UNREACHABLE);
      return;
    }
    // Every other function has everything visible observed, or dead code would hide mistakes.
    for (int value : observesAll ? visible : List.<Integer>of()) {
      SsaSignature observer = new SsaSignature(List.of(function.valueType(value)), List.of());
      builder.call(RecordingMachine.OBSERVER, observer, new int[] {value}, 1);
    }
    List<SsaType> types = function.signature().results();
    int[] results = types.stream().mapToInt(this::value).toArray();
    builder.ret(results, results.length);
  }

  private void statements(int depth) {
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count && budget > 0; i++) {
      budget--;
      int kind = random.nextInt(depth < 4 ? 16 : 12);
      switch (kind) {
        case 12 -> branch(depth);
        case 13 -> loop(depth);
        case 14 -> table(depth);
        case 15 -> earlyExit();
        default -> instruction();
      }
    }
  }

  // ---- values

  private int value(SsaType type) {
    int attempts = random.nextInt(5) == 0 ? 0 : 8;
    for (int attempt = 0; attempt < attempts && !visible.isEmpty(); attempt++) {
      // Recent values make chains.
      int range = random.nextBoolean() ? Math.min(4, visible.size()) : visible.size();
      int value = visible.get(visible.size() - 1 - random.nextInt(range));
      if (function.valueType(value) == type) {
        return value;
      }
    }
    long bits = INTERESTING[random.nextInt(INTERESTING.length)];
    return type.isInteger() ? builder.iconst(type, bits) : builder.fconst(type, bits);
  }

  private int condition() {
    return switch (random.nextInt(3)) {
      case 0 -> value(SsaType.I32);
      case 1 -> compareIntegers();
      default -> builder.icmp(IntCondition.EQ, SsaType.I32, compareIntegers(), zero());
    };
  }

  private int zero() {
    return builder.iconst(SsaType.I32, 0);
  }

  private int compareIntegers() {
    SsaType type = SCALARS[random.nextInt(2)];
    IntCondition condition = IntCondition.values()[random.nextInt(10)];
    return builder.icmp(condition, type, value(type), value(type));
  }

  private void instruction() {
    SsaOp op = SsaOp.values()[random.nextInt(SsaOp.values().length)];
    // Favour what passes work on: memory, and the same operation again.
    if (random.nextInt(memoryHeavy ? 2 : 6) == 0) {
      op = MEMORY[random.nextInt(MEMORY.length)];
    } else if (random.nextInt(3) == 0) {
      op = favourite;
    }
    if (random.nextInt(8) == 0) {
      if (random.nextBoolean()) {
        bits();
      } else {
        bounded();
      }
      return;
    }
    switch (op) {
      case ICONST, FCONST -> visible.add(value(SCALARS[random.nextInt(4)]));
      case ICMP -> visible.add(compareIntegers());
      case FCMP -> {
        SsaType type = SCALARS[2 + random.nextInt(2)];
        FloatCondition condition = FloatCondition.values()[random.nextInt(6)];
        visible.add(builder.fcmp(condition, type, value(type), value(type)));
      }
      case SELECT -> {
        SsaType type = SCALARS[random.nextInt(4)];
        visible.add(builder.select(type, condition(), value(type), value(type)));
      }
      case TRAP_IF -> {
        if (random.nextInt(4) == 0) {
          builder.trapIf(condition(), TrapKind.values()[random.nextInt(5)]);
        }
      }
      case LOAD, STORE, CTX_LOAD, CTX_STORE, RAW_LOAD, RAW_STORE, CTX_ADDRESS -> memory(op);
      case CALL, CALL_INDIRECT, CALL_BUILTIN -> call(op);
      case BR, BR_IF, BR_TABLE, RETURN, RETURN_CALL, RETURN_CALL_INDIRECT, TRAP -> {}
      case TRY_CALL, TRY_CALL_INDIRECT, THROW, THROW_REF, CAUGHT -> {}
      case VCONST, SPLAT, EXTRACT, REPLACE, VUNARY, VBINARY, VTERNARY, VSHIFT, VTEST, VSHUFFLE -> {}
      case REF_ADDRESS,
          REF_TO_BITS,
          BITS_TO_REF,
          FIELD_LOAD,
          FIELD_STORE,
          ELEMENT_LOAD,
          ELEMENT_STORE -> {}
      case ADD128, SUB128, MUL_WIDE_S, MUL_WIDE_U -> {
        int[] operands = new int[op.fixedOperandCount()];
        Arrays.setAll(operands, k -> value(SsaType.I64));
        int pair = builder.several(op, operands);
        visible.add(builder.function().result(pair, 0));
        visible.add(builder.function().result(pair, 1));
      }
      default -> {
        if (op.isPure()) {
          plain(op);
        }
      }
    }
  }

  /** Takes a number apart with shifts and masks, and puts some of the parts together again. */
  private void bits() {
    SsaType type = SCALARS[random.nextInt(2)];
    int bytes = type.bytes();
    int source = value(type);
    int turn = random.nextInt(3) == 0 ? 8 * random.nextInt(bytes) : -1;
    int whole = builder.iconst(type, 0);
    for (int k = 0; k < bytes; k++) {
      int to = turn < 0 ? bytes - 1 - k : k;
      int count = turn < 0 ? 8 * (to - k) : turn + random.nextInt(30) / 29;
      long mask = random.nextInt(40) == 0 ? 0x7F : 0xFF;
      boolean before = random.nextBoolean();
      int part = before ? masked(source, mask << 8 * k) : source;
      SsaOp shift = count > 0 ? SsaOp.SHL : SsaOp.USHR;
      part = builder.binary(shift, type, part, builder.iconst(type, Math.abs(count)));
      part = before && random.nextBoolean() ? part : masked(part, mask << 8 * to);
      SsaOp[] merges = {SsaOp.IOR, SsaOp.IOR, SsaOp.IXOR, SsaOp.IADD};
      whole = builder.binary(merges[random.nextInt(4)], type, whole, part);
      visible.add(whole);
    }
  }

  /** Small numbers, what becomes of them, and comparisons that are decided or nearly so. */
  private void bounded() {
    SsaType type = SCALARS[random.nextInt(2)];
    int size = 1 + random.nextInt(12);
    int small =
        random.nextBoolean()
            ? masked(value(type), (1L << size) - 1)
            : builder.binary(
                SsaOp.USHR, type, value(type), builder.iconst(type, type.bits() - size));
    visible.add(small);
    SsaOp[] ops = {
      SsaOp.IADD,
      SsaOp.ISUB,
      SsaOp.IOR,
      SsaOp.IXOR,
      SsaOp.IMUL,
      SsaOp.SHL,
      SsaOp.SSHR,
      SsaOp.UDIV,
      SsaOp.SREM
    };
    for (int k = random.nextInt(3); k >= 0; k--) {
      SsaOp op = ops[random.nextInt(ops.length)];
      int other = builder.iconst(type, 1 + random.nextInt(1 << 1 + random.nextInt(12)));
      small = builder.binary(op, type, small, other);
      visible.add(small);
    }
    long near = random.nextLong(-3, (1L << size) + 3);
    IntCondition condition = IntCondition.values()[random.nextInt(10)];
    visible.add(builder.icmp(condition, type, small, builder.iconst(type, near)));
  }

  private int masked(int value, long bits) {
    SsaType type = function.valueType(value);
    return builder.binary(SsaOp.IAND, type, value, builder.iconst(type, bits));
  }

  private void plain(SsaOp op) {
    SsaType type = SCALARS[random.nextInt(4)];
    while (op.isTyped() && !op.allows(type)) {
      type = SCALARS[random.nextInt(4)];
    }
    int[] operands = new int[op.fixedOperandCount()];
    for (int k = 0; k < operands.length; k++) {
      operands[k] =
          switch (op.operands().get(k)) {
            case T -> value(type);
            case I32 -> value(SsaType.I32);
            case I64 -> value(SsaType.I64);
            case F32 -> value(SsaType.F32);
            case F64 -> value(SsaType.F64);
            case INT -> value(SCALARS[random.nextInt(2)]);
            case FLOAT -> value(SCALARS[2 + random.nextInt(2)]);
            case VECTOR, REF -> throw new AssertionError(op);
            case ANY ->
                value(
                    switch (type) {
                      case I32 -> SsaType.F32;
                      case I64 -> SsaType.F64;
                      case F32 -> SsaType.I32;
                      default -> SsaType.I64;
                    });
            case VARIADIC -> throw new AssertionError(op);
          };
    }
    boolean safe = op == SsaOp.SDIV || op == SsaOp.UDIV || op == SsaOp.SREM || op == SsaOp.UREM;
    if (safe && random.nextInt(8) != 0) {
      // Mostly constants that do not trap, to get at the multiplications.
      long divisor = INTERESTING[1 + random.nextInt(INTERESTING.length - 1)];
      operands[1] = builder.iconst(type, (int) divisor == 0 ? 7 : divisor);
    }
    visible.add(
        operands.length == 1
            ? builder.unary(op, type, operands[0])
            : builder.binary(op, type, operands[0], operands[1]));
  }

  // ---- memory and calls

  private void memory(SsaOp op) {
    SsaType type = SCALARS[random.nextInt(4)];
    MemoryAccess access = MemoryAccess.values()[random.nextInt(9)];
    while (!access.fits(type) || op.writes() && access.signExtends()) {
      access = MemoryAccess.values()[random.nextInt(9)];
    }
    int field = 8 * random.nextInt(2);
    if (random.nextInt(8) != 0 && memoryHeavy || random.nextBoolean()) {
      type = SsaType.I64;
      access = MemoryAccess.INT64;
    }
    int region = Region.of(Region.Kind.GLOBAL, field / 8);
    int fixed = Region.INSTANCE;
    int table = Region.of(Region.Kind.TABLE, 0);
    switch (op) {
      case LOAD -> visible.add(builder.load(type, access, 0, memoryRegion(), index(), offset()));
      case STORE -> builder.store(type, access, 0, memoryRegion(), index(), value(type), offset());
      case CTX_LOAD ->
          visible.add(
              random.nextBoolean()
                  ? builder.ctxLoad(type, access, region, field)
                  : builder.ctxLoad(type, access, fixed, 64 + field));
      case CTX_STORE -> builder.ctxStore(type, access, region, value(type), field);
      case CTX_ADDRESS -> visible.add(builder.ctxAddress(field));
      case RAW_LOAD ->
          visible.add(builder.rawLoad(type, access, table, builder.ctxAddress(128), field));
      case RAW_STORE ->
          builder.rawStore(type, access, table, builder.ctxAddress(128), value(type), field);
      default -> throw new AssertionError(op);
    }
  }

  private static int memoryRegion() {
    return Region.of(Region.Kind.MEMORY, 0);
  }

  private int index() {
    return random.nextInt(6) == 0
        ? value(SCALARS[random.nextInt(2)])
        : builder.iconst(SsaType.I32, memoryHeavy ? 0 : 8 * random.nextInt(2));
  }

  private long offset() {
    return random.nextInt(10) == 0 ? random.nextLong(1L << 32) : random.nextInt(8) / 7;
  }

  private void call(SsaOp op) {
    SsaSignature signature = new SsaSignature(types(random.nextInt(3)), types(random.nextInt(3)));
    List<Integer> operands = new ArrayList<>();
    if (op == SsaOp.CALL_INDIRECT) {
      operands.add(value(SsaType.I64));
      operands.add(value(SsaType.I64));
    }
    signature.parameters().forEach(type -> operands.add(value(type)));
    int[] values = operands.stream().mapToInt(Integer::intValue).toArray();
    int call =
        switch (op) {
          case CALL -> builder.call(random.nextInt(2), signature, values, values.length);
          case CALL_INDIRECT -> builder.callIndirect(signature, values, values.length);
          default -> builder.callBuiltin(Builtin.MEMORY_GROW, signature, values);
        };
    for (int k = 0; k < function.resultCount(call); k++) {
      visible.add(function.result(call, k));
    }
  }

  // ---- control

  private int newBlock(List<SsaType> parameters) {
    int block = function.newBlock();
    parameters.forEach(type -> function.addParameter(block, type));
    return block;
  }

  private int[] arguments(List<SsaType> types) {
    return types.stream().mapToInt(this::value).toArray();
  }

  /** Runs {@code body} in {@code block} with what is visible now, and forgets what it defines. */
  private void inside(int block, Runnable body) {
    int size = visible.size();
    builder.startBlock(block);
    parametersOf(block);
    body.run();
    visible.subList(size, visible.size()).clear();
  }

  private void branch(int depth) {
    List<SsaType> carried = types(random.nextInt(3));
    int join = newBlock(carried);
    int ifTrue = newBlock(List.of());
    boolean hasElse = random.nextBoolean();
    int ifFalse = hasElse ? newBlock(List.of()) : join;
    int condition = condition();
    int[] direct = arguments(carried);
    int branch = builder.brIf(condition, ifTrue, ifFalse);
    if (!hasElse) {
      for (int argument : direct) {
        function.addArgument(function.edge(branch, 1), argument);
      }
    }
    inside(ifTrue, () -> arm(depth, join, carried));
    if (hasElse) {
      inside(ifFalse, () -> arm(depth, join, carried));
    }
    builder.startBlock(join);
    parametersOf(join);
  }

  private void arm(int depth, int join, List<SsaType> carried) {
    if (random.nextInt(4) != 0) {
      statements(depth + 1);
    }
    builder.br(join, arguments(carried));
  }

  private void loop(int depth) {
    List<SsaType> carried = new ArrayList<>(List.of(SsaType.I32));
    carried.addAll(types(random.nextInt(4)));
    List<SsaType> others = carried.subList(1, carried.size());
    int header = newBlock(carried);
    int exit = newBlock(others);
    int count = builder.iconst(SsaType.I32, 1 + random.nextInt(4));
    int[] initial = arguments(carried);
    initial[0] = count;
    builder.br(header, initial);
    inside(
        header,
        () -> {
          int counter = function.parameter(header, 0);
          statements(depth + 1);
          int one = builder.iconst(SsaType.I32, 1);
          int next = builder.binary(SsaOp.ISUB, SsaType.I32, counter, one);
          int[] back = arguments(carried);
          back[0] = next;
          for (int k = 1; k < back.length; k++) {
            // Often carried around unchanged: redundant parameters.
            back[k] = random.nextBoolean() ? function.parameter(header, k) : back[k];
          }
          int[] out = arguments(others);
          int branch = builder.brIf(next, header, exit);
          for (int argument : back) {
            function.addArgument(function.edge(branch, 0), argument);
          }
          for (int argument : out) {
            function.addArgument(function.edge(branch, 1), argument);
          }
        });
    builder.startBlock(exit);
    parametersOf(exit);
  }

  private void table(int depth) {
    List<SsaType> carried = types(random.nextInt(2));
    int join = newBlock(carried);
    int arms = 1 + random.nextInt(3);
    int[] targets = new int[arms + 1];
    for (int k = 0; k < arms; k++) {
      targets[k] = newBlock(List.of());
    }
    targets[arms] = random.nextBoolean() ? join : targets[0];
    int index = value(SsaType.I32);
    int[] direct = arguments(carried);
    int table = builder.brTable(index, targets, targets.length);
    if (targets[arms] == join) {
      for (int argument : direct) {
        function.addArgument(function.edge(table, arms), argument);
      }
    }
    for (int k = 0; k < arms; k++) {
      inside(targets[k], () -> arm(depth, join, carried));
    }
    builder.startBlock(join);
    parametersOf(join);
  }

  private void earlyExit() {
    int leave = newBlock(List.of());
    int stay = newBlock(List.of());
    int condition = condition();
    builder.brIf(condition, leave, stay);
    inside(leave, this::returnOrTrap);
    builder.startBlock(stay);
  }
}

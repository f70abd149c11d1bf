package dev.troupe.engine.oracle;

import dev.troupe.engine.ssa.VectorOp;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** Expressions that are vectors, and what makes numbers and stores of them. */
final class VectorExpressions {
  private static final List<WasmOp> COMPUTED = new ArrayList<>();
  private static final List<WasmOp> RELAXED = new ArrayList<>();
  private static final List<WasmOp> REPLACED = new ArrayList<>();
  private static final List<WasmOp> LOADS = new ArrayList<>();
  private static final List<WasmOp> LANE_LOADS = new ArrayList<>();
  private static final List<WasmOp> STORES = new ArrayList<>();
  // By the ordinal of the result's type.
  private static final List<List<WasmOp>> NUMBERS = new ArrayList<>();

  static {
    for (int i = 0; i < NumType.values().length; i++) {
      NUMBERS.add(new ArrayList<>());
    }
    for (WasmOp op : WasmOp.values()) {
      FuncType type = op.signature();
      if (op.feature() == WasmFeature.RELAXED_SIMD) {
        RELAXED.add(op);
      }
      if (op.feature() != WasmFeature.SIMD || type == null) {
        continue;
      }
      boolean makesVector = type.results().contains(VecType.V128);
      switch (op.immediate()) {
        case NONE, LANE -> {
          if (!makesVector) {
            NUMBERS.get(((NumType) type.results().getFirst()).ordinal()).add(op);
          } else {
            (op.immediate() == Immediate.NONE ? COMPUTED : REPLACED).add(op);
          }
        }
        case MEM_ARG -> (makesVector ? LOADS : STORES).add(op);
        case MEM_ARG_LANE -> (makesVector ? LANE_LOADS : STORES).add(op);
        default -> {}
      }
    }
  }

  private final GeneratedShape shape;
  private final SplittableRandom random;
  private final BodyWriter w;
  private final Locals locals;
  private final ExpressionGenerator expressions;

  VectorExpressions(
      GeneratedShape shape,
      SplittableRandom random,
      BodyWriter writer,
      Locals locals,
      ExpressionGenerator expressions) {
    this.shape = shape;
    this.random = random;
    this.w = writer;
    this.locals = locals;
    this.expressions = expressions;
  }

  private WasmOp pick(List<WasmOp> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A leaf where there is no more depth. */
  void vector(int depth) {
    if (depth <= 0) {
      leaf();
      return;
    }
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> computed(depth);
      case 5 -> shuffle(depth);
      case 6 -> {
        WasmOp op = pick(REPLACED);
        operands(op, depth);
        w.op(op).out.u8(lane(op));
      }
      case 7 -> {
        int memory = expressions.memory();
        expressions.address(memory, depth - 1);
        w.access(pick(LOADS), memory, expressions.offset(memory));
      }
      case 8 -> {
        WasmOp op = pick(LANE_LOADS);
        int memory = expressions.memory();
        expressions.address(memory, depth - 1);
        vector(depth - 1);
        w.access(op, memory, expressions.offset(memory)).out.u8(lane(op));
      }
      case 9 -> {
        vector(depth - 1);
        w.op(WasmOp.LOCAL_TEE, locals.pick(VecType.V128));
      }
      case 10 -> {
        vector(depth - 1);
        vector(depth - 1);
        expressions.value(NumType.I32, depth - 1);
        w.op(WasmOp.SELECT);
      }
      default -> leaf();
    }
  }

  private void leaf() {
    if (random.nextInt(6) == 0) {
      w.op(WasmOp.GLOBAL_GET, shape.vectorGlobal());
      return;
    }
    if (random.nextInt(3) > 0) {
      w.op(WasmOp.LOCAL_GET, locals.pick(VecType.V128));
      return;
    }
    long low = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(4) - 1;
    w.v128(low, random.nextBoolean() ? low : random.nextLong());
  }

  private void operands(WasmOp op, int depth) {
    for (ValType param : Objects.requireNonNull(op.signature()).params()) {
      expressions.value(param, depth - 1);
    }
  }

  private void computed(int depth) {
    // What JavaScript's engine does depends on the processor.
    boolean relaxed = !shape.options().forJavaScript() && random.nextInt(10) == 0;
    WasmOp op = pick(relaxed ? RELAXED : COMPUTED);
    operands(op, depth);
    w.op(op);
    VectorOp row = VectorOp.valueOf(op.name());
    if (row.makesNan()) {
      // NaNs become the canonical one.
      boolean single = row.laneBytes() == 4;
      long nans = single ? 0x7FC0_0000_7FC0_0000L : 0x7FF8_0000_0000_0000L;
      int scratch = locals.scratchVector();
      w.op(WasmOp.LOCAL_TEE, scratch).v128(nans, nans);
      w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.LOCAL_GET, scratch);
      w.op(single ? WasmOp.F32X4_EQ : WasmOp.F64X2_EQ).op(WasmOp.V128_BITSELECT);
    }
  }

  private void shuffle(int depth) {
    vector(depth - 1);
    vector(depth - 1);
    w.op(WasmOp.I8X16_SHUFFLE);
    int lane = 1 << random.nextInt(4);
    for (int k = 0; k < 16; k += lane) {
      int from = random.nextInt(32 / lane) * lane;
      for (int b = 0; b < lane; b++) {
        w.out.u8(from + b);
      }
    }
  }

  private int lane(WasmOp op) {
    int lanes = op.isMemoryAccess() ? 16 / op.accessBytes() : VectorOp.valueOf(op.name()).lanes();
    return random.nextInt(lanes);
  }

  /** A number of this type out of a vector. */
  void number(NumType type, int depth) {
    WasmOp op = pick(NUMBERS.get(type.ordinal()));
    vector(depth - 1);
    w.op(op);
    if (op.immediate() == Immediate.LANE) {
      w.out.u8(lane(op));
    }
  }

  /** Stores a vector or a lane. */
  void store(int depth) {
    WasmOp op = pick(STORES);
    int memory = expressions.memory();
    expressions.address(memory, depth - 1);
    vector(depth - 1);
    w.access(op, memory, expressions.offset(memory));
    if (op.immediate() == Immediate.MEM_ARG_LANE) {
      w.out.u8(lane(op));
    }
  }
}

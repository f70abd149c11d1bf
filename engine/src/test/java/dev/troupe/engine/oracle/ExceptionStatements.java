package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;
import java.util.SplittableRandom;

/** Statements that throw and catch. */
final class ExceptionStatements {
  static final RefType EXNREF = new RefType(true, AbstractHeapType.EXN);

  /** What the exceptions of each tag carry; {@link #EXNREF} can come with the last two only. */
  static final List<List<ValType>> TAGS =
      List.of(
          List.of(NumType.I64, NumType.F64),
          List.of(NumType.I32),
          List.of(NumType.F32),
          List.of(NumType.I64),
          List.of());

  /**
   * The four kinds of clauses: those behind the first two name a tag; odd ones give the exception.
   */
  private static final int CATCH = 0;

  private static final int CATCH_ALL = 2;

  private final GeneratedShape shape;
  private final SplittableRandom random;
  private final BodyWriter w;
  private final Locals locals;
  private final Labels labels;
  private final ExpressionGenerator expressions;
  private final StatementGenerator statements;

  /** Statements around this one that catch everything. */
  private int caught;

  ExceptionStatements(
      GeneratedShape shape,
      SplittableRandom random,
      BodyWriter writer,
      Locals locals,
      Labels labels,
      ExpressionGenerator expressions,
      StatementGenerator statements) {
    this.shape = shape;
    this.random = random;
    this.w = writer;
    this.locals = locals;
    this.labels = labels;
    this.expressions = expressions;
    this.statements = statements;
  }

  void statement(int depth) {
    boolean throwing = random.nextInt(caught > 0 ? 2 : 6) == 0;
    if (throwing) {
      maybeThrow(depth);
    } else {
      guarded(depth);
    }
  }

  /** Throws now and then. */
  private void maybeThrow(int depth) {
    expressions.value(NumType.I32, depth - 1);
    w.i32(caught > 0 ? 1 : 7).op(WasmOp.I32_AND).op(WasmOp.I32_EQZ).block(WasmOp.IF);
    labels.push(List.of());
    if (random.nextInt(4) == 0) {
      int exception = locals.pick(EXNREF);
      w.op(WasmOp.LOCAL_GET, exception).op(WasmOp.REF_IS_NULL).op(WasmOp.I32_EQZ);
      w.block(WasmOp.IF).op(WasmOp.LOCAL_GET, exception).op(WasmOp.THROW_REF).op(WasmOp.END);
    } else {
      int tag = random.nextInt(TAGS.size());
      TAGS.get(tag).forEach(value -> expressions.value(value, depth - 1));
      w.op(WasmOp.THROW, tag);
    }
    labels.pop();
    w.op(WasmOp.END);
  }

  /** What one clause catches: one tag or all, with or without the exception itself. */
  private void guarded(int depth) {
    int kind = random.nextInt(4);
    int tag = kind == CATCH ? random.nextInt(TAGS.size() - 1) : TAGS.size() - 1;
    List<ValType> values =
        kind == CATCH ? TAGS.get(tag) : kind == CATCH_ALL ? List.of() : List.of(EXNREF);
    // The innermost block is where everything else goes that the first clause does not catch.
    w.block(WasmOp.BLOCK);
    labels.push(List.of());
    handlerBlock(values);
    labels.push(null);
    boolean all = kind >= CATCH_ALL;
    boolean more = !all && random.nextInt(3) > 0;
    w.block(WasmOp.TRY_TABLE).out.u32(more ? 2 : 1).u8(kind);
    if (!all) {
      w.out.u32(tag);
    }
    w.out.u32(0);
    if (more) {
      w.out.u8(CATCH_ALL).u32(1);
    }
    labels.push(List.of());
    caught += all || more ? 1 : 0;
    statements.some(depth - 1, 3);
    maybeThrow(depth - 1);
    caught -= all || more ? 1 : 0;
    labels.pop();
    w.op(WasmOp.END);
    w.op(WasmOp.BR, 1);
    labels.pop();
    w.op(WasmOp.END);
    statements.intoLocals(values);
    statements.some(depth - 2, 1);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void handlerBlock(List<ValType> values) {
    switch (values.size()) {
      case 0 -> w.block(WasmOp.BLOCK);
      case 1 -> w.block(WasmOp.BLOCK, values.getFirst());
      default -> w.block(WasmOp.BLOCK, shape.pairType());
    }
  }
}

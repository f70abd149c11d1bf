package dev.troupe.engine.wasm;

import java.util.List;

/**
 * A constant expression (section 3.4.10) as its instructions in order, without the final {@code
 * end}.
 *
 * <p>A well-formed module may hold expressions that are not constant; validation rejects those, so
 * in a validated module there is no {@link Forbidden} and evaluating on a small stack leaves
 * exactly one value. Without the extended-const feature there is exactly one instruction: {@link
 * #only()}.
 *
 * @param offset byte offset of the first instruction
 * @param end byte offset just after the final {@code end}
 * @param ops the instructions
 */
public record ConstExpr(int offset, int end, List<Op> ops) {
  public ConstExpr {
    ops = List.copyOf(ops);
  }

  /** An expression of one instruction that was not read from bytes. */
  public static ConstExpr of(Op op) {
    return new ConstExpr(0, 0, List.of(op));
  }

  /**
   * The single instruction of a validated expression without extended-const.
   *
   * @throws IllegalStateException when there is another number of instructions
   */
  public Op only() {
    if (ops.size() != 1) {
      throw new IllegalStateException("constant expression has " + ops.size() + " instructions");
    }
    return ops.getFirst();
  }

  /** One instruction of a constant expression. */
  public sealed interface Op {}

  /** {@code i32.const}. */
  public record I32Const(int value) implements Op {}

  /** {@code i64.const}. */
  public record I64Const(long value) implements Op {}

  /** {@code f32.const}, as the bits of the float. */
  public record F32Const(int bits) implements Op {}

  /** {@code f64.const}, as the bits of the double. */
  public record F64Const(long bits) implements Op {}

  /** {@code v128.const}: low and high half. */
  public record V128Const(long low, long high) implements Op {}

  /** {@code global.get}. */
  public record GlobalGet(int globalIndex) implements Op {}

  /** {@code ref.null}. */
  public record RefNull(HeapType heap) implements Op {}

  /** {@code ref.func}. */
  public record RefFunc(int functionIndex) implements Op {}

  /** A constant instruction without immediates, such as {@code i32.add} or {@code ref.i31}. */
  public record Operator(WasmOp op) implements Op {}

  /**
   * An instruction that makes a struct or an array.
   *
   * @param type index of the type of what is made
   * @param count number of elements for {@code array.new_fixed}, unsigned; else 0
   * @param offset byte offset of the instruction, 0 when unknown
   */
  public record Aggregate(WasmOp op, int type, int count, int offset) implements Op {}

  /** An instruction that may not stand in a constant expression; its immediates are dropped. */
  public record Forbidden(WasmOp op, int offset) implements Op {}
}

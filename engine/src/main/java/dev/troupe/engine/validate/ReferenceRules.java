package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.EQREF;
import static dev.troupe.engine.validate.TypeCodes.I32;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;

/** Reference instructions but calls (sections 3.4.2 and 3.4.4). */
final class ReferenceRules {
  private static final int SOURCE_NULLABLE = 1;
  private static final int TARGET_NULLABLE = 2;
  private static final int I31 = TypeCodes.reference(AbstractHeapType.I31, false);
  private static final int I31_OR_NULL = TypeCodes.reference(AbstractHeapType.I31, true);
  private static final int ARRAY_OR_NULL = TypeCodes.reference(AbstractHeapType.ARRAY, true);

  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;

  ReferenceRules(ModuleContext context, InstructionReader reader, OperandStack operands) {
    this.context = context;
    this.reader = reader;
    this.operands = operands;
  }

  /** An instruction without immediates; false when it is none of these. */
  boolean plain(WasmOp op) {
    switch (op) {
      case REF_IS_NULL -> {
        int unused = operands.popReference();
        operands.push(I32);
      }
      case REF_AS_NON_NULL -> operands.push(nonNull(operands.popReference()));
      case REF_EQ -> {
        operands.pop(EQREF);
        operands.pop(EQREF);
        operands.push(I32);
      }
      case REF_I31 -> {
        operands.pop(I32);
        operands.push(I31);
      }
      case I31_GET_S, I31_GET_U -> {
        operands.pop(I31_OR_NULL);
        operands.push(I32);
      }
      case ARRAY_LEN -> {
        operands.pop(ARRAY_OR_NULL);
        operands.push(I32);
      }
      case ANY_CONVERT_EXTERN -> convert(AbstractHeapType.EXTERN, AbstractHeapType.ANY);
      case EXTERN_CONVERT_ANY -> convert(AbstractHeapType.ANY, AbstractHeapType.EXTERN);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int nonNull(int reference) {
    return RefType.withNullable(reference, false);
  }

  private void convert(AbstractHeapType from, AbstractHeapType to) {
    int reference = operands.popReference();
    int wanted = TypeCodes.reference(from, true);
    if (!context.matches(reference, wanted)) {
      throw operands.mismatch(TypeCodes.text(wanted), TypeCodes.text(reference));
    }
    operands.push(TypeCodes.reference(to, RefType.isNullable(reference)));
  }

  /** An instruction with one heap type. */
  void heapType(WasmOp op) {
    switch (op) {
      case REF_NULL -> operands.push(type(true));
      case REF_TEST, REF_TEST_NULL -> {
        popSameHierarchy(type(true));
        operands.push(I32);
      }
      case REF_CAST, REF_CAST_NULL -> {
        popSameHierarchy(type(true));
        operands.push(type(op == WasmOp.REF_CAST_NULL));
      }
      default -> throw new IllegalStateException("no rule for " + op.mnemonic());
    }
  }

  private int type(boolean nullable) {
    return context.checkedReference(reader.heapType(), nullable, reader.offset());
  }

  private void popSameHierarchy(int type) {
    operands.pop(TypeCodes.reference(Subtyping.topOf(type, context.types), true));
  }

  /** {@code br_on_null} to a label of these types. */
  void branchOnNull(int[] label) {
    int reference = operands.popReference();
    operands.pop(label);
    operands.push(label);
    operands.push(nonNull(reference));
  }

  /** {@code br_on_non_null} to a label of these types. */
  void branchOnNonNull(int[] label) {
    int reference = operands.popReference();
    requireReference(label);
    operands.push(nonNull(reference));
    operands.pop(label);
    operands.push(Arrays.copyOf(label, label.length - 1));
  }

  private void requireReference(int[] label) {
    if (label.length == 0 || !TypeCodes.isReference(label[label.length - 1])) {
      throw operands.mismatch("a label that takes a reference", "another");
    }
  }

  /** {@code br_on_cast} and {@code br_on_cast_fail} to a label of these types. */
  void branchOnCast(WasmOp op, int[] label) {
    boolean targetNullable = (reader.index2() & TARGET_NULLABLE) != 0;
    int offset = reader.offset();
    int source =
        context.checkedReference(
            reader.heapType(), (reader.index2() & SOURCE_NULLABLE) != 0, offset);
    int target = context.checkedReference(reader.heapType2(), targetNullable, offset);
    if (!context.matches(target, source)) {
      throw operands.mismatch(TypeCodes.text(source), TypeCodes.text(target));
    }
    int rest = targetNullable ? nonNull(source) : source;
    boolean onCast = op == WasmOp.BR_ON_CAST;
    requireReference(label);
    operands.pop(source);
    operands.push(onCast ? target : rest);
    operands.pop(label);
    operands.push(Arrays.copyOf(label, label.length - 1));
    operands.push(onCast ? rest : target);
  }
}

package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.CatchClause;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.RefType;
import java.util.Arrays;

/** Rules of the instructions that throw and catch exceptions (section 3.4.9). */
final class ExceptionRules {
  private static final int EXNREF = new RefType(true, AbstractHeapType.EXN).code();

  /** What a caught reference is: never null. */
  private static final int CAUGHT = new RefType(false, AbstractHeapType.EXN).code();

  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;
  private final ControlStack control;

  ExceptionRules(
      ModuleContext context,
      InstructionReader reader,
      OperandStack operands,
      ControlStack control) {
    this.context = context;
    this.reader = reader;
    this.operands = operands;
    this.control = control;
  }

  /** {@code throw}: pops what the exception carries. */
  void throwTag() {
    operands.pop(tagParams(reader.index()));
  }

  /** {@code throw_ref}. */
  void throwReference() {
    operands.pop(EXNREF);
  }

  /** The catch clauses of a {@code try_table} that has not been entered yet; how many. */
  int clauses() {
    for (int i = 0; i < reader.listSize(); i += CatchClause.LIST_ITEMS) {
      CatchClause clause = CatchClause.read(reader, i);
      int[] carried = clause.catchesAll() ? TypeCodes.NONE : tagParams(clause.tag());
      if (clause.wantsReference()) {
        carried = Arrays.copyOf(carried, carried.length + 1);
        carried[carried.length - 1] = CAUGHT;
      }
      check(carried, clause.label());
    }
    return reader.listSize() / CatchClause.LIST_ITEMS;
  }

  private void check(int[] carried, int label) {
    if (Integer.compareUnsigned(label, control.depth()) >= 0) {
      throw unknown("label", label);
    }
    int[] wanted = control.labelTypes(control.frameOfLabel(label));
    boolean matches = wanted.length == carried.length;
    for (int i = 0; matches && i < wanted.length; i++) {
      matches = context.matches(carried[i], wanted[i]);
    }
    if (!matches) {
      throw new InvalidException(
          "type mismatch: a catch clause for a label of another type", reader.offset());
    }
  }

  /** What exceptions with a tag carry. */
  int[] tagParams(int tag) {
    if (Integer.compareUnsigned(tag, context.module.tags().size()) >= 0) {
      throw unknown("tag", tag);
    }
    return context.params(context.module.tagTypeIndex(tag));
  }

  private InvalidException unknown(String what, int index) {
    return new InvalidException(
        "unknown " + what + " " + Integer.toUnsignedString(index), reader.offset());
  }
}

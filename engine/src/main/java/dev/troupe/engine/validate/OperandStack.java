package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.BOTTOM;

import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.TypeHierarchy;
import java.util.Arrays;

/**
 * The types of the values on the operand stack. Below {@link #base} lie the values of enclosing
 * blocks; when the block is unreachable, pops at the base give {@link TypeCodes#BOTTOM}.
 */
final class OperandStack {
  private final InstructionReader reader;
  private final TypeHierarchy hierarchy;
  private final int maxHeight;
  private int[] types = new int[64];
  private int height;
  private int base;
  private boolean unreachable;
  private int highest;

  /** {@code reader} supplies the position of errors. */
  OperandStack(InstructionReader reader, TypeHierarchy hierarchy, int maxHeight) {
    this.reader = reader;
    this.hierarchy = hierarchy;
    this.maxHeight = maxHeight;
  }

  void clear() {
    height = 0;
    base = 0;
    unreachable = false;
    highest = 0;
  }

  int height() {
    return height;
  }

  /** Highest number of values since {@link #clear}. */
  int highest() {
    return highest;
  }

  boolean isUnreachable() {
    return unreachable;
  }

  /** Makes this the stack of a block that starts at height {@code newBase}. */
  void enter(int newBase, boolean isUnreachable) {
    base = newBase;
    unreachable = isUnreachable;
  }

  /** The rest of the block cannot be reached: forgets its values. */
  void setUnreachable() {
    height = base;
    unreachable = true;
  }

  boolean isAtBase() {
    return height == base;
  }

  void push(int type) {
    if (height == types.length) {
      grow();
    }
    types[height++] = type;
    if (height > highest) {
      highest = height;
    }
  }

  private void grow() {
    if (height >= maxHeight) {
      throw new LimitExceededException("too many operands", height, maxHeight, reader.offset());
    }
    types = Arrays.copyOf(types, Math.min(2 * height, maxHeight));
  }

  /** Pops a value of any type. */
  int pop() {
    if (height > base) {
      return types[--height];
    }
    if (unreachable) {
      return BOTTOM;
    }
    throw mismatch("a value", "nothing");
  }

  /** Pops a value of this type. */
  void pop(int expected) {
    int top = height - 1;
    if (top >= base && types[top] == expected) {
      height = top;
    } else {
      popSlow(expected);
    }
  }

  private void popSlow(int expected) {
    if (height == base && !unreachable) {
      throw mismatch(TypeCodes.text(expected), "nothing");
    }
    int actual = pop();
    if (!TypeCodes.matches(actual, expected, hierarchy)) {
      throw mismatch(TypeCodes.text(expected), TypeCodes.text(actual));
    }
  }

  /** Pops a reference of any type: its code, {@link TypeCodes#ANY_REFERENCE} if unknown. */
  int popReference() {
    int type = pop();
    if (type == BOTTOM) {
      return TypeCodes.ANY_REFERENCE;
    }
    if (!TypeCodes.isReference(type)) {
      throw mismatch("a reference", TypeCodes.text(type));
    }
    return type;
  }

  void pop(int[] expected) {
    for (int i = expected.length - 1; i >= 0; i--) {
      pop(expected[i]);
    }
  }

  void push(int[] pushed) {
    for (int type : pushed) {
      push(type);
    }
  }

  /** Checks that the topmost values have these types and leaves the stack as it is. */
  void check(int[] expected) {
    for (int i = 1; i <= expected.length; i++) {
      int wanted = expected[expected.length - i];
      int at = height - i;
      if (at < base) {
        if (unreachable) {
          return;
        }
        throw mismatch(TypeCodes.text(wanted), "nothing");
      }
      if (!TypeCodes.matches(types[at], wanted, hierarchy)) {
        throw mismatch(TypeCodes.text(wanted), TypeCodes.text(types[at]));
      }
    }
  }

  /** The error of finding another type than the wanted one. */
  InvalidException mismatch(String expected, String actual) {
    return new InvalidException(
        "type mismatch: expected " + expected + ", found " + actual, reader.offset());
  }
}

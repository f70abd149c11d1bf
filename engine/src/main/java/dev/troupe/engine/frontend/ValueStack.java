package dev.troupe.engine.frontend;

import java.util.Arrays;

/** The operand stack: value ids. Validation guarantees that it never underflows. */
final class ValueStack {
  private int[] values = new int[64];
  private int height;

  int height() {
    return height;
  }

  void push(int value) {
    if (height == values.length) {
      values = Arrays.copyOf(values, height * 2);
    }
    values[height++] = value;
  }

  int pop() {
    return values[--height];
  }

  int peek() {
    return values[height - 1];
  }

  /** Element {@code position} counted from the bottom. */
  int get(int position) {
    return values[position];
  }

  /** Drops everything above {@code newHeight}. */
  void truncate(int newHeight) {
    assert newHeight <= height : "operand stack underflow";
    height = newHeight;
  }

  /** A copy of the top {@code count} values, the deepest first; they stay. */
  int[] top(int count) {
    return Arrays.copyOfRange(values, height - count, height);
  }

  /** Pops {@code count} values; the deepest comes first. */
  int[] pop(int count) {
    int[] popped = top(count);
    height -= count;
    return popped;
  }
}

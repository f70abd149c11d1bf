package dev.troupe.engine.compile;

import dev.troupe.engine.testing.ByteWriter;
import java.util.function.IntUnaryOperator;

/** Writes the body of a generated function: its locals first, then instructions. */
final class HugeBody {
  static final int BLOCK = 0x02;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int SELECT = 0x1B;
  static final int EQ = 0x46;
  static final int GT_S = 0x4A;
  static final int ADD = 0x6A;
  static final int SUB = 0x6B;
  static final int MUL = 0x6C;
  static final int AND = 0x71;
  static final int XOR = 0x73;
  static final int I32 = 0x7F;

  private static final int LOOP = 0x03;
  private static final int END = 0x0B;
  private static final int NO_RESULT = 0x40;

  /** add, sub, mul, and, or, xor, shl, shr_u, rotl. */
  private static final int[] ARITHMETIC = {
    ADD, SUB, MUL, AND, 0x72, XOR, 0x74, 0x76, 0x77,
  };

  private final ByteWriter out = new ByteWriter();

  /** As many locals of type i32, behind the one parameter. */
  HugeBody locals(int count) {
    out.u32(1).u32(count).u8(I32);
    return this;
  }

  /** An operation of two operands, another for every {@code i}. */
  int arithmetic(int i) {
    return ARITHMETIC[i % ARITHMETIC.length];
  }

  HugeBody op(int code) {
    out.u8(code);
    return this;
  }

  HugeBody constant(int value) {
    out.u8(0x41).s64(value);
    return this;
  }

  HugeBody get(int local) {
    out.u8(0x20).u32(local);
    return this;
  }

  HugeBody set(int local) {
    out.u8(0x21).u32(local);
    return this;
  }

  HugeBody tee(int local) {
    out.u8(0x22).u32(local);
    return this;
  }

  HugeBody begin(int code) {
    return begin(code, NO_RESULT);
  }

  HugeBody begin(int code, int type) {
    out.u8(code).u8(type);
    return this;
  }

  HugeBody block() {
    return begin(BLOCK);
  }

  HugeBody loop() {
    return begin(LOOP);
  }

  HugeBody end() {
    return op(END);
  }

  HugeBody br(int depth) {
    out.u8(0x0C).u32(depth);
    return this;
  }

  HugeBody brIf(int depth) {
    out.u8(0x0D).u32(depth);
    return this;
  }

  /** A jump table; the last of its {@code entries} is the default. */
  HugeBody table(int entries, IntUnaryOperator depth) {
    out.u8(0x0E).u32(entries - 1);
    for (int i = 0; i < entries; i++) {
      out.u32(depth.applyAsInt(i));
    }
    return this;
  }

  /** Calls the helper function. */
  HugeBody call() {
    out.u8(0x10).u32(1);
    return this;
  }

  /** Calls the helper function through the table. */
  HugeBody callIndirect() {
    out.u8(0x11).u32(0).u32(0);
    return this;
  }

  HugeBody load(int offset) {
    out.u8(0x28).u32(2).u32(offset);
    return this;
  }

  HugeBody store(int offset) {
    out.u8(0x36).u32(2).u32(offset);
    return this;
  }

  /** The exclusive or of all locals below {@code end}, rotated. */
  HugeBody sum(int end) {
    get(0);
    for (int i = 1; i < end; i++) {
      constant(5).op(0x77).get(i).op(XOR);
    }
    return this;
  }

  /** The whole body. */
  ByteWriter finish() {
    return out.u8(END);
  }
}

package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.SplittableRandom;

/** Emits instructions, and constants that are worth testing. */
final class BodyWriter {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    2,
    3,
    7,
    8,
    10,
    16,
    31,
    32,
    33,
    63,
    64,
    100,
    127,
    128,
    255,
    256,
    1000,
    32767,
    32768,
    65535,
    65536,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x5555_5555_5555_5555L,
    0x0123_4567_89AB_CDEFL
  };
  private static final double[] INTERESTING_FLOATS = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    -2.5,
    1e10,
    -1e10,
    2147483647,
    2147483648.0,
    -2147483649.0,
    4294967295.0,
    4294967296.0,
    9.223372036854775807e18,
    1.8446744073709552e19,
    1e-45,
    5e-324,
    1e38,
    1e300,
    Float.MAX_VALUE,
    Double.MAX_VALUE,
    Float.MIN_NORMAL,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    Math.PI,
    0x1p53 + 1
  };

  final ByteWriter out = new ByteWriter();
  private final SplittableRandom random;

  BodyWriter(SplittableRandom random) {
    this.random = random;
  }

  BodyWriter op(WasmOp op) {
    ByteWriter unused = ModuleWriter.opcode(out, op);
    return this;
  }

  BodyWriter op(WasmOp op, int index) {
    op(op).out.u32(index);
    return this;
  }

  BodyWriter op(WasmOp op, int index, int index2) {
    op(op).out.u32(index).u32(index2);
    return this;
  }

  /** A block with a type of the type section. */
  BodyWriter block(WasmOp op, int typeIndex) {
    op(op).out.s64(typeIndex);
    return this;
  }

  /** A block without parameters and results. */
  BodyWriter block(WasmOp op) {
    op(op).out.u8(0x40);
    return this;
  }

  /** A block with one result. */
  BodyWriter block(WasmOp op, ValType result) {
    ModuleWriter.type(op(op).out, result);
    return this;
  }

  /** An access to a memory with a random alignment; the offset is unsigned. */
  BodyWriter access(WasmOp op, int memory, long offset) {
    int align = op.isAtomicAccess() ? op.accessLog2() : random.nextInt(op.accessLog2() + 1);
    if (memory == 0) {
      op(op).out.u32(align);
    } else {
      op(op).out.u32(align | 0x40).u32(memory);
    }
    out.u64(offset);
    return this;
  }

  /** A constant address or size. */
  BodyWriter address(boolean is64, long value) {
    return is64 ? i64(value) : i32((int) value);
  }

  BodyWriter i32(int value) {
    op(WasmOp.I32_CONST).out.s64(value);
    return this;
  }

  BodyWriter i64(long value) {
    op(WasmOp.I64_CONST).out.s64(value);
    return this;
  }

  BodyWriter f32(float value) {
    op(WasmOp.F32_CONST).out.fixed32(Float.floatToRawIntBits(value));
    return this;
  }

  BodyWriter f64(double value) {
    op(WasmOp.F64_CONST).out.fixed64(Double.doubleToRawLongBits(value));
    return this;
  }

  BodyWriter v128(long low, long high) {
    op(WasmOp.V128_CONST).out.fixed64(low).fixed64(high);
    return this;
  }

  /** A random constant. */
  void constant(NumType type) {
    long value =
        random.nextInt(3) == 0
            ? random.nextLong()
            : INTERESTING[random.nextInt(INTERESTING.length)];
    double real = INTERESTING_FLOATS[random.nextInt(INTERESTING_FLOATS.length)];
    if (random.nextInt(4) == 0) {
      real = (random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(-10, 70));
    }
    BodyWriter unused =
        switch (type) {
          case I32 -> i32((int) value);
          case I64 -> i64(value);
          case F32 -> f32((float) real);
          case F64 -> f64(real);
        };
  }
}

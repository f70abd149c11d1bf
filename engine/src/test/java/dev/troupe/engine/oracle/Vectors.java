package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;
import java.util.Objects;

/**
 * Instructions on vectors (section 4.6.2 and those behind it), lane by lane. Vectors are {@link
 * VectorHandles}; the mnemonics say what to do. Relaxed instructions are those of the deterministic
 * profile.
 */
public final class Vectors {
  private Vectors() {}

  // ---- lanes

  /** The lanes of a vector, extended to longs. */
  static long[] lanes(long handle, int bits, boolean signed) {
    long[] lanes = new long[128 / bits];
    for (int k = 0; k < lanes.length; k++) {
      int at = k * bits;
      long half = at < 64 ? VectorHandles.low(handle) : VectorHandles.high(handle);
      long up = half << 64 - bits - (at & 63);
      lanes[k] = signed ? up >> 64 - bits : up >>> 64 - bits;
    }
    return lanes;
  }

  /** The vector with these lanes, of which the low bits count. */
  static long of(int bits, long... lanes) {
    long[] halves = new long[2];
    long mask = bits == 64 ? -1 : (1L << bits) - 1;
    for (int k = 0; k < lanes.length; k++) {
      int at = k * bits;
      halves[at / 64] |= (lanes[k] & mask) << (at & 63);
    }
    return VectorHandles.of(halves[0], halves[1]);
  }

  /** Width of the lanes of a shape such as {@code i16x8}. */
  private static int bits(String shape) {
    return Integer.parseInt(shape.substring(1, shape.indexOf('x')));
  }

  private static String shape(WasmOp op) {
    return op.mnemonic().substring(0, op.mnemonic().indexOf('.'));
  }

  private static String name(WasmOp op) {
    return op.mnemonic().substring(op.mnemonic().indexOf('.') + 1);
  }

  private static boolean isSigned(String name) {
    return !name.endsWith("_u") && !name.endsWith("_u_zero");
  }

  private static WasmOp scalar(String mnemonic) {
    return Objects.requireNonNull(WasmOp.ofMnemonic(mnemonic), mnemonic);
  }

  private interface Lane {
    long apply(long a);
  }

  private interface TwoLanes {
    long apply(long a, long b);
  }

  private static long map(int bits, long a, boolean signed, Lane lane) {
    return of(bits, Arrays.stream(lanes(a, bits, signed)).map(lane::apply).toArray());
  }

  private static long zip(int bits, long a, long b, boolean signed, TwoLanes lane) {
    long[] x = lanes(a, bits, signed);
    long[] y = lanes(b, bits, signed);
    for (int k = 0; k < x.length; k++) {
      x[k] = lane.apply(x[k], y[k]);
    }
    return of(bits, x);
  }

  // ---- instructions with lanes as immediates, loads

  /** {@code splat}, from a number as the oracle has it. */
  public static long splat(WasmOp op, long number) {
    int bits = bits(shape(op));
    long[] lanes = new long[128 / bits];
    Arrays.fill(lanes, number);
    return of(bits, lanes);
  }

  /** {@code extract_lane}, with or without sign. */
  public static long extract(WasmOp op, long vector, int lane) {
    int bits = bits(shape(op));
    return lanes(vector, bits, isSigned(op.mnemonic()))[lane];
  }

  /** {@code replace_lane}. */
  public static long replace(WasmOp op, long vector, int lane, long number) {
    int bits = bits(shape(op));
    long[] lanes = lanes(vector, bits, false);
    lanes[lane] = number;
    return of(bits, lanes);
  }

  /** {@code i8x16.shuffle} with the lanes as halves. */
  public static long shuffle(long a, long b, long low, long high) {
    long[] x = lanes(a, 8, false);
    long[] y = lanes(b, 8, false);
    long[] chosen = lanes(VectorHandles.of(low, high), 8, false);
    return of(8, Arrays.stream(chosen).map(c -> c < 16 ? x[(int) c] : y[(int) c - 16]).toArray());
  }

  /** What a load of this kind makes of the bytes read, zero-extended. */
  public static long loaded(String name, long bytes) {
    if (name.startsWith("load") && name.contains("x")) {
      int bits = bits(name.substring(3));
      boolean signed = name.endsWith("_s");
      long[] narrow = lanes(VectorHandles.of(bytes, 0), bits, signed);
      return of(2 * bits, Arrays.copyOf(narrow, 64 / bits));
    }
    if (name.endsWith("_zero")) {
      return VectorHandles.of(bytes, 0);
    }
    int bits = Integer.parseInt(name.substring(4, name.indexOf('_')));
    long[] lanes = new long[128 / bits];
    Arrays.fill(lanes, bytes);
    return of(bits, lanes);
  }

  // ---- one operand

  /** Instructions from a vector to an i32. */
  public static long test(WasmOp op, long a) {
    if (op == WasmOp.V128_ANY_TRUE) {
      return a != 0 ? 1 : 0;
    }
    long[] lanes = lanes(a, bits(shape(op)), true);
    if (name(op).equals("all_true")) {
      return Arrays.stream(lanes).allMatch(lane -> lane != 0) ? 1 : 0;
    }
    int mask = 0;
    for (int k = 0; k < lanes.length; k++) {
      mask |= lanes[k] < 0 ? 1 << k : 0;
    }
    return mask;
  }

  public static long unary(WasmOp op, long a) {
    if (op == WasmOp.V128_NOT) {
      return VectorHandles.of(~VectorHandles.low(a), ~VectorHandles.high(a));
    }
    int bits = bits(shape(op));
    String name = name(op).replace("relaxed_trunc_", "trunc_sat_");
    boolean signed = isSigned(name);
    if (name.startsWith("extadd_pairwise")) {
      long[] narrow = lanes(a, bits / 2, signed);
      long[] sums = new long[128 / bits];
      Arrays.setAll(sums, k -> narrow[2 * k] + narrow[2 * k + 1]);
      return of(bits, sums);
    }
    if (name.startsWith("extend_")) {
      return of(bits, half(a, bits / 2, signed, name.contains("high")));
    }
    if (shape(op).startsWith("f") || name.startsWith("trunc_sat")) {
      return floats(shape(op), name, bits, a);
    }
    return switch (name) {
      case "abs" -> map(bits, a, true, Math::abs);
      case "neg" -> map(bits, a, true, x -> -x);
      case "popcnt" -> map(bits, a, false, Long::bitCount);
      default -> throw new IllegalStateException("no unary vector instruction: " + op);
    };
  }

  private static long[] half(long a, int bits, boolean signed, boolean high) {
    long[] all = lanes(a, bits, signed);
    int count = all.length / 2;
    return Arrays.copyOfRange(all, high ? count : 0, high ? 2 * count : count);
  }

  private static long floats(String shape, String name, int bits, long a) {
    String type = shape.substring(0, 3);
    return switch (name) {
      case "demote_f64x2_zero" -> convert("f32.demote_f64", lanes(a, 64, true), 2, 32);
      case "promote_low_f32x4" -> convert("f64.promote_f32", lanes(a, 32, true), 2, 64);
      case "convert_i32x4_s" -> convert("f32.convert_i32_s", lanes(a, 32, true), 4, 32);
      case "convert_i32x4_u" -> convert("f32.convert_i32_u", lanes(a, 32, true), 4, 32);
      case "convert_low_i32x4_s" -> convert("f64.convert_i32_s", lanes(a, 32, true), 2, 64);
      case "convert_low_i32x4_u" -> convert("f64.convert_i32_u", lanes(a, 32, true), 2, 64);
      case "trunc_sat_f32x4_s" -> convert("i32.trunc_sat_f32_s", lanes(a, 32, true), 4, 32);
      case "trunc_sat_f32x4_u" -> convert("i32.trunc_sat_f32_u", lanes(a, 32, true), 4, 32);
      case "trunc_sat_f64x2_s_zero" -> convert("i32.trunc_sat_f64_s", lanes(a, 64, true), 2, 32);
      case "trunc_sat_f64x2_u_zero" -> convert("i32.trunc_sat_f64_u", lanes(a, 64, true), 2, 32);
      default -> map(bits, a, true, x -> Numeric.unary(scalar(type + "." + name), x));
    };
  }

  private static long convert(String mnemonic, long[] from, int count, int bits) {
    long[] to = new long[128 / bits];
    for (int k = 0; k < count; k++) {
      to[k] = Numeric.unary(scalar(mnemonic), from[k]);
    }
    return of(bits, to);
  }

  // ---- two operands

  /** Shifts, by an i32. */
  public static long shift(WasmOp op, long a, long amount) {
    int bits = bits(shape(op));
    int by = (int) amount & bits - 1;
    return switch (name(op)) {
      case "shl" -> map(bits, a, false, x -> x << by);
      case "shr_s" -> map(bits, a, true, x -> x >> by);
      default -> map(bits, a, false, x -> x >>> by);
    };
  }

  public static long binary(WasmOp op, long a, long b) {
    return switch (op) {
      case V128_AND -> zip(64, a, b, true, (x, y) -> x & y);
      case V128_ANDNOT -> zip(64, a, b, true, (x, y) -> x & ~y);
      case V128_OR -> zip(64, a, b, true, (x, y) -> x | y);
      case V128_XOR -> zip(64, a, b, true, (x, y) -> x ^ y);
      case I8X16_SWIZZLE, I8X16_RELAXED_SWIZZLE -> {
        long[] bytes = lanes(a, 8, false);
        yield map(8, b, false, index -> index < 16 ? bytes[(int) index] : 0);
      }
      case I32X4_DOT_I16X8_S -> dot(16, a, b, false);
      case I16X8_RELAXED_DOT_I8X16_I7X16_S -> dot(8, a, b, true);
      default -> shape(op).startsWith("f") ? floats(op, a, b) : integers(op, a, b);
    };
  }

  private static long dot(int bits, long a, long b, boolean saturate) {
    long[] x = lanes(a, bits, true);
    long[] y = lanes(b, bits, true);
    long[] sums = new long[x.length / 2];
    for (int k = 0; k < sums.length; k++) {
      long sum = x[2 * k] * y[2 * k] + x[2 * k + 1] * y[2 * k + 1];
      sums[k] = saturate ? saturated(sum, 2 * bits, true) : sum;
    }
    return of(2 * bits, sums);
  }

  private static long saturated(long value, int bits, boolean signed) {
    long least = signed ? -(1L << bits - 1) : 0;
    long most = signed ? (1L << bits - 1) - 1 : (1L << bits) - 1;
    return Math.max(least, Math.min(most, value));
  }

  private static long integers(WasmOp op, long a, long b) {
    int bits = bits(shape(op));
    String name = name(op);
    boolean signed = isSigned(name);
    if (name.startsWith("narrow")) {
      long[] all = Arrays.copyOf(lanes(a, 2 * bits, true), 128 / bits);
      System.arraycopy(lanes(b, 2 * bits, true), 0, all, all.length / 2, all.length / 2);
      return of(bits, Arrays.stream(all).map(x -> saturated(x, bits, signed)).toArray());
    }
    if (name.startsWith("extmul")) {
      long[] x = half(a, bits / 2, signed, name.contains("high"));
      long[] y = half(b, bits / 2, signed, name.contains("high"));
      Arrays.setAll(x, k -> x[k] * y[k]);
      return of(bits, x);
    }
    TwoLanes lane =
        switch (name) {
          case "add" -> (x, y) -> x + y;
          case "sub" -> (x, y) -> x - y;
          case "mul" -> (x, y) -> x * y;
          case "add_sat_s", "add_sat_u" -> (x, y) -> saturated(x + y, bits, signed);
          case "sub_sat_s", "sub_sat_u" -> (x, y) -> saturated(x - y, bits, signed);
          case "min_s", "min_u" -> Math::min;
          case "max_s", "max_u" -> Math::max;
          case "avgr_u" -> (x, y) -> x + y + 1 >> 1;
          case "q15mulr_sat_s", "relaxed_q15mulr_s" ->
              (x, y) -> saturated(x * y + 0x4000 >> 15, bits, true);
          case "eq" -> (x, y) -> x == y ? -1 : 0;
          case "ne" -> (x, y) -> x != y ? -1 : 0;
          case "lt_s", "lt_u" -> (x, y) -> x < y ? -1 : 0;
          case "gt_s", "gt_u" -> (x, y) -> x > y ? -1 : 0;
          case "le_s", "le_u" -> (x, y) -> x <= y ? -1 : 0;
          case "ge_s", "ge_u" -> (x, y) -> x >= y ? -1 : 0;
          default -> throw new IllegalStateException("no binary vector instruction: " + op);
        };
    return zip(bits, a, b, signed, lane);
  }

  private static long floats(WasmOp op, long a, long b) {
    int bits = bits(shape(op));
    String type = shape(op).substring(0, 3);
    String name = name(op).replace("relaxed_", "");
    WasmOp less = scalar(type + ".lt");
    return switch (name) {
      case "pmin" -> zip(bits, a, b, true, (x, y) -> Numeric.binary(less, y, x) != 0 ? y : x);
      case "pmax" -> zip(bits, a, b, true, (x, y) -> Numeric.binary(less, x, y) != 0 ? y : x);
      case "eq", "ne", "lt", "gt", "le", "ge" ->
          zip(bits, a, b, true, (x, y) -> -Numeric.binary(scalar(type + "." + name), x, y));
      default -> zip(bits, a, b, true, (x, y) -> Numeric.binary(scalar(type + "." + name), x, y));
    };
  }

  // ---- three operands

  public static long ternary(WasmOp op, long a, long b, long c) {
    return switch (op) {
      case V128_BITSELECT,
          I8X16_RELAXED_LANESELECT,
          I16X8_RELAXED_LANESELECT,
          I32X4_RELAXED_LANESELECT,
          I64X2_RELAXED_LANESELECT -> {
        long chosen = binary(WasmOp.V128_AND, a, c);
        yield binary(WasmOp.V128_OR, chosen, binary(WasmOp.V128_ANDNOT, b, c));
      }
      case F32X4_RELAXED_MADD -> binary(WasmOp.F32X4_ADD, binary(WasmOp.F32X4_MUL, a, b), c);
      case F64X2_RELAXED_MADD -> binary(WasmOp.F64X2_ADD, binary(WasmOp.F64X2_MUL, a, b), c);
      case F32X4_RELAXED_NMADD -> binary(WasmOp.F32X4_SUB, c, binary(WasmOp.F32X4_MUL, a, b));
      case F64X2_RELAXED_NMADD -> binary(WasmOp.F64X2_SUB, c, binary(WasmOp.F64X2_MUL, a, b));
      case I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S -> {
        long products = dot(8, a, b, true);
        long sums = unary(WasmOp.I32X4_EXTADD_PAIRWISE_I16X8_S, products);
        yield binary(WasmOp.I32X4_ADD, sums, c);
      }
      default -> throw new IllegalStateException("no ternary vector instruction: " + op);
    };
  }
}

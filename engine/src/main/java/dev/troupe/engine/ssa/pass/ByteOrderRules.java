package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * Recognizes reversals of bytes. WebAssembly has none, so compilers take a number apart with shifts
 * and masks and put it together again; from the origin of each byte of the result it is plain what
 * that comes to, whatever the order of the steps.
 *
 * <p>The <em>map</em> of a value has one hexadecimal digit for each of 8 bytes, the lowest digit
 * for the lowest byte: the position of the byte in the source, or 8 for zero. An i32 counts as
 * zero-extended. A value that was not put together from bytes is its own source.
 */
final class ByteOrderRules extends RewriteRules {
  private static final int ZERO = 0x8888_8888;
  private static final int WHOLE_32 = 0x8888_3210;
  private static final int WHOLE_64 = 0x7654_3210;
  private static final int REVERSED_16 = 0x8888_8801;
  private static final int REVERSED_32 = 0x8888_0123;
  private static final int REVERSED_64 = 0x0123_4567;
  private static final int REVERSED_UPPER = 0x8888_4567;

  private int[] sources;
  private int[] maps;
  // The map being computed.
  private int source;
  private int map;

  ByteOrderRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
    this.sources = new int[function.valueCount()];
    this.maps = new int[function.valueCount()];
    Arrays.fill(sources, NONE);
  }

  /** Computes the map of the result of {@code i}, and rules for what it shows. */
  int apply(int i, SsaOp op) {
    boolean known =
        switch (op) {
          case IOR, IADD, IXOR -> merge(operand(i, 0), operand(i, 1));
          case IAND -> mask(i);
          case SHL, USHR, ROTL -> move(i, op);
          case UEXTEND -> look(operand(i, 0));
          case WRAP -> look(operand(i, 0)) && is(source, map & 0xFFFF | WHOLE_32 & 0xFFFF_0000);
          case BSWAP -> look(operand(i, 0)) && is(source, reversed(function.controllingType(i)));
          default -> false;
        };
    if (!known) {
      return NONE;
    }
    int result = function.result(i);
    remember(result);
    return op == SsaOp.IOR || op == SsaOp.IADD || op == SsaOp.IXOR || op == SsaOp.IAND
        ? recognize(i, function.valueType(result))
        : NONE;
  }

  // ---- maps

  private boolean is(int from, int bytes) {
    source = from;
    map = bytes;
    return true;
  }

  private boolean look(int value) {
    return value < sources.length && sources[value] != NONE
        ? is(sources[value], maps[value])
        : is(value, own(value));
  }

  /** The map of a value that is its own source. */
  private int own(int value) {
    SsaType type = function.valueType(value);
    int definer = function.definingInstruction(value);
    int bytes = type.bytes();
    if (definer != NONE
        && function.op(definer).reads()
        && !function.access(definer).signExtends()) {
      bytes = Math.min(bytes, function.access(definer).bytes());
    }
    int known = bytes == 8 ? -1 : (1 << 4 * bytes) - 1;
    return WHOLE_64 & known | ZERO & ~known;
  }

  private void remember(int value) {
    if (value >= sources.length) {
      int old = sources.length;
      sources = Arrays.copyOf(sources, Math.max(value + 1, old * 2));
      maps = Arrays.copyOf(maps, sources.length);
      Arrays.fill(sources, old, sources.length, NONE);
    }
    sources[value] = source;
    maps[value] = map;
  }

  private boolean merge(int a, int b) {
    look(a);
    int from = source;
    int left = map;
    look(b);
    if (from != source) {
      return false;
    }
    int merged = 0;
    for (int k = 0; k < 32; k += 4) {
      int low = left >>> k & 15;
      int high = map >>> k & 15;
      if (low != 8 && high != 8) {
        return false;
      }
      merged |= (low == 8 ? high : low) << k;
    }
    return is(from, merged);
  }

  private boolean mask(int i) {
    if (!isConstant(operand(i, 1))) {
      return false;
    }
    look(operand(i, 0));
    long bits = right(i);
    for (int k = 0; k < 8; k++) {
      int each = (int) (bits >>> 8 * k) & 0xFF;
      if (each == 0) {
        map = map & ~(15 << 4 * k) | 8 << 4 * k;
      } else if (each != 0xFF && (map >>> 4 * k & 15) != 8) {
        return false;
      }
    }
    return true;
  }

  private boolean move(int i, SsaOp op) {
    if (!isConstant(operand(i, 1))) {
      return false;
    }
    SsaType type = function.controllingType(i);
    int count = (int) right(i) & type.bits() - 1;
    if ((count & 7) != 0) {
      return false;
    }
    look(operand(i, 0));
    int digits = count / 2;
    int all = type == SsaType.I64 ? -1 : 0xFFFF;
    int bytes = map & all;
    // Zeros come in from both sides: a shift moves digits, and 8 takes the free places.
    int up = digits == 0 ? bytes : bytes << digits | ZERO & (1 << digits) - 1;
    int down = digits == 0 ? bytes : bytes >>> digits | ZERO & ~(all >>> digits);
    int moved =
        switch (op) {
          case SHL -> up;
          case USHR -> down;
          default -> bytes << digits | (digits == 0 ? 0 : bytes >>> type.bytes() * 4 - digits);
        };
    return is(source, moved & all | ZERO & ~all);
  }

  private int reversed(SsaType type) {
    int turned = Integer.reverseBytes((map & 0x0F0F_0F0F) << 4 | map >>> 4 & 0x0F0F_0F0F);
    return type == SsaType.I64 ? turned : turned >>> 16 | ZERO & 0xFFFF_0000;
  }

  // ---- recognition

  private int recognize(int i, SsaType type) {
    int from = source;
    SsaType fromType = function.valueType(from);
    if (map == ZERO) {
      return toConstant(i, 0);
    }
    if (!fromType.isInteger()) {
      return NONE;
    }
    if (type == fromType && map == own(from)) {
      return from;
    }
    if (fromType == SsaType.I64) {
      return fromLong(i, type, from);
    }
    inserter.at(i);
    return switch (map) {
      case REVERSED_32 -> {
        if (type == SsaType.I32) {
          yield become(i, SsaOp.BSWAP, SsaType.I32, from);
        }
        int swapped = inserter.unary(SsaOp.BSWAP, SsaType.I32, from);
        yield become(i, SsaOp.UEXTEND, SsaType.I64, swapped);
      }
      case REVERSED_16 -> {
        int swapped = inserter.unary(SsaOp.BSWAP, SsaType.I32, from);
        if (type == SsaType.I32) {
          yield becomeWith(i, SsaOp.USHR, SsaType.I32, swapped, 16);
        }
        int sixteen = inserter.constant(SsaType.I32, 16);
        int low = inserter.binary(SsaOp.USHR, SsaType.I32, swapped, sixteen);
        yield become(i, SsaOp.UEXTEND, SsaType.I64, low);
      }
      default -> NONE;
    };
  }

  private int fromLong(int i, SsaType type, int from) {
    if (type == SsaType.I64) {
      return map == REVERSED_64 ? become(i, SsaOp.BSWAP, SsaType.I64, from) : NONE;
    }
    inserter.at(i);
    if (map == REVERSED_32) {
      int low = inserter.unary(SsaOp.WRAP, SsaType.I32, from);
      return become(i, SsaOp.BSWAP, SsaType.I32, low);
    }
    if (map == REVERSED_UPPER) {
      int swapped = inserter.unary(SsaOp.BSWAP, SsaType.I64, from);
      return become(i, SsaOp.WRAP, SsaType.I32, swapped);
    }
    return NONE;
  }
}

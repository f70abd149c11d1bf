package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** Which bits the result of an operation may have set, given those of its operands. */
final class PossibleBits {
  private static final long LOW_32 = 0xFFFF_FFFFL;

  private final SsaFunction function;
  private final UnsignedRanges ranges;

  PossibleBits(SsaFunction function, UnsignedRanges ranges) {
    this.function = function;
    this.ranges = ranges;
  }

  /** All bits of an integer type; an i32 counts as zero-extended. */
  static long all(SsaType type) {
    return type == SsaType.I32 ? LOW_32 : -1;
  }

  /** All bits up to the highest of {@code bits}. */
  static long fill(long bits) {
    return bits == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(bits);
  }

  private long of(int i, int operand) {
    return ranges.possibleBits(function.operand(i, operand));
  }

  /** The bits that may be set in the result of {@code i}, an integer of the given type. */
  long result(int i, SsaOp op, SsaType type) {
    long all = all(type);
    long bits =
        switch (op) {
          case ICONST -> function.immediate(i);
          case ICMP, FCMP -> 1;
          case CLZ, CTZ, POPCNT -> 0x7F;
          case LOAD, CTX_LOAD, RAW_LOAD, FIELD_LOAD, ELEMENT_LOAD -> loaded(function.access(i));
          case UEXTEND, WRAP -> of(i, 0);
          case SEXTEND, EXTEND32_S -> extended(of(i, 0), 32);
          case EXTEND16_S -> extended(of(i, 0), 16);
          case EXTEND8_S -> extended(of(i, 0), 8);
          case BSWAP -> type == SsaType.I32 ? reversed32(of(i, 0)) : Long.reverseBytes(of(i, 0));
          case SELECT -> of(i, 1) | of(i, 2);
          case IAND -> of(i, 0) & of(i, 1);
          case IOR, IXOR -> of(i, 0) | of(i, 1);
          case IADD -> sum(of(i, 0), of(i, 1));
          case ISUB -> aboveZeros(Math.min(zeros(of(i, 0)), zeros(of(i, 1))));
          case IMUL -> aboveZeros(zeros(of(i, 0)) + zeros(of(i, 1)));
          case SHL, USHR, SSHR, ROTL, ROTR -> shifted(i, op, type);
          default -> -1;
        };
    return bits & all;
  }

  private static long loaded(MemoryAccess access) {
    return access.signExtends() || access.bytes() >= 8 ? -1 : (1L << 8 * access.bytes()) - 1;
  }

  private static long extended(long bits, int from) {
    int rest = 64 - from;
    return bits << rest >> rest;
  }

  private static long reversed32(long bits) {
    return Long.reverseBytes(bits) >>> 32;
  }

  private static int zeros(long bits) {
    return Long.numberOfTrailingZeros(bits);
  }

  /** All bits but the lowest {@code zeros}. */
  private static long aboveZeros(int zeros) {
    return zeros > 63 ? 0 : -1L << zeros;
  }

  /** Without a common bit there is no carry. */
  private static long sum(long a, long b) {
    return (a & b) == 0 ? a | b : aboveZeros(zeros(a | b));
  }

  private long shifted(int i, SsaOp op, SsaType type) {
    long bits = of(i, 0);
    int amount = function.definingInstruction(function.operand(i, 1));
    if (amount == SsaFunction.NONE || function.op(amount) != SsaOp.ICONST) {
      return op == SsaOp.SHL
          ? aboveZeros(zeros(bits))
          : op == SsaOp.USHR ? fill(bits) : op == SsaOp.SSHR ? arithmetic(bits, type) : -1;
    }
    int count = (int) function.immediate(amount) & type.bits() - 1;
    boolean narrow = type == SsaType.I32;
    return switch (op) {
      case SHL -> bits << count;
      case USHR -> bits >>> count;
      case SSHR -> narrow ? (int) bits >> count : bits >> count;
      case ROTL -> narrow ? Integer.rotateLeft((int) bits, count) : Long.rotateLeft(bits, count);
      default -> narrow ? Integer.rotateRight((int) bits, count) : Long.rotateRight(bits, count);
    };
  }

  private static long arithmetic(long bits, SsaType type) {
    return (bits >>> type.bits() - 1 & 1) == 0 ? fill(bits) : -1;
  }
}

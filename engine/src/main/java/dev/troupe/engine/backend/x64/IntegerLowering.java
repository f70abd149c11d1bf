package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Reg;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selection of integer operations.
final class IntegerLowering {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final BitLowering bits;

  IntegerLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.bits = new BitLowering(low);
  }

  private static X64Op pick(boolean wide, X64Op narrow, X64Op wideOp) {
    return wide ? wideOp : narrow;
  }

  private boolean isWide(int instruction) {
    return ssa.controllingType(instruction) == SsaType.I64;
  }

  void arithmetic(int i, SsaOp op) {
    boolean wide = isWide(i);
    int result = low.definition(ssa.result(i));
    int a = ssa.operand(i, 0);
    int b = ssa.operand(i, 1);
    if (op.isCommutative() && low.isConstant(a)) {
      int swap = a;
      a = b;
      b = swap;
    }
    switch (op) {
      case IADD -> add(i, wide, result, a, b);
      case ISUB -> subtract(i, wide, result, a, b);
      case IMUL -> multiply(i, wide, result, a, b);
      case IAND -> and(i, wide, result, a, b);
      case IOR -> {
        if (!bits.or(i, wide, result, a, b)) {
          logic(i, wide, X64Op.OR32_RM, X64Op.OR64_RM, X64Op.OR32_MI, X64Op.OR64_MI, result, a, b);
        }
      }
      case IXOR -> xor(i, wide, result, a, b);
      case UMULHI -> {
        if (low.context.has(X64Feature.BMI2)) {
          multiplyHigh(i, wide, result, a, b);
        } else {
          multiplyHigh(pick(wide, X64Op.MUL32, X64Op.MUL64), result, a, b);
        }
      }
      case SMULHI -> multiplyHigh(pick(wide, X64Op.IMUL32_M, X64Op.IMUL64_M), result, a, b);
      default -> divide(op, wide, result, a, b);
    }
  }

  // ---- sums and products

  private void add(int i, boolean wide, int result, int a, int b) {
    Addr tree = SumLowering.address(low, i, ssa.controllingType(i), a, b, 0);
    if (tree != null) {
      out.row(pick(wide, X64Op.LEA32, X64Op.LEA64), tree, 0, result);
      return;
    }
    if (low.isImmediate(b)) {
      addImmediate(wide, result, low.use(a), low.constant(b));
      return;
    }
    X64Op op = pick(wide, X64Op.ADD32_RM, X64Op.ADD64_RM);
    if (low.memory().canFold(b, i, op)) {
      low.twoAddress(op, result, a, b, i);
    } else if (low.memory().canFold(a, i, op)) {
      low.twoAddress(op, result, b, a, i);
    } else {
      int left = low.use(a);
      int right = low.use(b);
      out.add(wide ? MachPseudo.ADD64 : MachPseudo.ADD32, 0);
      out.define(result);
      out.use(left);
      out.use(right);
    }
  }

  private void addImmediate(boolean wide, int result, int source, long imm) {
    out.add(wide ? MachPseudo.ADD64_IMMEDIATE : MachPseudo.ADD32_IMMEDIATE, imm);
    out.define(result);
    out.use(source);
  }

  private void subtract(int i, boolean wide, int result, int a, int b) {
    if (low.isImmediate(b) && low.constant(b) != Integer.MIN_VALUE) {
      addImmediate(wide, result, low.use(a), -low.constant(b));
    } else if (low.isConstant(a) && low.constant(a) == 0) {
      out.row(pick(wide, X64Op.NEG32, X64Op.NEG64), null, 0, result, low.use(b));
    } else {
      low.twoAddress(pick(wide, X64Op.SUB32_RM, X64Op.SUB64_RM), result, a, b, i);
    }
  }

  private void multiply(int i, boolean wide, int result, int a, int b) {
    if (!low.isImmediate(b)) {
      low.twoAddress(pick(wide, X64Op.IMUL32_RM, X64Op.IMUL64_RM), result, a, b, i);
      return;
    }
    if (multiplyByShift(wide, result, a, low.constant(b))) {
      return;
    }
    X64Op op = pick(wide, X64Op.IMUL32_RMI, X64Op.IMUL64_RMI);
    Addr address = low.memory().operand(a, i, op);
    if (address != null) {
      out.row(op, address, low.constant(b), result);
    } else {
      out.row(op, null, low.constant(b), result, low.use(a));
    }
  }

  /// Three, five and nine times a power of two: `lea`, and `shl` if need be, take two cycles where
  /// `imul` takes three.
  private boolean multiplyByShift(boolean wide, int result, int value, long factor) {
    if (factor <= 0) {
      return false;
    }
    int shift = Long.numberOfTrailingZeros(factor);
    long odd = factor >> shift;
    if (odd != 3 && odd != 5 && odd != 9) {
      return false;
    }
    int source = low.use(value);
    int product = shift == 0 ? result : out.newInteger();
    Addr sum = Addr.indexed(source, source, Long.numberOfTrailingZeros(odd - 1), 0);
    out.row(pick(wide, X64Op.LEA32, X64Op.LEA64), sum, 0, product);
    if (shift != 0) {
      out.row(pick(wide, X64Op.SHL32_I, X64Op.SHL64_I), null, shift, result, product);
    }
    return true;
  }

  /// With BMI2 the factor that is a constant, if any, is made in rdx and nothing else moves.
  private void multiplyHigh(int i, boolean wide, int result, int a, int b) {
    X64Op op = pick(wide, X64Op.MULX32, X64Op.MULX64);
    Addr address = low.memory().operand(a, i, op);
    int fixed = low.use(b);
    int unused = out.newInteger();
    if (address != null) {
      out.row(op, address, 0, result, unused);
    } else {
      out.row(op, null, 0, result, unused, low.use(a));
    }
    out.fixedUse(fixed, X64Reg.RDX);
  }

  private void multiplyHigh(X64Op op, int result, int a, int b) {
    int left = low.use(a);
    int right = low.use(b);
    out.row(op, null, 0, right);
    out.fixedUse(left, X64Reg.RAX);
    out.fixedDefinition(out.newInteger(), X64Reg.RAX);
    out.fixedDefinition(result, X64Reg.RDX);
  }

  // ---- integers of 128 bits

  /// Two instructions in a row: the second takes the carry of the first.
  void wideSum(int i, SsaOp op) {
    boolean add = op == SsaOp.ADD128;
    int low64 = low.definition(ssa.result(i, 0));
    int high64 = low.definition(ssa.result(i, 1));
    int[] halves = new int[4];
    for (int k = 0; k < halves.length; k++) {
      halves[k] = low.use(ssa.operand(i, k));
    }
    out.row(add ? X64Op.ADD64_RM : X64Op.SUB64_RM, null, 0, low64, halves[0], halves[2]);
    out.row(add ? X64Op.ADC64_RM : X64Op.SBB64_RM, null, 0, high64, halves[1], halves[3]);
  }

  /// One multiplication with two results.
  void wideProduct(int i, SsaOp op) {
    int low64 = low.definition(ssa.result(i, 0));
    int high64 = low.definition(ssa.result(i, 1));
    boolean mulx = op == SsaOp.MUL_WIDE_U && low.context.has(X64Feature.BMI2);
    X64Op row = mulx ? X64Op.MULX64 : op == SsaOp.MUL_WIDE_U ? X64Op.MUL64 : X64Op.IMUL64_M;
    int free = low.memory().canFold(ssa.operand(i, 0), i, row) ? 0 : 1;
    Addr address = low.memory().operand(ssa.operand(i, free), i, row);
    int fixed = low.use(ssa.operand(i, 1 - free));
    int factor = address == null ? low.use(ssa.operand(i, free)) : SsaFunction.NONE;
    if (mulx) {
      if (address == null) {
        out.row(row, null, 0, high64, low64, factor);
      } else {
        out.row(row, address, 0, high64, low64);
      }
      out.fixedUse(fixed, X64Reg.RDX);
      return;
    }
    if (address == null) {
      out.row(row, null, 0, factor);
    } else {
      out.row(row, address, 0);
    }
    out.fixedUse(fixed, X64Reg.RAX);
    out.fixedDefinition(low64, X64Reg.RAX);
    out.fixedDefinition(high64, X64Reg.RDX);
  }

  private void divide(SsaOp op, boolean wide, int result, int a, int b) {
    boolean signed = op == SsaOp.SDIV || op == SsaOp.SREM;
    boolean remainder = op == SsaOp.SREM || op == SsaOp.UREM;
    boolean constant = low.isConstant(b);
    boolean mayBeZero = !constant || low.constant(b) == 0;
    boolean mayBeMinusOne = signed && (!constant || low.constant(b) == -1);
    int dividend = low.use(a);
    int divisor = low.use(b);
    if (mayBeZero && !low.context.signals()) {
      out.row(pick(wide, X64Op.TEST32_MR, X64Op.TEST64_MR), null, 0, divisor, divisor);
      low.trapIf(MachCond.of(X64Cond.E), TrapKind.INTEGER_DIVIDE_BY_ZERO.ordinal());
    }
    int flags =
        (wide ? DivisionEmitter.WIDE : 0)
            | (signed ? DivisionEmitter.SIGNED : 0)
            | (remainder ? DivisionEmitter.REMAINDER : 0)
            | (mayBeMinusOne ? DivisionEmitter.TEST_MINUS_ONE : 0);
    int instruction = out.add(MachPseudo.DIVIDE, flags);
    if (mayBeZero && low.context.signals()) {
      out.trap[instruction] = (byte) TrapKind.INTEGER_DIVIDE_BY_ZERO.ordinal();
    }
    int unused = out.newInteger();
    out.fixedDefinition(remainder ? unused : result, X64Reg.RAX);
    out.fixedDefinition(remainder ? result : unused, X64Reg.RDX);
    out.fixedUse(dividend, X64Reg.RAX);
    out.operand(divisor, Operand.lateUseRegister());
  }

  // ---- logic

  private void and(int i, boolean wide, int result, int a, int b) {
    if (low.isConstant(b)) {
      long mask = wide ? low.constant(b) : low.constant(b) & 0xFFFF_FFFFL;
      if (mask == 0xFF) {
        out.row(X64Op.MOVZX32_8, null, 0, result, low.use(a));
        return;
      }
      if (mask == 0xFFFF) {
        out.row(X64Op.MOVZX32_16, null, 0, result, low.use(a));
        return;
      }
      if (wide && mask == 0xFFFF_FFFFL) {
        out.row(X64Op.MOV32_RM, null, 0, result, low.use(a));
        return;
      }
      if (wide && mask >>> 32 == 0) {
        out.row(X64Op.AND32_MI, null, (int) mask, result, low.use(a));
        return;
      }
    }
    if (bits.and(i, wide, result, a, b)) {
      return;
    }
    logic(i, wide, X64Op.AND32_RM, X64Op.AND64_RM, X64Op.AND32_MI, X64Op.AND64_MI, result, a, b);
  }

  private void xor(int i, boolean wide, int result, int a, int b) {
    if (low.isConstant(b) && low.constant(b) == -1) {
      out.row(pick(wide, X64Op.NOT32, X64Op.NOT64), null, 0, result, low.use(a));
    } else if (!bits.xor(i, wide, result, a, b)) {
      logic(i, wide, X64Op.XOR32_RM, X64Op.XOR64_RM, X64Op.XOR32_MI, X64Op.XOR64_MI, result, a, b);
    }
  }

  private void logic(
      int i,
      boolean wide,
      X64Op narrowRm,
      X64Op wideRm,
      X64Op narrowMi,
      X64Op wideMi,
      int result,
      int a,
      int b) {
    X64Op op = pick(wide, narrowRm, wideRm);
    if (low.isImmediate(b)) {
      out.row(pick(wide, narrowMi, wideMi), null, low.constant(b), result, low.use(a));
    } else if (!low.memory().canFold(b, i, op) && low.memory().canFold(a, i, op)) {
      low.twoAddress(op, result, b, a, i);
    } else {
      low.twoAddress(op, result, a, b, i);
    }
  }

  // ---- shifts

  void shift(int i, SsaOp op) {
    boolean wide = isWide(i);
    int result = low.definition(ssa.result(i));
    int value = ssa.operand(i, 0);
    int amount = ssa.operand(i, 1);
    if (low.isConstant(amount)) {
      long bits = low.constant(amount) & (wide ? 63 : 31);
      boolean rotate = op == SsaOp.ROTL || op == SsaOp.ROTR;
      if (rotate && low.context.has(X64Feature.BMI2)) {
        long right = op == SsaOp.ROTR ? bits : -bits & (wide ? 63 : 31);
        rotateRight(i, wide, result, value, right);
        return;
      }
      if (op == SsaOp.SHL && bits > 0 && bits <= SumLowering.MOST_SCALE_LOG2) {
        int source = low.use(value);
        out.add(wide ? MachPseudo.SHIFT_LEFT64 : MachPseudo.SHIFT_LEFT32, bits);
        out.define(result);
        out.use(source);
        return;
      }
      out.row(byImmediate(op, wide), null, bits, result, low.use(value));
      return;
    }
    boolean rotate = op == SsaOp.ROTL || op == SsaOp.ROTR;
    if (!rotate && low.context.has(X64Feature.BMI2)) {
      X64Op row =
          switch (op) {
            case SHL -> pick(wide, X64Op.SHLX32, X64Op.SHLX64);
            case SSHR -> pick(wide, X64Op.SARX32, X64Op.SARX64);
            default -> pick(wide, X64Op.SHRX32, X64Op.SHRX64);
          };
      Addr address = low.memory().operand(value, i, row);
      int by = low.use(amount);
      if (address != null) {
        out.row(row, address, 0, result, by);
      } else {
        out.row(row, null, 0, result, low.use(value), by);
      }
      return;
    }
    int by = low.use(amount);
    int source = low.use(value);
    out.row(byRegister(op, wide), null, 0, result, source);
    out.fixedUse(by, X64Reg.RCX);
  }

  private void rotateRight(int i, boolean wide, int result, int value, long bits) {
    X64Op row = pick(wide, X64Op.RORX32, X64Op.RORX64);
    Addr address = low.memory().operand(value, i, row);
    if (address != null) {
      out.row(row, address, bits, result);
    } else {
      int source = low.use(value);
      out.add(wide ? MachPseudo.ROTATE_RIGHT64 : MachPseudo.ROTATE_RIGHT32, bits);
      out.define(result);
      out.use(source);
    }
  }

  private static X64Op byImmediate(SsaOp op, boolean wide) {
    return switch (op) {
      case SHL -> pick(wide, X64Op.SHL32_I, X64Op.SHL64_I);
      case SSHR -> pick(wide, X64Op.SAR32_I, X64Op.SAR64_I);
      case USHR -> pick(wide, X64Op.SHR32_I, X64Op.SHR64_I);
      case ROTL -> pick(wide, X64Op.ROL32_I, X64Op.ROL64_I);
      default -> pick(wide, X64Op.ROR32_I, X64Op.ROR64_I);
    };
  }

  private static X64Op byRegister(SsaOp op, boolean wide) {
    return switch (op) {
      case SHL -> pick(wide, X64Op.SHL32_CL, X64Op.SHL64_CL);
      case SSHR -> pick(wide, X64Op.SAR32_CL, X64Op.SAR64_CL);
      case USHR -> pick(wide, X64Op.SHR32_CL, X64Op.SHR64_CL);
      case ROTL -> pick(wide, X64Op.ROL32_CL, X64Op.ROL64_CL);
      default -> pick(wide, X64Op.ROR32_CL, X64Op.ROR64_CL);
    };
  }

  // ---- bits and extensions

  void unary(int i, SsaOp op) {
    boolean wide = op == SsaOp.SEXTEND || op == SsaOp.UEXTEND || isWide(i);
    int result = low.definition(ssa.result(i));
    int source = ssa.operand(i, 0);
    switch (op) {
      case POPCNT -> low.unaryRow(pick(wide, X64Op.POPCNT32, X64Op.POPCNT64), result, source, i);
      case CLZ -> {
        if (low.context.has(X64Feature.LZCNT)) {
          low.unaryRow(pick(wide, X64Op.LZCNT32, X64Op.LZCNT64), result, source, i);
        } else {
          bitScan(wide ? 64 : 32, result, source);
        }
      }
      case CTZ -> {
        if (low.context.has(X64Feature.BMI1)) {
          low.unaryRow(pick(wide, X64Op.TZCNT32, X64Op.TZCNT64), result, source, i);
        } else {
          bitScan(wide ? -64 : -32, result, source);
        }
      }
      case BSWAP -> reverse(i, wide, result, source);
      case EXTEND8_S ->
          out.row(pick(wide, X64Op.MOVSX32_8, X64Op.MOVSX64_8), null, 0, result, low.use(source));
      case EXTEND16_S ->
          out.row(pick(wide, X64Op.MOVSX32_16, X64Op.MOVSX64_16), null, 0, result, low.use(source));
      case EXTEND32_S -> out.row(X64Op.MOVSXD64_32, null, 0, result, low.use(source));
      case SEXTEND -> low.unaryRow(X64Op.MOVSXD64_32, result, source, i);
      default -> low.unaryRow(X64Op.MOV32_RM, result, source, i);
    }
  }

  private void reverse(int i, boolean wide, int result, int source) {
    X64Op load = pick(wide, X64Op.MOVBE32_RM, X64Op.MOVBE64_RM);
    Addr address = low.context.has(X64Feature.MOVBE) ? low.memory().operand(source, i, load) : null;
    if (address != null) {
      out.row(load, address, 0, result);
    } else {
      out.row(pick(wide, X64Op.BSWAP32, X64Op.BSWAP64), null, 0, result, low.use(source));
    }
  }

  private void bitScan(int bits, int result, int source) {
    int from = low.use(source);
    out.add(MachPseudo.BIT_SCAN, bits);
    out.define(result);
    out.use(from);
    out.operand(out.newInteger(), Operand.defineEarly());
  }
}

package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Reg;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selection of atomic accesses. On x86-64 a plain load is as good as an atomic one, a store has to
/// be an exchange, and everything else is an instruction with the prefix `lock`; only where the old
/// value is wanted of a logical operation it takes a loop around `lock cmpxchg`.
///
/// Rows of each table: 1, 2, 4, 8 bytes.
final class AtomicLowering {
  private static final X64Op[] EXCHANGE = {X64Op.XCHG8, X64Op.XCHG16, X64Op.XCHG32, X64Op.XCHG64};
  private static final X64Op[] FETCH_ADD = {
    X64Op.LOCK_XADD8, X64Op.LOCK_XADD16, X64Op.LOCK_XADD32, X64Op.LOCK_XADD64
  };
  private static final X64Op[] ADD = {
    X64Op.LOCK_ADD8, X64Op.LOCK_ADD16, X64Op.LOCK_ADD32, X64Op.LOCK_ADD64
  };
  private static final X64Op[] AND = {
    X64Op.LOCK_AND8, X64Op.LOCK_AND16, X64Op.LOCK_AND32, X64Op.LOCK_AND64
  };
  private static final X64Op[] OR = {
    X64Op.LOCK_OR8, X64Op.LOCK_OR16, X64Op.LOCK_OR32, X64Op.LOCK_OR64
  };
  private static final X64Op[] XOR = {
    X64Op.LOCK_XOR8, X64Op.LOCK_XOR16, X64Op.LOCK_XOR32, X64Op.LOCK_XOR64
  };
  static final X64Op[] COMPARE_EXCHANGE = {
    X64Op.LOCK_CMPXCHG8, X64Op.LOCK_CMPXCHG16, X64Op.LOCK_CMPXCHG32, X64Op.LOCK_CMPXCHG64
  };

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  AtomicLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
  }

  private int row(int i) {
    return Integer.numberOfTrailingZeros(ssa.access(i).bytes());
  }

  void access(int i, SsaOp op) {
    switch (op) {
      case ATOMIC_LOAD -> low.memory().load(i);
      case ATOMIC_STORE -> {
        Addr address = low.memory().address(i);
        int value = low.use(ssa.operand(i, 1));
        out.row(EXCHANGE[row(i)], address, 0, out.newInteger(), value);
      }
      case ATOMIC_EXCHANGE -> fetch(i, EXCHANGE[row(i)]);
      case ATOMIC_ADD -> {
        if (low.isWanted(ssa.result(i))) {
          fetch(i, FETCH_ADD[row(i)]);
        } else {
          change(i, ADD[row(i)]);
        }
      }
      case ATOMIC_COMPARE_EXCHANGE -> compareExchange(i);
      default -> logical(i, op);
    }
  }

  /// An instruction that leaves the old value in the register of its operand.
  private void fetch(int i, X64Op op) {
    Addr address = low.memory().address(i);
    int value = low.use(ssa.operand(i, 1));
    int result = low.definition(ssa.result(i));
    int old = isNarrow(i) ? out.newInteger() : result;
    out.row(op, address, 0, old, value);
    extend(i, result, old);
  }

  /// An instruction for its effect alone.
  private void change(int i, X64Op op) {
    Addr address = low.memory().address(i);
    int value = low.use(ssa.operand(i, 1));
    out.row(op, address, 0, value);
  }

  private void logical(int i, SsaOp op) {
    if (!low.isWanted(ssa.result(i))) {
      X64Op[] rows =
          switch (op) {
            case ATOMIC_AND -> AND;
            case ATOMIC_OR -> OR;
            case ATOMIC_XOR -> XOR;
            default -> throw new IllegalStateException("not a logical operation: " + op);
          };
      change(i, rows[row(i)]);
      return;
    }
    Addr address = low.memory().address(i);
    int value = low.use(ssa.operand(i, 1));
    int place = out.newInteger();
    out.row(X64Op.LEA64, address.withoutTrap(), 0, place);
    X64Op operation =
        switch (op) {
          case ATOMIC_AND -> X64Op.AND64_RM;
          case ATOMIC_OR -> X64Op.OR64_RM;
          default -> X64Op.XOR64_RM;
        };
    int instruction =
        out.add(MachPseudo.ATOMIC_LOOP, (long) operation.ordinal() << Byte.SIZE | row(i));
    out.trap[instruction] = (byte) address.trap();
    out.fixedDefinition(low.definition(ssa.result(i)), X64Reg.RAX);
    out.operand(out.newInteger(), Operand.defineEarly());
    out.operand(place, Operand.lateUseRegister());
    out.operand(value, Operand.lateUseRegister());
  }

  /// The processor leaves rax as it was where the exchange takes place, whatever is in its upper
  /// half, so that half has to be zero before or cleared afterwards.
  private void compareExchange(int i) {
    Addr address = low.memory().address(i);
    boolean whole = ssa.access(i).bytes() == 4 && ssa.controllingType(i) == SsaType.I32;
    int expected = whole ? low.useExtended(ssa.operand(i, 1)) : low.use(ssa.operand(i, 1));
    int replacement = low.use(ssa.operand(i, 2));
    int result = low.definition(ssa.result(i));
    boolean extend = !whole && ssa.access(i).bytes() < 8;
    int old = extend ? out.newInteger() : result;
    out.row(COMPARE_EXCHANGE[row(i)], address, 0, replacement);
    out.fixedUse(expected, X64Reg.RAX);
    out.fixedDefinition(old, X64Reg.RAX);
    extend(i, result, old);
  }

  /// Whether the old value comes with bits above it that are not its own.
  private boolean isNarrow(int i) {
    return ssa.access(i).bytes() < 4;
  }

  private void extend(int i, int result, int old) {
    if (result != old) {
      X64Op op =
          switch (ssa.access(i).bytes()) {
            case 1 -> X64Op.MOVZX32_8;
            case 2 -> X64Op.MOVZX32_16;
            default -> X64Op.MOV32_RM;
          };
      out.row(op, null, 0, result, old);
    }
  }
}

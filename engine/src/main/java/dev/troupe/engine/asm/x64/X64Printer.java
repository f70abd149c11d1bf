package dev.troupe.engine.asm.x64;

import java.util.Locale;

/** Prints an instruction in the Intel syntax of {@code objdump -d -M intel}, with single spaces. */
public final class X64Printer {
  /** Predicates of CMPSS and its relatives as objdump folds them into the mnemonic. */
  private static final String[] PREDICATES = {
    "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord",
    "eq_uq", "nge", "ngt", "false", "neq_oq", "ge", "gt", "true",
    "eq_os", "lt_oq", "le_oq", "unord_s", "neq_us", "nlt_uq", "nle_uq", "ord_s",
    "eq_us", "nge_uq", "ngt_uq", "false_os", "neq_os", "ge_oq", "gt_oq", "true_us"
  };

  private X64Printer() {}

  /**
   * The instruction's text.
   *
   * @param values the row's values in order; -1 stands for the memory operand
   * @param immediate the immediate, ignored if the row has none
   * @param condition number of the condition, ignored if the row takes none
   * @param target text of a branch target, ignored if the row has none
   */
  public static String text(
      X64Op op, int[] values, Mem mem, long immediate, int condition, String target) {
    StringBuilder out = new StringBuilder(op.mnemonic());
    if (op.hasCondition()) {
      out.append(X64Cond.of(condition).suffix());
    }
    int count = op.operandCount();
    if (isCompare(op) && immediate < (op.mnemonic().charAt(0) == 'v' ? 32 : 8)) {
      // cmpss xmm0,xmm1,0x1 is printed as cmpltss xmm0,xmm1.
      int split = op.mnemonic().length() - 2;
      out.insert(split, PREDICATES[(int) immediate]);
      count--;
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? " " : ",");
      X64Operand operand = op.operand(i);
      switch (operand.place()) {
        case REG, VVVV, OPCODE, IMMEDIATE_REGISTER, RM_REGISTER ->
            out.append(X64Reg.name(values[value++], operand.registerBits()));
        case RM, RM_MEMORY -> {
          int register = values[value++];
          if (register >= 0) {
            out.append(X64Reg.name(register, operand.registerBits()));
          } else {
            out.append(size(operand.memoryBits())).append(address(mem));
          }
        }
        case IMMEDIATE -> out.append(immediate(op, immediate));
        case UNSIGNED_IMMEDIATE -> out.append(shiftOrByte(op, immediate));
        case FIXED -> out.append(X64Reg.name(operand.fixed(), operand.registerBits()));
        case RELATIVE -> out.append(target);
      }
    }
    return out.toString();
  }

  private static boolean isCompare(X64Op op) {
    return switch (op) {
      case CMPSS, CMPSD, CMPPS, CMPPD, VCMPSS, VCMPSD, VCMPPS, VCMPPD -> true;
      default -> false;
    };
  }

  private static String immediate(X64Op op, long value) {
    int bits = op.row().operationBits;
    return hex(bits >= 64 ? value : value & (1L << bits) - 1);
  }

  private static String shiftOrByte(X64Op op, long value) {
    return op.row().encodings[0].immediateIsOne && value == 1 ? "1" : hex(value);
  }

  private static String size(int bits) {
    return switch (bits) {
      case 0 -> "";
      case 8 -> "BYTE PTR ";
      case 16 -> "WORD PTR ";
      case 32 -> "DWORD PTR ";
      case 64 -> "QWORD PTR ";
      case 128 -> "XMMWORD PTR ";
      case 256 -> "YMMWORD PTR ";
      case 512 -> "ZMMWORD PTR ";
      default -> throw new IllegalStateException("memory operand of " + bits + " bits");
    };
  }

  /** An address in brackets, without the size of the access. */
  static String address(Mem mem) {
    if (mem.symbol >= 0) {
      return "[rip+sym" + mem.symbol + signedHex(mem.displacement, false) + "]";
    }
    if (mem.label >= 0) {
      return "[rip+L" + mem.label + "]";
    }
    if (mem.base < 0 && mem.index < 0) {
      return "ds:" + hex(mem.displacement);
    }
    StringBuilder out = new StringBuilder("[");
    if (mem.base >= 0) {
      out.append(X64Reg.name(mem.base, 64));
    }
    if (mem.index >= 0) {
      out.append(mem.base >= 0 ? "+" : "").append(X64Reg.name(mem.index, 64));
      out.append('*').append(mem.scale());
    }
    // objdump shows a displacement exactly when one is encoded.
    boolean forced = mem.base < 0 || (mem.base & 7) == 5;
    return out.append(signedHex(mem.displacement, forced)).append(']').toString();
  }

  private static String signedHex(int value, boolean forced) {
    if (value == 0 && !forced) {
      return "";
    }
    return value < 0 ? "-" + hex(-(long) value) : "+" + hex(value);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value).toLowerCase(Locale.ROOT);
  }
}

package dev.troupe.engine.asm.x64;

/**
 * A memory operand: {@code base + index * 2^scale + displacement}, an absolute 32-bit address, or
 * rip-relative to a label or to an external symbol. Immutable.
 */
public final class Mem {
  /** Stands for "this instruction has no memory operand". */
  public static final Mem NONE = new Mem(-1, -1, 0, 0, -1, -1);

  final int base;
  final int index;
  final int scaleLog2;
  final int displacement;

  /** Label id of a rip-relative operand, or -1. */
  final int label;

  /** Symbol id of a rip-relative operand that the linker step resolves, or -1. */
  final int symbol;

  private Mem(int base, int index, int scaleLog2, int displacement, int label, int symbol) {
    this.base = base;
    this.index = index;
    this.scaleLog2 = scaleLog2;
    this.displacement = displacement;
    this.label = label;
    this.symbol = symbol;
  }

  /** {@code [base + displacement]}. */
  public static Mem base(int base, int displacement) {
    checkGeneral(base);
    return new Mem(base, -1, 0, displacement, -1, -1);
  }

  /** {@code [base + index * scale + displacement]} with scale 1, 2, 4 or 8. */
  public static Mem baseIndex(int base, int index, int scale, int displacement) {
    checkGeneral(base);
    checkIndex(index);
    return new Mem(base, index, scaleLog2(scale), displacement, -1, -1);
  }

  /**
   * {@code [base + index * scale + displacement]}; base and index exchanged where that is shorter:
   * rbp and r13 as base need a displacement.
   */
  public static Mem sum(int base, int index, int scale, int displacement) {
    boolean exchange = scale == 1 && displacement == 0 && (base & 7) == X64Reg.RBP;
    return exchange && (index & 7) != X64Reg.RBP
        ? baseIndex(index, base, scale, displacement)
        : baseIndex(base, index, scale, displacement);
  }

  /** {@code [index * scale + displacement]}; written as a base where that is shorter. */
  public static Mem index(int index, int scale, int displacement) {
    checkIndex(index);
    if (scale == 1) {
      return base(index, displacement);
    }
    if (scale == 2) {
      return baseIndex(index, index, 1, displacement);
    }
    return new Mem(-1, index, scaleLog2(scale), displacement, -1, -1);
  }

  /** The absolute address {@code displacement}, sign-extended. */
  public static Mem absolute(int displacement) {
    return new Mem(-1, -1, 0, displacement, -1, -1);
  }

  /** {@code [rip + label]}: the address of a label of the same {@link Assembler}. */
  public static Mem rip(int label) {
    if (label < 0) {
      throw new IllegalStateException("no such label: " + label);
    }
    return new Mem(-1, -1, 0, 0, label, -1);
  }

  /** {@code [rip + symbol + addend]}: the linker step patches the displacement. */
  public static Mem ripExternal(int symbol, int addend) {
    if (symbol < 0) {
      throw new IllegalStateException("no such symbol: " + symbol);
    }
    return new Mem(-1, -1, 0, addend, -1, symbol);
  }

  /** Whether the address is relative to the instruction pointer. */
  public boolean isRipRelative() {
    return label >= 0 || symbol >= 0;
  }

  /** Base register, or -1. */
  public int base() {
    return base;
  }

  /** Index register, or -1. */
  public int index() {
    return index;
  }

  /** Scale factor: 1, 2, 4 or 8. */
  public int scale() {
    return 1 << scaleLog2;
  }

  /** Signed displacement in bytes. */
  public int displacement() {
    return displacement;
  }

  /** The same address, {@code bytes} further on. */
  public Mem plus(int bytes) {
    if (label >= 0) {
      throw new IllegalStateException("a label operand takes no displacement");
    }
    return new Mem(base, index, scaleLog2, Math.addExact(displacement, bytes), -1, symbol);
  }

  @Override
  public String toString() {
    return X64Printer.address(this);
  }

  private static int scaleLog2(int scale) {
    return switch (scale) {
      case 1 -> 0;
      case 2 -> 1;
      case 4 -> 2;
      case 8 -> 3;
      default -> throw new IllegalStateException("scale is 1, 2, 4 or 8, not " + scale);
    };
  }

  private static void checkGeneral(int register) {
    if (!X64Reg.isGeneral(register)) {
      throw new IllegalStateException("address register is not general: " + register);
    }
  }

  private static void checkIndex(int register) {
    checkGeneral(register);
    if (register == X64Reg.RSP) {
      throw new IllegalStateException("rsp cannot be an index register");
    }
  }
}

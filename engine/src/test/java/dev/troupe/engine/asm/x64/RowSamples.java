package dev.troupe.engine.asm.x64;

import java.util.ArrayList;
import java.util.List;

/**
 * Enumerates instructions of a row: every register class, addressing form and immediate size at
 * least once in every operand position, the other operands at a default, and then all moved at
 * once.
 */
final class RowSamples {
  private static final int[] NUMBERS = {0, 1, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15};
  private static final long[] SIGNED = {
    0,
    1,
    2,
    127,
    128,
    -1,
    -128,
    -129,
    0x7FFF,
    0x1234,
    0x7FFF_FFFF,
    -0x8000_0000L,
    0x1234_5678,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x1234_5678_9ABC_DEF0L,
    0xFFFF_FFFFL,
    0xFFFF,
    0xFF
  };
  private static final long[] UNSIGNED_BYTE = {0, 1, 2, 7, 8, 13, 31, 32, 63, 64, 127, 128, 255};

  /** One instruction: what {@link Assembler#emit} takes. */
  record Sample(int[] values, Mem mem, long immediate, int condition) {}

  private final X64Op op;
  private final List<Sample> samples = new ArrayList<>();

  private RowSamples(X64Op op) {
    this.op = op;
  }

  /** The samples of a row that is not a branch to a label. */
  static List<Sample> of(X64Op op) {
    RowSamples all = new RowSamples(op);
    all.oneOperandAtATime();
    all.allOperandsAtOnce();
    return all.samples;
  }

  static List<Mem> memories() {
    List<Mem> all = new ArrayList<>();
    int[] displacements = {0, 8, -8, 127, 128, -128, -129, 0x12345678, -0x7FFF_FFFF};
    for (int base : NUMBERS) {
      for (int displacement : displacements) {
        all.add(Mem.base(base, displacement));
      }
    }
    int[] scales = {1, 2, 4, 8};
    for (int base : NUMBERS) {
      int index = NUMBERS[(base * 7 + 2) % NUMBERS.length];
      index = index == X64Reg.RSP ? X64Reg.R12 : index;
      for (int scale : scales) {
        all.add(Mem.baseIndex(base, index, scale, displacements[(base + scale) % 9]));
        all.add(Mem.baseIndex(base, index, scale, 0));
      }
      for (int scale : scales) {
        all.add(Mem.index(index, scale, displacements[(base + 2 * scale) % 9]));
      }
    }
    all.add(Mem.absolute(0x1234));
    all.add(Mem.absolute(0));
    return all;
  }

  private void oneOperandAtATime() {
    List<Mem> memories = memories();
    for (int value = 0; value < Math.max(1, op.valueCount()); value++) {
      if (op.valueCount() > 0 && op.valueOperand(value).allowsRegister()) {
        for (int number : NUMBERS) {
          int[] values = defaults();
          values[value] = register(value, number);
          add(values, Mem.NONE, firstImmediate(), number);
        }
      }
    }
    if (op.memoryValue() >= 0) {
      for (Mem mem : memories) {
        add(withMemory(defaults()), mem, firstImmediate(), 3);
      }
    }
    for (long immediate : immediates()) {
      add(defaults(), Mem.NONE, immediate, 0);
      if (op.memoryValue() >= 0) {
        add(withMemory(defaults()), Mem.base(X64Reg.RDX, 16), immediate, 0);
      }
    }
    if (op.hasCondition()) {
      for (int condition = 0; condition < 16; condition++) {
        add(defaults(), Mem.NONE, 0, condition);
      }
    }
    if (samples.isEmpty()) {
      add(defaults(), Mem.NONE, firstImmediate(), 0);
    }
  }

  private void allOperandsAtOnce() {
    List<Mem> memories = memories();
    long[] immediates = immediates();
    for (int round = 0; round < 24; round++) {
      int[] values = new int[4];
      for (int i = 0; i < op.valueCount(); i++) {
        values[i] = register(i, NUMBERS[(round * 5 + i * 3) % NUMBERS.length]);
      }
      long immediate = immediates.length == 0 ? 0 : immediates[round % immediates.length];
      add(values, Mem.NONE, immediate, round % 16);
      if (op.memoryValue() >= 0) {
        add(withMemory(values.clone()), memories.get(round * 11 % memories.size()), immediate, 5);
      }
    }
  }

  private void add(int[] values, Mem mem, long immediate, int condition) {
    int memory = op.memoryValue();
    if (mem == Mem.NONE && memory >= 0 && !op.valueOperand(memory).allowsRegister()) {
      return;
    }
    samples.add(new Sample(values, mem, immediate, condition));
  }

  private int[] defaults() {
    int[] values = new int[4];
    for (int i = 0; i < op.valueCount(); i++) {
      values[i] = register(i, i + 1);
    }
    return values;
  }

  private int[] withMemory(int[] values) {
    values[op.memoryValue()] = -1;
    return values;
  }

  private int register(int value, int number) {
    return op.valueOperand(value).vector() ? number + X64Reg.XMM0 : number;
  }

  private long firstImmediate() {
    long[] all = immediates();
    return all.length == 0 ? 0 : all[Math.min(3, all.length - 1)];
  }

  private long[] immediates() {
    if (!op.hasImmediate()) {
      return new long[0];
    }
    X64Operand operand = op.operand(op.row().immediateOperand);
    if (operand.place() == X64Operand.Place.UNSIGNED_IMMEDIATE) {
      return UNSIGNED_BYTE;
    }
    int bits = Math.min(operand.memoryBits(), op.row().operationBits);
    boolean unsignedToo = bits == op.row().operationBits && bits < 64;
    List<Long> fitting = new ArrayList<>();
    for (long value : SIGNED) {
      long low = -(1L << bits - 1);
      long high = unsignedToo ? (1L << bits) - 1 : bits == 64 ? Long.MAX_VALUE : -low - 1;
      if (value >= low && value <= high) {
        fitting.add(value);
      }
    }
    return fitting.stream().mapToLong(Long::longValue).toArray();
  }
}

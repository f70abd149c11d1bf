package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * The function as flat arrays, read once from the client: so that the hot loops touch only arrays,
 * and that the rules that are cheap to check are checked in one place.
 */
final class Input {
  /** An entry that must find its value in a register. */
  static final int NEEDS_REGISTER = 1;

  /** The entry is the definition. */
  static final int DEFINITION = 2;

  /** The entry reads at the gap (copied to a fixed or reused register, or spilled there). */
  static final int READS_GAP = 4;

  /** The entry extends to the end of its instruction. */
  static final int TO_END = 8;

  /** The entry reads the spill slot, whatever else holds the value. */
  static final int NEEDS_SLOT = 16;

  /** Shift of (physical register + 1) of a fixed operand: the place the value would best be. */
  static final int HINT_SHIFT = 8;

  final RegallocFunction function;
  final MachineEnv env;
  final int blockCount;
  final int instructionCount;
  final int vregCount;

  /** First instruction per block, one more at the end. */
  final int[] blockFirst;

  final int[] blockOf;
  final float[] frequency;
  final int[] operandFirst;
  final int[] operandVreg;
  final int[] operandDescriptor;

  /** 0 integer, 1 vector. */
  final byte[] vregClass;

  final boolean[] rematerializable;

  /** Point from which the virtual register holds its value, or -1 when it has no definition. */
  final int[] definitionPoint;

  final int[] definitionBlock;

  /** Operand that defines the virtual register, or -1 (block parameter or none). */
  final int[] definitionOperand;

  /** Entries of vreg v are entryFirst[v] to entryFirst[v + 1], in order of instructions. */
  final int[] entryFirst;

  final int[] entryPoint;
  final int[] entryFlags;

  /** Per operand: the reuse definition operand whose register this use is read from, or -1. */
  final int[] aliasOf;

  Input(RegallocFunction function, MachineEnv env) {
    this.function = function;
    this.env = env;
    blockCount = function.blockCount();
    vregCount = function.vregCount();
    blockFirst = new int[blockCount + 1];
    frequency = new float[blockCount];
    for (int block = 0; block < blockCount; block++) {
      blockFirst[block] = function.firstInstruction(block);
      frequency[block] = Math.max(1e-9f, function.frequency(block));
    }
    instructionCount = function.firstInstruction(blockCount);
    blockFirst[blockCount] = instructionCount;
    if (instructionCount > Integer.MAX_VALUE / 8) {
      throw new IllegalArgumentException("too many instructions: " + instructionCount);
    }
    blockOf = new int[instructionCount];
    operandFirst = new int[instructionCount + 1];
    fillInstructions();
    int operands = operandFirst[instructionCount];
    operandVreg = new int[operands];
    operandDescriptor = new int[operands];
    aliasOf = new int[operands];
    vregClass = new byte[vregCount];
    rematerializable = new boolean[vregCount];
    fillVregs();
    definitionPoint = new int[vregCount];
    definitionBlock = new int[vregCount];
    definitionOperand = new int[vregCount];
    Arrays.fill(definitionPoint, -1);
    Arrays.fill(definitionOperand, -1);
    entryFirst = new int[vregCount + 2];
    checkShape();
    fillOperands();
    entryPoint = new int[entryFirst[vregCount]];
    entryFlags = new int[entryFirst[vregCount]];
    fillEntries();
  }

  private void fillInstructions() {
    for (int block = 0; block < blockCount; block++) {
      if (blockFirst[block + 1] <= blockFirst[block]) {
        throw new IllegalArgumentException("block " + block + " has no instruction");
      }
      Arrays.fill(blockOf, blockFirst[block], blockFirst[block + 1], block);
    }
    for (int i = 0; i <= instructionCount; i++) {
      operandFirst[i] = function.firstOperand(i);
    }
  }

  private void fillVregs() {
    for (int v = 0; v < vregCount; v++) {
      vregClass[v] = (byte) function.registerClass(v).ordinal();
      rematerializable[v] = function.isRematerializable(v);
    }
  }

  private void checkShape() {
    if (function.predecessorCount(0) != 0 || function.parameterCount(0) != 0) {
      throw new IllegalArgumentException("block 0 has predecessors or parameters");
    }
    for (int block = 0; block < blockCount; block++) {
      int successors = function.successorCount(block);
      if (successors == 1) {
        int terminator = terminator(block);
        if (operandFirst[terminator] != operandFirst[terminator + 1]
            || function.clobbers(terminator) != 0) {
          throw new IllegalArgumentException(
              "terminator " + terminator + " of single-successor block has operands or clobbers");
        }
        continue;
      }
      for (int s = 0; s < successors; s++) {
        int successor = function.successor(block, s);
        if (function.predecessorCount(successor) != 1 || !arrive(successor, terminator(block))) {
          throw new IllegalArgumentException(
              "critical edge or parameters on an edge " + block + " to " + successor);
        }
      }
    }
  }

  /** Whether all parameters of a block are left in registers by the terminator before it. */
  private boolean arrive(int block, int before) {
    boolean arrive = true;
    for (int p = 0; p < function.parameterCount(block); p++) {
      int register = function.arrival(block, p);
      arrive &= register >= 0 && (function.clobbers(before) >> register & 1) != 0;
    }
    return arrive;
  }

  /** First pass: definitions, aliases, entry counts (entryFirst becomes prefix sums). */
  private void fillOperands() {
    Arrays.fill(aliasOf, -1);
    for (int block = 0; block < blockCount; block++) {
      for (int p = 0; p < function.parameterCount(block); p++) {
        int v = function.parameter(block, p);
        define(v, Points.gap(blockFirst[block]), block, -1);
        rematerializable[v] = false;
        entryFirst[v + 1]++;
      }
      if (function.successorCount(block) == 1) {
        int parameters = function.parameterCount(function.successor(block, 0));
        for (int a = 0; a < parameters; a++) {
          entryFirst[function.branchArgument(block, a) + 1]++;
        }
      }
    }
    for (int i = 0; i < instructionCount; i++) {
      for (int o = operandFirst[i]; o < operandFirst[i + 1]; o++) {
        int v = function.operandVreg(o);
        int descriptor = function.operandDescriptor(o);
        operandVreg[o] = v;
        operandDescriptor[o] = descriptor;
        entryFirst[v + 1]++;
        if (Operand.isDefinition(descriptor)) {
          define(v, definitionPointOf(i, descriptor), blockOf[i], o);
          rematerializable[v] &= descriptor == Operand.defineRegister();
        } else if (Operand.constraint(descriptor) == Operand.STACK) {
          rematerializable[v] = false;
        }
      }
      resolveAliases(i);
    }
    for (int v = 0; v < vregCount; v++) {
      entryFirst[v + 1] += entryFirst[v];
    }
  }

  private static int definitionPointOf(int instruction, int descriptor) {
    int constraint = Operand.constraint(descriptor);
    if (constraint == Operand.FIXED) {
      return Points.gap(instruction + 1);
    }
    return constraint == Operand.REUSE || !Operand.isLate(descriptor)
        ? Points.early(instruction)
        : Points.late(instruction);
  }

  private void define(int vreg, int point, int block, int operand) {
    if (definitionPoint[vreg] >= 0) {
      throw new IllegalArgumentException("virtual register " + vreg + " is defined twice");
    }
    definitionPoint[vreg] = point;
    definitionBlock[vreg] = block;
    definitionOperand[vreg] = operand;
  }

  /** A reused use, and other early uses of the same value, are read from the result's register. */
  private void resolveAliases(int instruction) {
    for (int o = operandFirst[instruction]; o < operandFirst[instruction + 1]; o++) {
      int descriptor = operandDescriptor[o];
      if (Operand.constraint(descriptor) != Operand.REUSE) {
        continue;
      }
      int reused = operandFirst[instruction] + Operand.argument(descriptor);
      if (!Operand.isDefinition(descriptor)
          || reused >= operandFirst[instruction + 1]
          || !isPlainEarlyUse(operandDescriptor[reused])
          || aliasOf[reused] >= 0
          || vregClass[operandVreg[reused]] != vregClass[operandVreg[o]]) {
        throw new IllegalArgumentException(
            "instruction "
                + instruction
                + " reuses operand "
                + Operand.argument(descriptor)
                + ", which is not an early register use of the same class, or twice");
      }
      aliasOf[reused] = o;
      for (int other = operandFirst[instruction]; other < operandFirst[instruction + 1]; other++) {
        if (aliasOf[other] < 0
            && operandVreg[other] == operandVreg[reused]
            && isPlainEarlyUse(operandDescriptor[other])
            && !isReused(instruction, other)) {
          aliasOf[other] = o;
        }
      }
    }
  }

  private boolean isReused(int instruction, int use) {
    for (int o = operandFirst[instruction]; o < operandFirst[instruction + 1]; o++) {
      if (Operand.constraint(operandDescriptor[o]) == Operand.REUSE
          && operandFirst[instruction] + Operand.argument(operandDescriptor[o]) == use) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlainEarlyUse(int descriptor) {
    int constraint = Operand.constraint(descriptor);
    return !Operand.isDefinition(descriptor)
        && !Operand.isLate(descriptor)
        && (constraint == Operand.ANY || constraint == Operand.REGISTER);
  }

  private void fillEntries() {
    int[] cursor = new int[vregCount];
    System.arraycopy(entryFirst, 0, cursor, 0, vregCount);
    for (int block = 0; block < blockCount; block++) {
      for (int p = 0; p < function.parameterCount(block); p++) {
        addEntry(
            cursor,
            function.parameter(block, p),
            Points.gap(blockFirst[block]),
            DEFINITION | READS_GAP | (function.arrival(block, p) + 1) << HINT_SHIFT);
      }
      for (int i = blockFirst[block]; i < blockFirst[block + 1]; i++) {
        fillInstructionEntries(cursor, i);
      }
      if (function.successorCount(block) == 1) {
        int parameters = function.parameterCount(function.successor(block, 0));
        for (int a = 0; a < parameters; a++) {
          int point = Points.gap(terminator(block)) + 3;
          addEntry(cursor, function.branchArgument(block, a), point, TO_END);
        }
      }
    }
  }

  private void fillInstructionEntries(int[] cursor, int instruction) {
    for (int o = operandFirst[instruction]; o < operandFirst[instruction + 1]; o++) {
      int v = operandVreg[o];
      int descriptor = operandDescriptor[o];
      int constraint = Operand.constraint(descriptor);
      int flags = Operand.isDefinition(descriptor) ? DEFINITION : 0;
      int hint = constraint == Operand.FIXED ? Operand.argument(descriptor) + 1 << HINT_SHIFT : 0;
      int point;
      if (Operand.isDefinition(descriptor)) {
        point = definitionPoint[v];
        flags |= constraint == Operand.FIXED ? READS_GAP : TO_END;
        flags |= constraint == Operand.REGISTER || constraint == Operand.REUSE ? NEEDS_REGISTER : 0;
      } else if (constraint == Operand.FIXED || aliasOf[o] >= 0) {
        point = Points.gap(instruction);
        flags |= READS_GAP;
      } else {
        point = Operand.isLate(descriptor) ? Points.late(instruction) : Points.early(instruction);
        flags |= Operand.isLate(descriptor) ? TO_END : 0;
        flags |= constraint == Operand.REGISTER ? NEEDS_REGISTER : 0;
        flags |= constraint == Operand.STACK ? NEEDS_SLOT : 0;
        flags |= constraint == Operand.ANY && rematerializable[v] ? NEEDS_REGISTER : 0;
      }
      addEntry(cursor, v, point, flags | hint);
    }
  }

  private void addEntry(int[] cursor, int vreg, int point, int flags) {
    int entry = cursor[vreg]++;
    entryPoint[entry] = point;
    entryFlags[entry] = flags;
  }

  int terminator(int block) {
    return blockFirst[block + 1] - 1;
  }

  int blockStart(int block) {
    return Points.gap(blockFirst[block]);
  }

  int blockEnd(int block) {
    return Points.gap(blockFirst[block + 1]);
  }

  int blockAt(int point) {
    return blockOf[Points.instruction(point)];
  }

  /** The end of the range that {@code entry} needs. */
  int entryEnd(int entry) {
    int point = entryPoint[entry];
    int flags = entryFlags[entry];
    if ((flags & TO_END) != 0) {
      return (point | 3) + 1;
    }
    return (flags & READS_GAP) != 0 ? point + 1 : (point & ~3) + Points.LATE;
  }

  RegisterClass classOf(int vreg) {
    return vregClass[vreg] == 0 ? RegisterClass.INTEGER : RegisterClass.VECTOR;
  }
}

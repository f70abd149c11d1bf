package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.regalloc.RegallocFunction;
import dev.troupe.engine.regalloc.RegisterClass;
import dev.troupe.engine.ssa.Handler;
import java.util.Arrays;
import java.util.List;

/// A function in machine instructions over virtual registers: struct of arrays, final order.
///
/// The operation of an instruction is the ordinal of a row of [X64Op], or [#PSEUDO] + the ordinal
/// of a [MachPseudo]. Its operands are: the values of the row without the memory operand (one that
/// is read and written: result, source), base and index of the memory operand, fixed registers.
final class MachFunction implements RegallocFunction {
  /// Operations from here on are pseudo instructions.
  static final int PSEUDO = 1 << 14;

  private final int[] opcode;
  private final int[] firstOperand;
  private final int[] memory;
  private final int[] displacement;
  private final long[] immediate;
  private final long[] clobbers;
  private final byte[] trap;
  private final int[] wasmOffset;
  private final int[] operandVreg;
  private final int[] operandDescriptor;
  private final int[] firstInstruction;
  private final List<MachBuilder.MachBlock> blocks;
  private final int[][] predecessors;
  private final byte[] vregFlags;
  private final int[] rematerializedBy;
  final LiteralPool literals;
  final int outgoingBytes;
  final boolean hasCalls;
  final boolean changesInstance;

  /// Takes the blocks of the builder in their final order.
  ///
  /// @param layout ids of the builder's blocks; those not listed are unreachable
  MachFunction(MachBuilder builder, int[] layout) {
    int[] position = new int[builder.blocks.size()];
    Arrays.fill(position, -1);
    blocks = new java.util.ArrayList<>(layout.length);
    int count = 0;
    int operands = 0;
    for (int i = 0; i < layout.length; i++) {
      position[layout[i]] = i;
      MachBuilder.MachBlock block = builder.blocks.get(layout[i]);
      blocks.add(block);
      count += block.order.length;
      for (int instruction : block.order) {
        operands += operandEnd(builder, instruction) - builder.operandStart[instruction];
      }
    }
    opcode = new int[count];
    firstOperand = new int[count + 1];
    memory = new int[count];
    displacement = new int[count];
    immediate = new long[count];
    clobbers = new long[count];
    trap = new byte[count];
    wasmOffset = new int[count];
    operandVreg = new int[operands];
    operandDescriptor = new int[operands];
    firstInstruction = new int[layout.length + 1];
    vregFlags = Arrays.copyOf(builder.vregFlags, builder.vregCount);
    rematerializedBy = new int[builder.vregCount];
    literals = builder.literals;
    outgoingBytes = builder.outgoingBytes;
    hasCalls = builder.hasCalls;
    changesInstance = builder.changesInstance;
    int at = 0;
    for (int b = 0; b < layout.length; b++) {
      firstInstruction[b] = at;
      for (int instruction : blocks.get(b).order) {
        copy(builder, instruction, at++);
      }
    }
    firstInstruction[layout.length] = at;
    predecessors = link(position);
  }

  private static int operandEnd(MachBuilder builder, int instruction) {
    return instruction + 1 < builder.count
        ? builder.operandStart[instruction + 1]
        : builder.operandVreg.size();
  }

  private void copy(MachBuilder builder, int from, int to) {
    opcode[to] = builder.opcode[from];
    memory[to] = builder.memory[from];
    displacement[to] = builder.displacement[from];
    immediate[to] = builder.immediate[from];
    clobbers[to] = builder.clobbers[from];
    trap[to] = builder.trap[from];
    wasmOffset[to] = builder.wasmOffset[from];
    int next = firstOperand[to];
    for (int i = builder.operandStart[from]; i < operandEnd(builder, from); i++) {
      int vreg = builder.operandVreg.get(i);
      operandVreg[next] = vreg;
      operandDescriptor[next] = builder.operandDescriptor.get(i);
      if (isRematerializable(vreg) && Operand.isDefinition(operandDescriptor[next])) {
        rematerializedBy[vreg] = to;
      }
      next++;
    }
    firstOperand[to + 1] = next;
  }

  /// Turns block ids of the builder into positions and finds predecessors.
  private int[][] link(int[] position) {
    IntList[] lists = new IntList[blocks.size()];
    for (int b = 0; b < lists.length; b++) {
      lists[b] = new IntList(4);
    }
    for (int b = 0; b < lists.length; b++) {
      int[] successors = blocks.get(b).successors;
      for (int i = 0; i < successors.length; i++) {
        successors[i] = position[successors[i]];
        lists[successors[i]].add(b);
      }
    }
    int[][] result = new int[lists.length][];
    for (int b = 0; b < lists.length; b++) {
      result[b] = lists[b].toArray();
    }
    return result;
  }

  // ---- instructions, for the emitter and the printer

  boolean isPseudo(int instruction) {
    return opcode[instruction] >= PSEUDO;
  }

  /// For a jump table: for every index the position of its successor.
  int[] table(int block) {
    return blocks.get(block).table;
  }

  MachPseudo pseudo(int instruction) {
    return MachPseudo.of(opcode[instruction] - PSEUDO);
  }

  X64Op op(int instruction) {
    return X64Op.of(opcode[instruction]);
  }

  int memory(int instruction) {
    return memory[instruction];
  }

  int displacement(int instruction) {
    return displacement[instruction];
  }

  long immediate(int instruction) {
    return immediate[instruction];
  }

  /// Ordinal of the kind of trap that the instruction may raise, or -1.
  int trap(int instruction) {
    return trap[instruction];
  }

  /// Byte offset of the WebAssembly instruction that this stems from, or -1.
  int wasmOffset(int instruction) {
    return wasmOffset[instruction];
  }

  /// The instruction to emit again for a rematerialized register.
  int rematerializedBy(int vreg) {
    return rematerializedBy[vreg];
  }

  /// Whether copies of a register may clear its upper half.
  boolean isNarrow(int vreg) {
    return (vregFlags[vreg] & MachBuilder.FLAG_NARROW) != 0;
  }

  boolean isWide(int vreg) {
    return (vregFlags[vreg] & MachBuilder.FLAG_WIDE) != 0;
  }

  /// Whether the block lies in the region of calls: all of those that a prologue in front of them
  /// is for.
  boolean inCallRegion(int block) {
    return blocks.get(block).inCallRegion;
  }

  boolean startsCallRegion(int block) {
    return blocks.get(block).startsCallRegion;
  }

  /// Whether the block is expected next to never to run.
  boolean isCold(int block) {
    return blocks.get(block).cold;
  }

  // ---- what the allocator asks

  @Override
  public int blockCount() {
    return blocks.size();
  }

  @Override
  public int firstInstruction(int block) {
    return firstInstruction[block];
  }

  @Override
  public int successorCount(int block) {
    return blocks.get(block).successors.length;
  }

  @Override
  public int successor(int block, int index) {
    return blocks.get(block).successors[index];
  }

  @Override
  public int predecessorCount(int block) {
    return predecessors[block].length;
  }

  @Override
  public int predecessor(int block, int index) {
    return predecessors[block][index];
  }

  @Override
  public int parameterCount(int block) {
    return blocks.get(block).parameters.length;
  }

  @Override
  public int parameter(int block, int index) {
    return blocks.get(block).parameters[index];
  }

  @Override
  public int arrival(int block, int index) {
    int[] arrivals = blocks.get(block).arrivals;
    return index < arrivals.length ? arrivals[index] : -1;
  }

  /// The exception handlers of the call or throw that ends a block; successor i + 1 is handler i.
  List<Handler> handlers(int block) {
    return blocks.get(block).handlers;
  }

  @Override
  public int branchArgument(int block, int index) {
    return blocks.get(block).arguments[index];
  }

  /// Number of arguments that the block passes to its only successor.
  int argumentCount(int block) {
    return blocks.get(block).arguments.length;
  }

  @Override
  public float frequency(int block) {
    return blocks.get(block).frequency;
  }

  @Override
  public int vregCount() {
    return vregFlags.length;
  }

  @Override
  public RegisterClass registerClass(int vreg) {
    return (vregFlags[vreg] & MachBuilder.FLAG_VECTOR) != 0
        ? RegisterClass.VECTOR
        : RegisterClass.INTEGER;
  }

  @Override
  public int spillBytes(int vreg) {
    return isWide(vreg) ? 16 : 8;
  }

  @Override
  public boolean isReference(int vreg) {
    return (vregFlags[vreg] & MachBuilder.FLAG_REFERENCE) != 0;
  }

  /// Calls, but for those that keep all registers: those count as being preempted.
  @Override
  public boolean isSafepoint(int instruction) {
    return isPseudo(instruction)
        && pseudo(instruction).isCall()
        && clobbers[instruction] != 1L << Registers.SCRATCH;
  }

  @Override
  public boolean isRematerializable(int vreg) {
    return (vregFlags[vreg] & MachBuilder.FLAG_REMATERIALIZABLE) != 0;
  }

  @Override
  public int firstOperand(int instruction) {
    return firstOperand[instruction];
  }

  @Override
  public int operandVreg(int operand) {
    return operandVreg[operand];
  }

  @Override
  public int operandDescriptor(int operand) {
    return operandDescriptor[operand];
  }

  @Override
  public long clobbers(int instruction) {
    return clobbers[instruction];
  }

  @Override
  public boolean isMove(int instruction) {
    int code = opcode[instruction];
    return memory[instruction] == Addr.NONE
        && (code == X64Op.MOV64_RM.ordinal() || code == X64Op.MOVAPS_RM.ordinal());
  }

  @Override
  public String toString() {
    return MachPrinter.print(this);
  }
}

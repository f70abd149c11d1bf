package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Operand;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.regalloc.RegisterClass;
import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.ssa.SsaFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the machine instructions of a function.
///
/// Selection walks a block backwards, but writes the instructions for one SSA instruction forwards:
/// it closes each such run with [#endChunk()], and [#endBlock(int)] puts the chunks of the block
/// into program order.
final class MachBuilder {
  int count;
  int[] opcode;
  int[] operandStart;
  int[] memory;
  int[] displacement;
  long[] immediate;
  long[] clobbers;
  byte[] trap;
  int[] wasmOffset;

  final IntList operandVreg;
  final IntList operandDescriptor;

  int vregCount;
  byte[] vregFlags;
  static final int FLAG_VECTOR = 1;
  static final int FLAG_WIDE = 2;
  static final int FLAG_REMATERIALIZABLE = 4;

  /// Of the register, 32 bits are what counts: the upper half is zero or of no meaning.
  static final int FLAG_NARROW = 8;

  /// See [dev.troupe.engine.regalloc.RegallocFunction#isReference].
  static final int FLAG_REFERENCE = 16;

  final List<MachBlock> blocks = new ArrayList<>();
  final LiteralPool literals = new LiteralPool();
  int outgoingBytes;
  boolean hasCalls;
  boolean changesInstance;

  /// Of the SSA instruction being selected; every instruction added takes it.
  int currentWasmOffset = -1;

  private int chunkStart;
  private final IntList chunks = new IntList();

  /// One block of machine code, its edges and what the allocator wants to know.
  static final class MachBlock {
    int[] order = {};
    int[] parameters = {};

    /// Of a block behind a call that ends its block: the registers that the parameters arrive in.
    int[] arrivals = {};

    /// Of a block that ends with a call or a throw: successor i + 1 is handler i.
    List<Handler> handlers = List.of();

    int[] arguments = {};
    int[] successors = {};

    /// For a jump table: for every index the position of its successor.
    int[] table = {};

    float frequency = 1;
    boolean cold;

    /// See [CallRegion].
    boolean inCallRegion;

    boolean startsCallRegion;
  }

  /// A builder with room for about so many instructions.
  MachBuilder(int instructions) {
    int size = Math.max(16, instructions);
    opcode = new int[size];
    operandStart = new int[size];
    memory = new int[size];
    displacement = new int[size];
    immediate = new long[size];
    clobbers = new long[size];
    trap = new byte[size];
    wasmOffset = new int[size];
    operandVreg = new IntList(2 * size);
    operandDescriptor = new IntList(2 * size);
    vregFlags = new byte[size];
  }

  int newBlock() {
    blocks.add(new MachBlock());
    return blocks.size() - 1;
  }

  // ---- virtual registers

  int newInteger() {
    return newVreg(0);
  }

  /// A register of which the lower half counts; copies may clear the upper half.
  int newNarrow() {
    return newVreg(FLAG_NARROW);
  }

  /// A register that holds a reference, which the collector may change at every call.
  int newReference() {
    return newVreg(FLAG_REFERENCE);
  }

  int newVector() {
    return newVreg(FLAG_VECTOR);
  }

  int newWideVector() {
    return newVreg(FLAG_VECTOR | FLAG_WIDE);
  }

  private int newVreg(int flags) {
    if (vregCount == vregFlags.length) {
      vregFlags = Arrays.copyOf(vregFlags, vregCount * 2);
    }
    vregFlags[vregCount] = (byte) flags;
    return vregCount++;
  }

  /// Lets the allocator emit the definition again instead of keeping the value.
  int rematerializable(int vreg) {
    vregFlags[vreg] |= FLAG_REMATERIALIZABLE;
    return vreg;
  }

  RegisterClass classOf(int vreg) {
    return (vregFlags[vreg] & FLAG_VECTOR) != 0 ? RegisterClass.VECTOR : RegisterClass.INTEGER;
  }

  // ---- instructions

  /// Starts an instruction; operands follow.
  int add(int code) {
    if (count == opcode.length) {
      grow(count * 2);
    }
    int instruction = count++;
    opcode[instruction] = code;
    operandStart[instruction] = operandVreg.size();
    memory[instruction] = Addr.NONE;
    displacement[instruction] = 0;
    immediate[instruction] = 0;
    clobbers[instruction] = 0;
    trap[instruction] = -1;
    wasmOffset[instruction] = currentWasmOffset;
    return instruction;
  }

  int add(MachPseudo pseudo, long imm) {
    int instruction = add(MachFunction.PSEUDO + pseudo.ordinal());
    immediate[instruction] = imm;
    return instruction;
  }

  private void grow(int size) {
    opcode = Arrays.copyOf(opcode, size);
    operandStart = Arrays.copyOf(operandStart, size);
    memory = Arrays.copyOf(memory, size);
    displacement = Arrays.copyOf(displacement, size);
    immediate = Arrays.copyOf(immediate, size);
    clobbers = Arrays.copyOf(clobbers, size);
    trap = Arrays.copyOf(trap, size);
    wasmOffset = Arrays.copyOf(wasmOffset, size);
  }

  /// Adds an operand to the instruction added last.
  void operand(int vreg, int descriptor) {
    if (vreg < 0 || vreg >= vregCount) {
      throw new IllegalStateException("operand is no virtual register: " + vreg);
    }
    operandVreg.add(vreg);
    operandDescriptor.add(descriptor);
  }

  void use(int vreg) {
    operand(vreg, Operand.useRegister());
  }

  void define(int vreg) {
    operand(vreg, Operand.defineRegister());
  }

  private void setMemory(int instruction, Addr address) {
    memory[instruction] = address.packed();
    displacement[instruction] = address.displacement();
    if (address.trap() >= 0) {
      trap[instruction] = (byte) address.trap();
    }
    if (address.wasmOffset() != SsaFunction.NO_OFFSET) {
      wasmOffset[instruction] = address.wasmOffset();
    }
    if (address.kind() == Addr.VALUE) {
      use(address.base());
    }
    if (address.index() >= 0) {
      use(address.index());
    }
  }

  /// Adds a row of the instruction table.
  ///
  /// @param address the memory operand, or null if all values are registers
  /// @param vregs the values in the row's order without the memory operand; one that is read and
  ///   written takes two: result, then source
  int row(X64Op op, @Nullable Addr address, long imm, int... vregs) {
    int instruction = add(op.ordinal());
    immediate[instruction] = imm;
    int next = 0;
    int memoryValue = op.memoryValue();
    for (int value = 0; value < op.valueCount(); value++) {
      if (value == memoryValue && address != null) {
        continue;
      }
      X64Operand operand = op.valueOperand(value);
      switch (operand.access()) {
        case READ -> operand(vregs[next++], readDescriptor(operand, value == memoryValue));
        case WRITE -> define(vregs[next++]);
        case READ_WRITE -> {
          int index = operandVreg.size() - operandStart[instruction];
          operand(vregs[next++], Operand.defineReuse(index + 1));
          use(vregs[next++]);
        }
      }
    }
    if (next != vregs.length) {
      throw new IllegalStateException(op + " takes " + next + " registers, not " + vregs.length);
    }
    if (address != null) {
      setMemory(instruction, address);
    }
    return instruction;
  }

  /// A source that may be memory may be a spill slot, unless the row would read more than a slot.
  private static int readDescriptor(X64Operand operand, boolean mayBeMemory) {
    return mayBeMemory && operand.memoryBits() > 0 && operand.memoryBits() <= 64
        ? Operand.useAny()
        : Operand.useRegister();
  }

  /// Adds a fixed use or definition to the instruction added last.
  void fixedUse(int vreg, int register) {
    operand(vreg, Operand.useFixed(register));
  }

  void fixedDefinition(int vreg, int register) {
    operand(vreg, Operand.defineFixed(register));
  }

  // ---- order

  /// Ends the run of instructions for one SSA instruction.
  void endChunk() {
    if (count > chunkStart) {
      chunks.add(chunkStart);
      chunks.add(count);
      chunkStart = count;
    }
  }

  /// Whether the open chunk has no instruction yet.
  boolean isChunkEmpty() {
    return count == chunkStart;
  }

  /// Ends a block whose chunks were added last to first.
  void endBlock(int block) {
    endChunk();
    int length = 0;
    for (int i = 0; i < chunks.size(); i += 2) {
      length += chunks.get(i + 1) - chunks.get(i);
    }
    int[] order = new int[length];
    int at = 0;
    for (int i = chunks.size() - 2; i >= 0; i -= 2) {
      for (int instruction = chunks.get(i); instruction < chunks.get(i + 1); instruction++) {
        order[at++] = instruction;
      }
    }
    chunks.clear();
    blocks.get(block).order = order;
  }
}

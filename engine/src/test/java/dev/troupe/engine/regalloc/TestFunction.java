package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.ArrayList;
import java.util.List;

/** A function for the allocator, assembled block by block in layout order. */
final class TestFunction implements RegallocFunction {
  private final IntList blockFirst = new IntList();
  private final List<int[]> successors = new ArrayList<>();
  private final List<IntList> predecessors = new ArrayList<>();
  private final List<int[]> parameters = new ArrayList<>();
  private final List<int[]> arguments = new ArrayList<>();
  private final List<Float> frequencies = new ArrayList<>();
  private final IntList operandFirst = new IntList();
  private final IntList operandVreg = new IntList();
  private final IntList operandDescriptor = new IntList();
  private boolean references;
  private final List<Long> clobbers = new ArrayList<>();
  private final List<Boolean> moves = new ArrayList<>();
  private final List<RegisterClass> classes = new ArrayList<>();
  private final IntList bytes = new IntList();
  private final List<Boolean> remat = new ArrayList<>();

  int vreg(RegisterClass registerClass, int spillBytes, boolean rematerializable) {
    classes.add(registerClass);
    bytes.add(spillBytes);
    remat.add(rematerializable);
    return classes.size() - 1;
  }

  int integer() {
    return vreg(RegisterClass.INTEGER, 8, false);
  }

  /** Starts the next block; its last instruction before the next start is its terminator. */
  void block(float frequency, int[] blockParameters, int[] blockSuccessors, int[] branchArguments) {
    blockFirst.add(clobbers.size());
    frequencies.add(frequency);
    parameters.add(blockParameters);
    successors.add(blockSuccessors);
    arguments.add(branchArguments);
  }

  /** Adds an instruction of (vreg, descriptor) pairs. */
  int instruction(long clobberMask, boolean move, int... pairs) {
    operandFirst.add(operandVreg.size());
    clobbers.add(clobberMask);
    moves.add(move);
    for (int k = 0; k < pairs.length; k += 2) {
      operandVreg.add(pairs[k]);
      operandDescriptor.add(pairs[k + 1]);
    }
    return clobbers.size() - 1;
  }

  int op(int... pairs) {
    return instruction(0, false, pairs);
  }

  TestFunction finish() {
    blockFirst.add(clobbers.size());
    operandFirst.add(operandVreg.size());
    for (int b = 0; b < successors.size(); b++) {
      predecessors.add(new IntList());
    }
    for (int b = 0; b < successors.size(); b++) {
      for (int s : successors.get(b)) {
        predecessors.get(s).add(b);
      }
    }
    return this;
  }

  @Override
  public int blockCount() {
    return successors.size();
  }

  @Override
  public int firstInstruction(int block) {
    return blockFirst.get(block);
  }

  @Override
  public int successorCount(int block) {
    return successors.get(block).length;
  }

  @Override
  public int successor(int block, int index) {
    return successors.get(block)[index];
  }

  @Override
  public int predecessorCount(int block) {
    return predecessors.get(block).size();
  }

  @Override
  public int predecessor(int block, int index) {
    return predecessors.get(block).get(index);
  }

  @Override
  public int parameterCount(int block) {
    return parameters.get(block).length;
  }

  @Override
  public int parameter(int block, int index) {
    return parameters.get(block)[index];
  }

  @Override
  public int branchArgument(int block, int index) {
    return arguments.get(block)[index];
  }

  @Override
  public float frequency(int block) {
    return frequencies.get(block);
  }

  @Override
  public int vregCount() {
    return classes.size();
  }

  @Override
  public RegisterClass registerClass(int vreg) {
    return classes.get(vreg);
  }

  @Override
  public int spillBytes(int vreg) {
    return bytes.get(vreg);
  }

  @Override
  public boolean isRematerializable(int vreg) {
    return remat.get(vreg);
  }

  @Override
  public int firstOperand(int instruction) {
    return operandFirst.get(instruction);
  }

  @Override
  public int operandVreg(int operand) {
    return operandVreg.get(operand);
  }

  @Override
  public int operandDescriptor(int operand) {
    return operandDescriptor.get(operand);
  }

  @Override
  public long clobbers(int instruction) {
    return clobbers.get(instruction);
  }

  /** Makes references of some integers, and safepoints of what clobbers most registers. */
  TestFunction withReferences() {
    references = true;
    return this;
  }

  @Override
  public boolean isReference(int vreg) {
    return references
        && vreg % 3 != 0
        && classes.get(vreg) == RegisterClass.INTEGER
        && !remat.get(vreg);
  }

  @Override
  public boolean isSafepoint(int instruction) {
    boolean plain =
        references
            && (clobbers(instruction) & RandomFunctions.CALL_CLOBBERS)
                == RandomFunctions.CALL_CLOBBERS;
    for (int o = firstOperand(instruction); plain && o < firstOperand(instruction + 1); o++) {
      int descriptor = operandDescriptor(o);
      boolean fixed = Operand.constraint(descriptor) == Operand.FIXED;
      boolean early = !Operand.isLate(descriptor);
      plain =
          Operand.isDefinition(descriptor)
              ? fixed && !early
              : fixed || early && Operand.constraint(descriptor) != Operand.STACK;
    }
    return plain;
  }

  @Override
  public boolean isMove(int instruction) {
    return moves.get(instruction);
  }

  /** The function, and the allocation if there is one, as text. */
  String describe(Allocation allocation) {
    StringBuilder text = new StringBuilder();
    for (int b = 0; b < blockCount(); b++) {
      text.append("block ")
          .append(b)
          .append(java.util.Arrays.toString(parameters.get(b)))
          .append(" freq ")
          .append(frequency(b))
          .append(" -> ")
          .append(java.util.Arrays.toString(successors.get(b)))
          .append(java.util.Arrays.toString(arguments.get(b)))
          .append('\n');
      for (int i = firstInstruction(b); i < firstInstruction(b + 1); i++) {
        for (int m = allocation.firstMove(i); m < allocation.firstMove(i + 1); m++) {
          text.append("        v")
              .append(allocation.moveVreg(m))
              .append(": ")
              .append(Location.describe(allocation.moveSource(m)))
              .append(" -> ")
              .append(Location.describe(allocation.moveDestination(m)))
              .append('\n');
        }
        text.append("  ").append(i).append(": ");
        for (int o = firstOperand(i); o < firstOperand(i + 1); o++) {
          text.append('v')
              .append(operandVreg(o))
              .append(' ')
              .append(Operand.describe(operandDescriptor(o)))
              .append(" = ")
              .append(Location.describe(allocation.operandLocation(o)))
              .append("; ");
        }
        if (clobbers(i) != 0) {
          text.append("clobbers ").append(Long.toHexString(clobbers(i)));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}

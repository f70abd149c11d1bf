package dev.troupe.engine.regalloc;

/**
 * Per instruction: how many registers of a class are left for values by what the instruction itself
 * takes, and how many values live there. An instruction has two halves, see {@link Points}; fixed
 * uses take registers in the first, clobbers and fixed results in the second.
 */
final class Pressure {
  private final Input input;
  private final long allocatable;
  private final int registers;
  private final int[] early;
  private final int[] late;
  private final byte[] earlyRoom;
  private final byte[] lateRoom;

  /** Whether somewhere more values live than there is room for. */
  boolean exceeded;

  private static final float COLD = 0.1f;

  Pressure(Input input, Pieces pieces, int registerClass) {
    this.input = input;
    allocatable = input.env.allocatable(RegisterClass.values()[registerClass]);
    registers = Long.bitCount(allocatable);
    early = new int[input.instructionCount + 2];
    late = new int[input.instructionCount + 2];
    for (int piece = 0; piece < pieces.count; piece++) {
      if (input.vregClass[pieces.vreg[piece]] == registerClass) {
        early[pieces.from[piece] + 2 >> 2]++;
        early[pieces.to[piece] + 2 >> 2]--;
        late[pieces.from[piece] + 1 >> 2]++;
        late[pieces.to[piece] + 1 >> 2]--;
      }
    }
    earlyRoom = new byte[input.instructionCount];
    lateRoom = new byte[input.instructionCount];
    // The most registers that calls outside of cold code leave to values that live across.
    int acrossCalls = 0;
    for (int i = 0; i < input.instructionCount; i++) {
      early[i + 1] += early[i];
      late[i + 1] += late[i];
      measure(i);
      exceeded |= early[i] > earlyRoom[i] || late[i] > lateRoom[i];
      if (isHeavy(i) && input.frequency[input.blockOf[i]] >= COLD) {
        acrossCalls = Math.max(acrossCalls, Math.min(late[i], lateRoom[i]));
      }
    }
    if (exceeded) {
      limitColdCalls(acrossCalls);
    }
  }

  private boolean isHeavy(int instruction) {
    long clobbered = input.function.clobbers(instruction) & allocatable;
    return Long.bitCount(clobbered) * 2 > registers;
  }

  /** All registers of the class. */
  int registers() {
    return registers;
  }

  /** How many values may be in registers when {@code instruction} reads its operands. */
  int earlyRoom(int instruction) {
    return earlyRoom[instruction];
  }

  /**
   * How many values may be in registers across the second half of {@code instruction}. In cold code
   * no callee-saved register is worth its save that calls elsewhere do not need as well.
   */
  int lateRoom(int instruction) {
    return lateRoom[instruction];
  }

  /** Finds the room at {@code instruction}, without regard to other calls. */
  private void measure(int instruction) {
    long takenEarly = 0;
    long takenLate = input.function.clobbers(instruction);
    for (int o = input.operandFirst[instruction]; o < input.operandFirst[instruction + 1]; o++) {
      int descriptor = input.operandDescriptor[o];
      if (Operand.constraint(descriptor) == Operand.FIXED) {
        long register = 1L << Operand.argument(descriptor);
        boolean definition = Operand.isDefinition(descriptor);
        boolean late = Operand.isLate(descriptor);
        takenEarly |= !definition || !late ? register : 0;
        takenLate |= definition || late ? register : 0;
      }
    }
    earlyRoom[instruction] = (byte) (registers - Long.bitCount(takenEarly & allocatable));
    lateRoom[instruction] = (byte) (registers - Long.bitCount(takenLate & allocatable));
  }

  private void limitColdCalls(int acrossCalls) {
    for (int i = 0; i < input.instructionCount; i++) {
      if (lateRoom[i] > acrossCalls && input.frequency[input.blockOf[i]] < COLD && isHeavy(i)) {
        lateRoom[i] = (byte) acrossCalls;
      }
    }
  }

  /**
   * How many more values fit everywhere in {@code block}; negative where some have to be spilled.
   */
  int slack(int block) {
    int slack = registers;
    for (int i = input.blockFirst[block]; i < input.blockFirst[block + 1]; i++) {
      slack = Math.min(slack, Math.min(earlyRoom(i) - early[i], lateRoom(i) - late[i]));
    }
    return slack;
  }
}

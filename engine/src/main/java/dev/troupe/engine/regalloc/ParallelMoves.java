package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Turns a set of moves that happen at once into a sequence (windmills, Rideau et al. 2008): moves
 * whose destination nobody still reads go first; what is left are cycles, each broken through a
 * register that holds nothing there, or through an emergency slot if all are taken. Moves from slot
 * to slot go through such a register too; without one they are left to the client.
 */
final class ParallelMoves {
  private final Input input;
  private final SlotAssigner slots;
  private final FreeRegisters registers;
  private int emergencySlot = -1;
  private int rescueSlot = -1;

  /** Where the group happens, and the registers that its moves name. */
  private int instruction;

  private long busy;

  /** The sequential result. */
  final IntList sources = new IntList();

  final IntList destinations = new IntList();
  final IntList vregs = new IntList();

  // One group; indexes are positions in it. Locations index readers and writer.
  private int[] from = new int[16];
  private int[] to = new int[16];
  private int[] vreg = new int[16];
  private boolean[] done = new boolean[16];
  private int size;
  private int[] readers;
  private int[] writer;
  private final IntList ready = new IntList();

  ParallelMoves(Input input, SlotAssigner slots, FreeRegisters registers) {
    this.input = input;
    this.slots = slots;
    this.registers = registers;
    readers = new int[64 + slots.count() + 1];
    writer = new int[64 + slots.count() + 1];
    Arrays.fill(writer, -1);
  }

  /**
   * Starts a group of moves before {@code atInstruction}.
   *
   * @param named the registers that moves of this and other groups at this place name
   */
  void begin(int atInstruction, long named) {
    size = 0;
    instruction = atInstruction;
    busy = named;
  }

  /**
   * A slot in which the client may keep a register while it uses it for a move from slot to slot;
   * -1 if there is no such move.
   */
  int rescueSlot() {
    return rescueSlot;
  }

  /** Adds a move to the group; a second one to the same destination must have the same source. */
  void add(int source, int destination, int moveVreg) {
    int other = writer[destination];
    if (other >= 0) {
      if (from[other] != source) {
        throw new IllegalStateException("two moves at once to " + Location.describe(destination));
      }
      return;
    }
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      to = Arrays.copyOf(to, size * 2);
      vreg = Arrays.copyOf(vreg, size * 2);
      done = Arrays.copyOf(done, size * 2);
    }
    from[size] = source;
    to[size] = destination;
    vreg[size] = moveVreg;
    done[size] = false;
    writer[destination] = size;
    if (source >= 0) {
      readers[source]++;
    }
    size++;
  }

  /** Emits the group. */
  void finish() {
    for (int m = 0; m < size; m++) {
      if (readers[to[m]] == 0) {
        ready.add(m);
      }
    }
    drain();
    for (int m = 0; m < size; m++) {
      if (!done[m]) {
        breakCycle(m);
      }
    }
    for (int m = 0; m < size; m++) {
      writer[to[m]] = -1;
    }
  }

  private void drain() {
    while (!ready.isEmpty()) {
      int m = ready.removeLast();
      done[m] = true;
      emit(from[m], to[m], vreg[m]);
      if (from[m] >= 0 && --readers[from[m]] == 0) {
        int blocked = writer[from[m]];
        if (blocked >= 0 && !done[blocked]) {
          ready.add(blocked);
        }
      }
    }
  }

  /** Every location of the cycle through move {@code start} is read and written exactly once. */
  private void breakCycle(int start) {
    int pivot = start;
    int m = start;
    do {
      if (Location.isRegister(from[m])) {
        pivot = m;
      }
      m = writer[from[m]];
    } while (m != start);
    // Save what the pivot reads, run the chain that ends in overwriting it, then feed the pivot.
    int saved = from[pivot];
    int register = registers.find(input.classOf(vreg[pivot]), instruction, busy);
    int temporary = register >= 0 ? register : emergencyLocation();
    long before = busy;
    busy |= register >= 0 ? 1L << register : 0;
    emit(saved, temporary, vreg[pivot]);
    readers[saved]--;
    ready.add(writer[saved]);
    done[pivot] = true;
    int last = to[pivot];
    drain();
    emit(temporary, last, vreg[pivot]);
    busy = before;
  }

  private int emergencyLocation() {
    if (emergencySlot < 0) {
      emergencySlot = slots.add(16);
    }
    return Location.ofSlot(emergencySlot);
  }

  private void emit(int source, int destination, int moveVreg) {
    if (!Location.isSlot(destination) || Location.isRegister(source)) {
      append(source, destination, moveVreg);
      return;
    }
    int register = registers.find(input.classOf(moveVreg), instruction, busy);
    if (register >= 0) {
      append(source, register, moveVreg);
      append(register, destination, moveVreg);
    } else {
      if (rescueSlot < 0) {
        rescueSlot = slots.add(16);
      }
      append(source, destination, moveVreg);
    }
  }

  private void append(int source, int destination, int moveVreg) {
    sources.add(source);
    destinations.add(destination);
    vregs.add(moveVreg);
  }
}

package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Turns a set of moves that happen at once into a sequence (windmills, Rideau et al. 2008): moves
 * whose destination nobody still reads go first; what is left are cycles, each broken through the
 * scratch register, or through an emergency slot where the scratch is needed for slot-to-slot
 * moves.
 */
final class ParallelMoves {
  private final Input input;
  private final SlotAssigner slots;
  private int emergencySlot = -1;

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

  ParallelMoves(Input input, SlotAssigner slots) {
    this.input = input;
    this.slots = slots;
    readers = new int[64 + slots.count() + 1];
    writer = new int[64 + slots.count() + 1];
    Arrays.fill(writer, -1);
  }

  void begin() {
    size = 0;
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
    boolean slotToSlot = false;
    int pivot = start;
    int m = start;
    do {
      slotToSlot |= Location.isSlot(from[m]) && Location.isSlot(to[m]);
      if (Location.isRegister(from[m])) {
        pivot = m;
      }
      m = writer[from[m]];
    } while (m != start);
    // Save what the pivot reads, run the chain that ends in overwriting it, then feed the pivot.
    int saved = from[pivot];
    int temporary =
        slotToSlot ? emergencyLocation() : input.env.scratch(input.classOf(vreg[pivot]));
    emit(saved, temporary, vreg[pivot]);
    readers[saved]--;
    ready.add(writer[saved]);
    done[pivot] = true;
    int last = to[pivot];
    drain();
    emit(temporary, last, vreg[pivot]);
  }

  private int emergencyLocation() {
    if (emergencySlot < 0) {
      emergencySlot = slots.add(16);
    }
    return Location.ofSlot(emergencySlot);
  }

  private void emit(int source, int destination, int moveVreg) {
    if (Location.isSlot(destination) && !Location.isRegister(source)) {
      int scratch = input.env.scratch(input.classOf(moveVreg));
      append(source, scratch, moveVreg);
      append(scratch, destination, moveVreg);
    } else {
      append(source, destination, moveVreg);
    }
  }

  private void append(int source, int destination, int moveVreg) {
    sources.add(source);
    destinations.add(destination);
    vregs.add(moveVreg);
  }
}

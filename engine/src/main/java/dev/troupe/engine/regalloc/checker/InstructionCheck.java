package dev.troupe.engine.regalloc.checker;

import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Location;
import dev.troupe.engine.regalloc.MachineEnv;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.regalloc.RegallocFunction;
import dev.troupe.engine.regalloc.RegisterClass;
import java.util.Arrays;
import java.util.function.Supplier;

/** Executes the moves before an instruction and the instruction, on symbols. */
final class InstructionCheck {
  static final int FIRST_MEMORY_CELL = 64;

  private final RegallocFunction function;
  private final MachineEnv env;
  private final Allocation allocation;
  private final SymbolicState state;
  private final int values;
  private long written;

  InstructionCheck(
      RegallocFunction function, MachineEnv env, Allocation allocation, SymbolicState state) {
    this.function = function;
    this.env = env;
    this.allocation = allocation;
    this.state = state;
    values = function.vregCount();
  }

  /**
   * Slots lie within the spill area, aligned for 8 bytes, and no two start at one place; operands
   * and moves name only slots that exist and are wide enough. So the rest may rely on it.
   */
  void checkFrame() {
    int bytes = allocation.spillAreaBytes();
    if (bytes < 0 || bytes % 8 != 0) {
      throw wrong("spill area of " + bytes + " bytes");
    }
    boolean[] taken = new boolean[bytes / 8];
    for (int slot = 0; slot < allocation.slotCount(); slot++) {
      int offset = allocation.slotOffsetBytes(slot);
      if (offset < 0 || offset % 8 != 0 || offset >= bytes || taken[offset / 8]) {
        throw wrong("slot " + slot + " at offset " + offset);
      }
      taken[offset / 8] = true;
    }
    for (int o = 0; o < function.firstOperand(function.instructionCount()); o++) {
      checkSlot(allocation.operandLocation(o), function.operandVreg(o), "operand ", o);
    }
    for (int m = 0; m < allocation.moveCount(); m++) {
      checkSlot(allocation.moveSource(m), allocation.moveVreg(m), "source of move ", m);
      checkSlot(allocation.moveDestination(m), allocation.moveVreg(m), "destination of move ", m);
    }
  }

  /** Every callee-saved register that is written must be reported. */
  void checkUsedRegisters() {
    long missing = written & env.calleeSaved() & ~allocation.usedCalleeSaved();
    require(missing == 0, () -> "callee-saved registers written but not reported: " + missing);
    long unreported = written & ~allocation.usedRegisters();
    require(
        (unreported & allocatable()) == 0 || clobbersCover(unreported & allocatable()),
        () -> "registers written but not reported: " + unreported);
  }

  private boolean clobbersCover(long registers) {
    long clobbers = 0;
    for (int i = 0; i < function.instructionCount(); i++) {
      clobbers |= function.clobbers(i);
    }
    return (registers & ~clobbers) == 0;
  }

  private long allocatable() {
    return env.allocatable(RegisterClass.INTEGER) | env.allocatable(RegisterClass.VECTOR);
  }

  /** One instruction with the moves before it; {@code demand} reports what is wrong. */
  void execute(int instruction, boolean demand) {
    int end = allocation.firstMove(instruction + 1);
    for (int m = allocation.firstMove(instruction); m < end; m++) {
      if (demand) {
        checkMove(instruction, m);
      }
      move(m);
    }
    int first = function.firstOperand(instruction);
    int last = function.firstOperand(instruction + 1);
    if (demand) {
      for (int o = first; o < last; o++) {
        checkOperand(instruction, o);
      }
      checkDisjoint(instruction, first, last);
    }
    define(first, last, false);
    long clobbers = function.clobbers(instruction);
    written |= clobbers;
    for (long left = clobbers; left != 0; left &= left - 1) {
      state.clear(Long.numberOfTrailingZeros(left));
    }
    if (function.isSafepoint(instruction)) {
      moveObjects(instruction);
    }
    define(first, last, true);
  }

  /** References are right only where the collector was told of them; those are all of its own. */
  private void moveObjects(int instruction) {
    int[] slots = allocation.liveReferences(instruction);
    boolean[] told = new boolean[FIRST_MEMORY_CELL + (allocation.spillAreaBytes() + 7) / 8];
    for (int slot : slots) {
      int cell = cell(Location.ofSlot(slot));
      told[cell] = true;
      int[] held = state.get(cell);
      require(
          Arrays.stream(held).anyMatch(v -> v < values && function.isReference(v)),
          () -> "instruction " + instruction + ": no reference in slot " + slot);
    }
    for (int cell = 0; cell < told.length; cell++) {
      if (!told[cell]) {
        int[] held = state.get(cell);
        int[] kept =
            Arrays.stream(held).filter(v -> v >= values || !function.isReference(v)).toArray();
        if (kept.length < held.length) {
          state.set(cell, kept);
        }
      }
    }
  }

  /** A parameter is in this register now. */
  void arrive(int register, int v) {
    write(register, state.single(v), state.single(v + values), wide(v));
  }

  private void define(int first, int last, boolean late) {
    for (int o = first; o < last; o++) {
      int descriptor = function.operandDescriptor(o);
      if (!Operand.isDefinition(descriptor) || Operand.isLate(descriptor) != late) {
        continue;
      }
      int v = function.operandVreg(o);
      state.forget(v);
      state.forget(v + values);
      int location = allocation.operandLocation(o);
      if (location != Location.NONE) {
        write(location, state.single(v), state.single(v + values), wide(v));
      }
    }
  }

  private boolean wide(int vreg) {
    return function.spillBytes(vreg) == 16;
  }

  private int cell(int location) {
    return Location.isRegister(location)
        ? location
        : FIRST_MEMORY_CELL + allocation.slotOffsetBytes(Location.slot(location)) / 8;
  }

  private void write(int location, int[] low, int[] high, boolean wide) {
    int cell = cell(location);
    state.set(cell, low);
    if (Location.isRegister(location)) {
      written |= 1L << location;
    } else if (wide) {
      state.set(cell + 1, high);
    }
  }

  /** Whether {@code location} holds all of {@code vreg}. */
  private boolean holds(int location, int vreg) {
    int cell = cell(location);
    return state.holds(cell, vreg)
        && (Location.isRegister(location) || !wide(vreg) || state.holds(cell + 1, vreg + values));
  }

  private void move(int move) {
    int source = allocation.moveSource(move);
    int destination = allocation.moveDestination(move);
    int v = allocation.moveVreg(move);
    boolean wide = wide(v);
    if (source == Location.REMATERIALIZE) {
      write(destination, state.single(v), state.single(v + values), wide);
      return;
    }
    int[] held = state.get(cell(source));
    int[] low = new int[held.length];
    int[] high = new int[held.length];
    int count = 0;
    for (int value : held) {
      // A narrow move cuts wide values; halves in memory (numbers past the values) do not travel.
      if (value < values && wide(value) == wide && holds(source, value)) {
        low[count] = value;
        high[count++] = value + values;
      }
    }
    if (count == held.length) {
      write(destination, held, high, wide);
    } else {
      write(destination, Arrays.copyOf(low, count), Arrays.copyOf(high, count), wide);
    }
  }

  private void checkMove(int instruction, int move) {
    int source = allocation.moveSource(move);
    int destination = allocation.moveDestination(move);
    int v = allocation.moveVreg(move);
    Supplier<String> name =
        () ->
            "move "
                + move
                + " before instruction "
                + instruction
                + " of v"
                + v
                + " from "
                + Location.describe(source)
                + " to "
                + Location.describe(destination);
    if (source == Location.REMATERIALIZE) {
      require(function.isRematerializable(v), () -> name.get() + ": not rematerializable");
    } else {
      require(source >= 0, () -> name.get() + ": no source");
      checkClass(source, v, name);
    }
    require(
        Location.isRegister(source)
            || Location.isRegister(destination)
            || allocation.rescueSlot() >= 0,
        () -> name.get() + ": needs a register and a place to save it");
    require(destination >= 0, () -> name.get() + ": no destination");
    checkClass(destination, v, name);
    if (Location.isRegister(destination)) {
      long allowed = allocatable() | fixedUses(instruction);
      require(
          (allowed & 1L << destination) != 0, () -> name.get() + ": writes a reserved register");
    }
  }

  private long fixedUses(int instruction) {
    long fixed = 0;
    for (int o = function.firstOperand(instruction);
        o < function.firstOperand(instruction + 1);
        o++) {
      int descriptor = function.operandDescriptor(o);
      if (Operand.constraint(descriptor) == Operand.FIXED && !Operand.isDefinition(descriptor)) {
        fixed |= 1L << Operand.argument(descriptor);
      }
    }
    return fixed;
  }

  private void checkSlot(int location, int vreg, String what, int number) {
    if (!Location.isSlot(location)) {
      return;
    }
    int slot = Location.slot(location);
    if (slot >= allocation.slotCount()) {
      throw wrong(what + number + ": no such slot");
    }
    int size = function.spillBytes(vreg);
    int offset = allocation.slotOffsetBytes(slot);
    if (offset % size != 0 || offset + size > allocation.spillAreaBytes()) {
      throw wrong(what + number + ": slot misaligned or outside of the spill area");
    }
  }

  private void checkClass(int location, int vreg, Supplier<String> name) {
    RegisterClass mine = function.registerClass(vreg);
    for (RegisterClass other : RegisterClass.values()) {
      if (other != mine && Location.isRegister(location)) {
        long foreign = env.allocatable(other);
        require(
            (foreign & 1L << location) == 0, () -> name.get() + ": register of the other class");
      }
    }
  }

  private void checkOperand(int instruction, int operand) {
    int v = function.operandVreg(operand);
    int descriptor = function.operandDescriptor(operand);
    int location = allocation.operandLocation(operand);
    Supplier<String> name =
        () ->
            "instruction "
                + instruction
                + ", operand "
                + (operand - function.firstOperand(instruction))
                + " ("
                + Operand.describe(descriptor)
                + " v"
                + v
                + ") in "
                + Location.describe(location);
    if (location == Location.NONE) {
      require(
          Operand.isDefinition(descriptor) && function.isRematerializable(v),
          () -> name.get() + ": nowhere");
      return;
    }
    require(location >= 0, () -> name.get() + ": not a location");
    checkClass(location, v, name);
    checkConstraint(instruction, descriptor, v, location, name);
    if (!Operand.isDefinition(descriptor)) {
      require(
          holds(location, v),
          () -> name.get() + ": holds " + Arrays.toString(state.get(cell(location))) + " instead");
    }
  }

  private void checkConstraint(
      int instruction, int descriptor, int vreg, int location, Supplier<String> name) {
    boolean inRegister = Location.isRegister(location);
    long own = env.allocatable(function.registerClass(vreg));
    boolean ownRegister = inRegister && (own & 1L << location) != 0;
    switch (Operand.constraint(descriptor)) {
      case Operand.ANY ->
          require(ownRegister || !inRegister, () -> name.get() + ": not allocatable");
      case Operand.REGISTER ->
          require(ownRegister, () -> name.get() + ": not an allocatable register");
      case Operand.FIXED ->
          require(
              location == Operand.argument(descriptor),
              () -> name.get() + ": not the fixed register");
      case Operand.REUSE -> {
        int used = function.firstOperand(instruction) + Operand.argument(descriptor);
        require(
            ownRegister && location == allocation.operandLocation(used),
            () -> name.get() + ": not where the reused operand is");
      }
      case Operand.STACK -> require(!inRegister, () -> name.get() + ": not a slot");
      default -> throw new IllegalStateException(name.get() + ": unknown constraint");
    }
  }

  /**
   * No two definitions share a place; an early definition shares none with any use; a late use
   * shares none with any definition, and is not clobbered.
   */
  private void checkDisjoint(int instruction, int first, int last) {
    long clobbers = function.clobbers(instruction);
    for (int a = first; a < last; a++) {
      int one = function.operandDescriptor(a);
      int location = allocation.operandLocation(a);
      if (!Operand.isDefinition(one)) {
        boolean clobbered =
            Operand.isLate(one)
                && Location.isRegister(location)
                && (clobbers & 1L << location) != 0;
        require(!clobbered, () -> "instruction " + instruction + " clobbers a late use");
        continue;
      }
      for (int b = first; b < last; b++) {
        int other = function.operandDescriptor(b);
        boolean apart =
            Operand.isDefinition(other) ? a != b : !Operand.isLate(one) || Operand.isLate(other);
        if (apart && overlap(a, b)) {
          throw wrong(
              "instruction "
                  + instruction
                  + ": operands "
                  + (a - first)
                  + " and "
                  + (b - first)
                  + " share "
                  + Location.describe(location));
        }
      }
    }
  }

  private boolean overlap(int operandA, int operandB) {
    int a = allocation.operandLocation(operandA);
    int b = allocation.operandLocation(operandB);
    if (a < 0 || b < 0 || Location.isRegister(a) != Location.isRegister(b)) {
      return false;
    }
    if (Location.isRegister(a)) {
      return a == b;
    }
    int cellA = cell(a);
    int cellB = cell(b);
    return cellA < cellB + function.spillBytes(function.operandVreg(operandB)) / 8
        && cellB < cellA + function.spillBytes(function.operandVreg(operandA)) / 8;
  }

  private static void require(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw wrong(message.get());
    }
  }

  private static IllegalStateException wrong(String message) {
    return new IllegalStateException("register allocation is wrong: " + message);
  }
}

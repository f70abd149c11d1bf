package dev.troupe.engine.regalloc;

/**
 * The result of allocation: a {@link Location} per operand and the moves to insert.
 *
 * <p><b>Moves</b> are numbered in the order in which they are to be emitted; those with number in
 * {@code [firstMove(i), firstMove(i + 1))} come directly before instruction i (in its block: before
 * the first instruction of a block means after the block's label). They are plain sequential moves,
 * in which cycles are already broken: register to register, register to slot, slot to register, or
 * {@link Location#REMATERIALIZE} to register. The latter two also go to a slot where all registers
 * hold something; the client then takes any register and keeps what it holds in {@link
 * #rescueSlot()} meanwhile. Moves never touch flags if the client emits none that do;
 * rematerialized instructions must not either.
 *
 * <p>Width of a move = spill size of {@link #moveVreg}; class = its class.
 */
public final class Allocation {
  private final int[] operandLocations;
  private final int[] firstMoves;
  private final int[] moveSources;
  private final int[] moveDestinations;
  private final int[] moveVregs;
  private final int[] slotOffsets;
  private final int spillAreaBytes;
  private final int rescueSlot;
  private final References references;
  private final long usedRegisters;
  private final long usedCalleeSaved;
  private final Statistics statistics;

  /** Work counters (deterministic, for scaling tests) and facts about the result. */
  public record Statistics(
      long workUnits,
      int bundlesProcessed,
      int evictions,
      int splits,
      int spilledPieces,
      int moves) {}

  /** Takes ownership of the arrays; made by the allocator, and by tests that damage results. */
  public Allocation(
      int[] operandLocations,
      int[] firstMoves,
      int[] moveSources,
      int[] moveDestinations,
      int[] moveVregs,
      int[] slotOffsets,
      int spillAreaBytes,
      int rescueSlot,
      References references,
      long usedRegisters,
      long usedCalleeSaved,
      Statistics statistics) {
    this.operandLocations = operandLocations;
    this.firstMoves = firstMoves;
    this.moveSources = moveSources;
    this.moveDestinations = moveDestinations;
    this.moveVregs = moveVregs;
    this.slotOffsets = slotOffsets;
    this.spillAreaBytes = spillAreaBytes;
    this.rescueSlot = rescueSlot;
    this.references = references;
    this.usedRegisters = usedRegisters;
    this.usedCalleeSaved = usedCalleeSaved;
    this.statistics = statistics;
  }

  /** The {@link Location} of {@code operand}. */
  public int operandLocation(int operand) {
    return operandLocations[operand];
  }

  /** The first move before {@code instruction}; for the instruction count the number of moves. */
  public int firstMove(int instruction) {
    return firstMoves[instruction];
  }

  /** The number of all moves. */
  public int moveCount() {
    return moveSources.length;
  }

  /** Where move {@code move} reads: a register, a slot, or {@link Location#REMATERIALIZE}. */
  public int moveSource(int move) {
    return moveSources[move];
  }

  /** Where move {@code move} writes: a register or a slot. */
  public int moveDestination(int move) {
    return moveDestinations[move];
  }

  /** The virtual register whose value the move carries: gives class, width, and what to re-emit. */
  public int moveVreg(int move) {
    return moveVregs[move];
  }

  /** The number of spill slots. */
  public int slotCount() {
    return slotOffsets.length;
  }

  /** Byte offset of {@code slot} within the spill area; a multiple of the slot's size. */
  public int slotOffsetBytes(int slot) {
    return slotOffsets[slot];
  }

  /** Size of the spill area, a multiple of 8 (of 16 if any slot has 16 bytes). */
  public int spillAreaBytes() {
    return spillAreaBytes;
  }

  /** The slot of 16 bytes for moves from slot to slot; -1 if there are none. */
  public int rescueSlot() {
    return rescueSlot;
  }

  /** The slots that hold references while {@code instruction}, a safepoint, is executed. */
  public int[] liveReferences(int instruction) {
    return references.slots(instruction);
  }

  /** All of them, for copies of this result. */
  public References references() {
    return references;
  }

  /** Physical registers written by operands or moves (clobbers not counted). */
  public long usedRegisters() {
    return usedRegisters;
  }

  /** Callee-saved registers that are written by operands, moves or clobbers. */
  public long usedCalleeSaved() {
    return usedCalleeSaved;
  }

  /** Work counters and facts about the result. */
  public Statistics statistics() {
    return statistics;
  }
}

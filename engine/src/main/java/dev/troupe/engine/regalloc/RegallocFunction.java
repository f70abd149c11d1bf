package dev.troupe.engine.regalloc;

/**
 * What the allocator sees of a function. Everything is a dense {@code int} id; the client
 * implements this over its own arrays, and answers are constant while the allocator runs.
 *
 * <p><b>Ids.</b> Blocks 0..blockCount-1 in final layout order, block 0 the entry. Instructions
 * 0..instructionCount-1 in the same order; block b owns {@code [firstInstruction(b),
 * firstInstruction(b + 1))}, at least its terminator. Operands have one number space over the whole
 * function: instruction i owns {@code [firstOperand(i), firstOperand(i + 1))}.
 *
 * <p><b>Rules</b> (checked where cheap; {@link IllegalArgumentException} names the broken one):
 *
 * <ol>
 *   <li>Every virtual register has exactly one definition: one defining operand, or one place in
 *       one block's parameter list. The definition dominates all uses. (Two-address code is said
 *       with {@link Operand#REUSE}.)
 *   <li>Every block is reachable from block 0, and block 0 has no predecessor and no parameters.
 *   <li>No critical edges: an edge from a block with several successors leads to a block with
 *       exactly one predecessor. No two edges join the same pair of blocks. The parameters of such
 *       a block are what the terminator before it leaves in registers: see {@link #arrival}.
 *   <li>Only blocks with exactly one successor pass branch arguments, one per parameter of that
 *       successor. Their terminator has no operands and no clobbers: moves are inserted just before
 *       it.
 *   <li>A terminator defines nothing that is used later (temporaries are fine).
 *   <li>At every instruction the REGISTER operands fit into the registers that its FIXED operands
 *       and clobbers leave over.
 *   <li>Rematerializable virtual registers are defined by an instruction without uses and with this
 *       single definition (REGISTER, late).
 * </ol>
 *
 * <p><b>Worked example.</b> {@code f(n): s = 0; do { s += n; n = n - 1 } while (n != 0); return s}
 * with registers rax=0, rdi=7, virtual registers v0..v7:
 *
 * <pre>
 * block 0, frequency 1, successor 1, arguments (v0, v1)
 *   0: entry           v0 defineFixed(7)
 *   1: mov imm 0       v1 defineRegister, rematerializable
 *   2: jmp block1                                  no operands
 * block 1 (v2, v3), frequency 10, predecessors 0 and 2, successors 2 and 3
 *   3: add             v4 defineReuse(1)  v3 useRegister  v2 useAny
 *   4: sub imm         v5 defineReuse(1)  v2 useRegister
 *   5: jnz block2 else block3                      reads only flags
 * block 2, frequency 9, successor 1, arguments (v5, v4)       the split back edge
 *   6: jmp block1
 * block 3, frequency 1
 *   7: ret             v4 useFixed(0)
 * </pre>
 *
 * <p>A possible answer: v0, v2, v5 all in r7 (coalesced); v1 nowhere, but a move REMATERIALIZE to
 * r0 with virtual register v1 before instruction 2; v3, v4 in r0; no other moves. Operand 0 of
 * instruction 1 has location NONE, so the client does not emit instruction 1.
 */
public interface RegallocFunction {
  /** The number of blocks. */
  int blockCount();

  /** The first instruction of {@code block}; for {@code blockCount()} the instruction count. */
  int firstInstruction(int block);

  /** How many edges leave {@code block}. */
  int successorCount(int block);

  /** The target of edge {@code index} out of {@code block}. */
  int successor(int block, int index);

  /** How many edges enter {@code block}. */
  int predecessorCount(int block);

  /** The source of edge {@code index} into {@code block}. */
  int predecessor(int block, int index);

  /** How many parameters {@code block} has. */
  int parameterCount(int block);

  /** The virtual register of parameter {@code index} of {@code block}. */
  int parameter(int block, int index);

  /**
   * The virtual register that {@code block}, which has exactly one successor, passes for that
   * successor's parameter {@code index}.
   */
  int branchArgument(int block, int index);

  /**
   * The physical register in which parameter {@code index} of {@code block} arrives, if the block
   * is one of several successors of its predecessor, whose terminator clobbers that register; else
   * negative. So a call that ends a block has results along one of its edges.
   */
  default int arrival(int block, int index) {
    return -1;
  }

  /** How often {@code block} runs per invocation, relative to the entry block's 1; positive. */
  float frequency(int block);

  /** The number of virtual registers. */
  int vregCount();

  /** The class of {@code vreg}. */
  RegisterClass registerClass(int vreg);

  /** Bytes that spilling {@code vreg} takes: 8 or 16 (16 also fixes the slot's alignment). */
  int spillBytes(int vreg);

  /** Whether the instruction that defines {@code vreg} may be emitted anywhere, repeatedly. */
  boolean isRematerializable(int vreg);

  /**
   * The first operand of {@code instruction}; for the instruction count the number of all operands.
   */
  int firstOperand(int instruction);

  /** The virtual register of {@code operand}. */
  int operandVreg(int operand);

  /** The descriptor of {@code operand}, packed by {@link Operand}. */
  int operandDescriptor(int operand);

  /**
   * Physical registers that {@code instruction} destroys between its early and its late position.
   * Its own fixed definitions may be left out or in.
   */
  long clobbers(int instruction);

  /**
   * Whether {@code vreg} holds a reference to an object that moves: it is in no register across a
   * {@linkplain #isSafepoint safepoint}, but in a spill slot that {@link Allocation#liveReferences}
   * names.
   */
  default boolean isReference(int vreg) {
    return false;
  }

  /**
   * Whether objects may move between the early and the late position of {@code instruction}. It
   * clobbers most registers.
   */
  default boolean isSafepoint(int instruction) {
    return false;
  }

  /**
   * Whether {@code instruction} copies its only use to its only definition. A hint: both get the
   * same location if possible, and the client then emits nothing.
   */
  boolean isMove(int instruction);

  /** The number of instructions. */
  default int instructionCount() {
    return firstInstruction(blockCount());
  }
}

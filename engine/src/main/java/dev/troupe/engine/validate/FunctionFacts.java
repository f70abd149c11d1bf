package dev.troupe.engine.validate;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * What validation learned about one function body, for the front end that walks it next.
 *
 * <p>Blocks (all that an {@code end} or {@code delegate} closes) are numbered in the order in which
 * they open, unreachable ones included.
 *
 * <p>Assigned locals are kept as one log of local indexes in program order. The locals that a loop
 * assigns, nested loops included, are the log entries from {@link #assignmentsStart} to {@link
 * #assignmentsEnd} of the loop, possibly with repetitions. Because nested loops share entries, the
 * facts need memory proportional to the body, however deep the nesting.
 */
public final class FunctionFacts {
  /** {@link #elseOffset} of blocks without an {@code else}. */
  public static final int NO_ELSE = -1;

  private static final int FIELDS = 5;
  private static final int START = 0;
  private static final int ELSE = 1;
  private static final int END = 2;
  private static final int LOG_START = 3;
  private static final int LOG_END = 4;

  private final int[] blocks;
  private final int[] log;
  private final int maxOperands;
  private final int maxNesting;
  private final int instructionCount;
  private final int allocationCount;
  private final int handlerCount;
  private final int branchCount;
  private final int loopCount;

  private FunctionFacts(Recorder recorder) {
    this.blocks = recorder.blocks.toArray();
    this.log = recorder.log.toArray();
    this.maxOperands = recorder.maxOperands;
    this.maxNesting = recorder.maxNesting;
    this.instructionCount = recorder.instructions;
    this.allocationCount = recorder.allocations;
    this.handlerCount = recorder.handlers;
    this.branchCount = recorder.branches;
    this.loopCount = recorder.loops;
  }

  /** Most values on the operand stack at any point. */
  public int maxOperands() {
    return maxOperands;
  }

  /** Most blocks open at any point; the body itself counts as one. */
  public int maxNesting() {
    return maxNesting;
  }

  /** Instructions in the body, with every {@code end}. */
  public int instructionCount() {
    return instructionCount;
  }

  /** Instructions that make an object where they stand, without a call. */
  public int allocationCount() {
    return allocationCount;
  }

  /** Clauses that catch exceptions; a {@code delegate} counts as one. */
  public int handlerCount() {
    return handlerCount;
  }

  /** Labels that branches name, tables entry by entry. */
  public int branchCount() {
    return branchCount;
  }

  /** How many of the blocks are loops. */
  public int loopCount() {
    return loopCount;
  }

  public int blockCount() {
    return blocks.length / FIELDS;
  }

  /** Byte offset of the instruction that opens block {@code block}. */
  public int startOffset(int block) {
    return blocks[block * FIELDS + START];
  }

  /** Byte offset of its {@code else}, or {@link #NO_ELSE}. */
  public int elseOffset(int block) {
    return blocks[block * FIELDS + ELSE];
  }

  /** Byte offset of its {@code end}. */
  public int endOffset(int block) {
    return blocks[block * FIELDS + END];
  }

  /** First log entry of the assignments inside block {@code block}, which is a loop. */
  public int assignmentsStart(int block) {
    return blocks[block * FIELDS + LOG_START];
  }

  /** After the last log entry of the assignments inside block {@code block}, which is a loop. */
  public int assignmentsEnd(int block) {
    return blocks[block * FIELDS + LOG_END];
  }

  /** The local assigned according to entry {@code entry} of the log. */
  public int assignedLocal(int entry) {
    return log[entry];
  }

  /** Collects the facts of one body after another; its arrays are reused. */
  static final class Recorder {
    private final IntList blocks = new IntList();
    private final IntList log = new IntList();
    private int maxOperands;
    private int maxNesting;
    private int instructions;
    private int allocations;
    private int handlers;
    private int branches;
    private int loops;
    // Position after the latest log entry of each local, and where the innermost loop's log starts.
    private int[] latest = {};
    private int loopLogStart;

    void start(int localCount) {
      blocks.clear();
      log.clear();
      maxOperands = 0;
      maxNesting = 0;
      instructions = 0;
      allocations = 0;
      handlers = 0;
      branches = 0;
      loops = 0;
      loopLogStart = 0;
      if (latest.length < localCount) {
        latest = new int[localCount];
      } else {
        Arrays.fill(latest, 0, localCount, 0);
      }
    }

    /** Opens a block and returns its number. */
    int open(int offset) {
      int block = blocks.size() / FIELDS;
      blocks.add(offset);
      blocks.add(NO_ELSE);
      blocks.add(0);
      blocks.add(log.size());
      blocks.add(0);
      return block;
    }

    /** Enters a loop; returns what {@link #leaveLoop} needs. */
    int enterLoop() {
      loops++;
      int outer = loopLogStart;
      loopLogStart = log.size();
      return outer;
    }

    void leaveLoop(int outer) {
      loopLogStart = outer;
    }

    void elseAt(int block, int offset) {
      blocks.set(block * FIELDS + ELSE, offset);
    }

    void close(int block, int offset) {
      blocks.set(block * FIELDS + END, offset);
      blocks.set(block * FIELDS + LOG_END, log.size());
    }

    void assigned(int local) {
      if (latest[local] <= loopLogStart) {
        log.add(local);
        latest[local] = log.size();
      }
    }

    void nesting(int depth) {
      maxNesting = Math.max(maxNesting, depth);
    }

    void operands(int max) {
      maxOperands = max;
    }

    void instructions(int count) {
      instructions = count;
    }

    /** Counts an instruction that makes an object. */
    void allocation() {
      allocations++;
    }

    void handlers(int count) {
      handlers += count;
    }

    void branches(int count) {
      branches += count;
    }

    FunctionFacts build() {
      return new FunctionFacts(this);
    }
  }
}

package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.LimitExceededException;
import java.util.Arrays;

/** The open blocks of a body, outermost (the body itself) first, as parallel arrays. */
final class ControlStack {
  enum Kind {
    FUNCTION,
    BLOCK,
    LOOP,
    IF,
    ELSE,
    /** A legacy try before its first catch. */
    TRY,
    CATCH,
    CATCH_ALL
  }

  private final int maxDepth;
  private int depth;
  private Kind[] kinds = new Kind[16];
  private int[][] params = new int[16][];
  private int[][] results = new int[16][];
  private int[] bases = new int[16];
  private boolean[] unreachable = new boolean[16];
  private int[] blocks = new int[16];
  private int[] outerLoops = new int[16];
  private int[] stamps = new int[16];
  private int[] initialized = new int[16];
  private int stamp;

  ControlStack(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  void clear() {
    depth = 0;
  }

  int depth() {
    return depth;
  }

  void push(Kind kind, int[] blockParams, int[] blockResults, int base, int block, int offset) {
    if (depth == kinds.length) {
      grow(offset);
    }
    kinds[depth] = kind;
    params[depth] = blockParams;
    results[depth] = blockResults;
    bases[depth] = base;
    unreachable[depth] = false;
    blocks[depth] = block;
    stamps[depth] = 0;
    depth++;
  }

  private void grow(int offset) {
    if (depth >= maxDepth) {
      throw new LimitExceededException("nesting too deep", depth, maxDepth, offset);
    }
    int capacity = Math.min(2 * depth, maxDepth);
    kinds = Arrays.copyOf(kinds, capacity);
    params = Arrays.copyOf(params, capacity);
    results = Arrays.copyOf(results, capacity);
    bases = Arrays.copyOf(bases, capacity);
    unreachable = Arrays.copyOf(unreachable, capacity);
    blocks = Arrays.copyOf(blocks, capacity);
    outerLoops = Arrays.copyOf(outerLoops, capacity);
    stamps = Arrays.copyOf(stamps, capacity);
    initialized = Arrays.copyOf(initialized, capacity);
  }

  void pop() {
    depth--;
  }

  /** Frame of the label with this relative depth; the label exists. */
  int frameOfLabel(int label) {
    return depth - 1 - label;
  }

  int top() {
    return depth - 1;
  }

  Kind kind(int frame) {
    return kinds[frame];
  }

  int[] params(int frame) {
    return params[frame];
  }

  int[] results(int frame) {
    return results[frame];
  }

  /** Types that a branch to the frame's label carries. */
  int[] labelTypes(int frame) {
    return kinds[frame] == Kind.LOOP ? params[frame] : results[frame];
  }

  int base(int frame) {
    return bases[frame];
  }

  boolean isUnreachable(int frame) {
    return unreachable[frame];
  }

  void setUnreachable(int frame) {
    unreachable[frame] = true;
  }

  /** Number of the block in the facts. */
  int block(int frame) {
    return blocks[frame];
  }

  int outerLoop(int frame) {
    return outerLoops[frame];
  }

  void outerLoop(int frame, int value) {
    outerLoops[frame] = value;
  }

  /** Height of the log of {@link LocalSets} when the frame was entered. */
  int initialized(int frame) {
    return initialized[frame];
  }

  void initialized(int frame, int height) {
    initialized[frame] = height;
  }

  /** Starts a round of {@link #firstVisit}. */
  void newRound() {
    stamp++;
  }

  /** Whether the frame is seen for the first time in this round. */
  boolean firstVisit(int frame) {
    boolean first = stamps[frame] != stamp;
    stamps[frame] = stamp;
    return first;
  }
}

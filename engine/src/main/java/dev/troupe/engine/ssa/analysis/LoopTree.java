package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/**
 * Natural loops and their nesting. Loops have dense ids; an outer loop has a smaller id than the
 * loops in it. WebAssembly control flow is structured, so every cycle has a header that dominates
 * it; edges that violate this (none come from the front end) form no loop.
 */
public final class LoopTree {
  /** No loop. */
  public static final int NONE = -1;

  private final ControlFlow flow;
  private final int[] loopOf;
  private int loopCount;
  private int[] header = new int[8];
  private int[] parent = new int[8];
  private int[] depth = new int[8];

  LoopTree(ControlFlow flow, DominatorTree dominators) {
    this.flow = flow;
    this.loopOf = new int[flow.function().blockCount()];
    Arrays.fill(loopOf, NONE);
    find(dominators);
  }

  /** The loops of the reachable blocks. */
  public static LoopTree of(ControlFlow flow, DominatorTree dominators) {
    assert dominators == flow.dominators() : "dominators of another graph";
    return flow.loops();
  }

  private void find(DominatorTree dominators) {
    for (int i = 0; i < flow.size(); i++) {
      int block = flow.block(i);
      for (int k = 0; k < flow.incomingCount(block); k++) {
        int source = flow.function().sourceBlock(flow.incoming(block, k));
        if (dominators.dominates(block, source)) {
          addLoop(block);
          break;
        }
      }
    }
    // Inner loops first: a block belongs to the innermost loop that claims it, and a loop that is
    // met on the way up becomes a child.
    int[] work = new int[flow.function().blockCount() + 1];
    for (int loop = loopCount - 1; loop >= 0; loop--) {
      claim(loop, dominators, work);
    }
    for (int loop = 0; loop < loopCount; loop++) {
      depth[loop] = parent[loop] == NONE ? 1 : depth[parent[loop]] + 1;
    }
  }

  private void addLoop(int block) {
    if (loopCount == header.length) {
      header = Arrays.copyOf(header, loopCount * 2);
      parent = Arrays.copyOf(parent, loopCount * 2);
      depth = Arrays.copyOf(depth, loopCount * 2);
    }
    header[loopCount] = block;
    parent[loopCount++] = NONE;
  }

  private void claim(int loop, DominatorTree dominators, int[] work) {
    SsaFunction function = flow.function();
    int head = header[loop];
    int size = 0;
    for (int k = 0; k < flow.incomingCount(head); k++) {
      int source = function.sourceBlock(flow.incoming(head, k));
      if (dominators.dominates(head, source)) {
        size = push(source, loop, work, size);
      }
    }
    if (loopOf[head] == NONE) {
      loopOf[head] = loop;
    }
    while (size > 0) {
      int block = work[--size];
      for (int k = 0; k < flow.incomingCount(block); k++) {
        size = push(function.sourceBlock(flow.incoming(block, k)), loop, work, size);
      }
    }
  }

  /** Claims {@code block}, or the outermost loop around it, and pushes where to go on. */
  private int push(int block, int loop, int[] work, int size) {
    int inner = loopOf[block];
    if (inner == NONE) {
      loopOf[block] = loop;
      if (block != header[loop]) {
        work[size] = block;
        return size + 1;
      }
      return size;
    }
    while (inner != loop && parent[inner] != NONE) {
      inner = parent[inner];
    }
    if (inner == loop) {
      return size;
    }
    parent[inner] = loop;
    work[size] = header[inner];
    return size + 1;
  }

  /** Number of loops. */
  public int size() {
    return loopCount;
  }

  /** Innermost loop that contains {@code block}, or {@link #NONE}. */
  public int loop(int block) {
    return loopOf[block];
  }

  /** Header of {@code loop}. */
  public int header(int loop) {
    return header[loop];
  }

  /** Loop around {@code loop}, or {@link #NONE}. */
  public int parent(int loop) {
    return parent[loop];
  }

  /** Number of loops around {@code block}; 0 outside of loops. */
  public int depth(int block) {
    return loopOf[block] == NONE ? 0 : depth[loopOf[block]];
  }

  /** Whether {@code loop} contains {@code block}; takes time linear in how much deeper that is. */
  public boolean contains(int loop, int block) {
    int inner = loopOf[block];
    while (inner != NONE && depth[inner] > depth[loop]) {
      inner = parent[inner];
    }
    return inner == loop;
  }

  /** Whether {@code block} is the header of a loop. */
  public boolean isHeader(int block) {
    return loopOf[block] != NONE && header[loopOf[block]] == block;
  }
}

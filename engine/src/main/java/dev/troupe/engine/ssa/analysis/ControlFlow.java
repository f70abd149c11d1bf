package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.GraphAnalysis;
import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reverse postorder of the blocks that the entry reaches, and the edges that arrive at each of
 * them. Edges of unreachable blocks are left out.
 */
public final class ControlFlow implements GraphAnalysis {
  private final SsaFunction function;
  private final int[] order;
  private final int[] number;
  private final int size;
  private final int[] incomingStart;
  private final int[] incomingEdges;
  private @Nullable DominatorTree dominators;
  private @Nullable LoopTree loops;

  private ControlFlow(SsaFunction function) {
    this.function = function;
    this.number = new int[function.blockCount()];
    int[] postorder = new int[function.blockCount()];
    this.size = walk(postorder);
    this.order = new int[size];
    Arrays.fill(number, SsaFunction.NONE);
    for (int i = 0; i < size; i++) {
      order[i] = postorder[size - 1 - i];
      number[order[i]] = i;
    }
    this.incomingStart = new int[function.blockCount() + 1];
    this.incomingEdges = collectIncoming();
  }

  /**
   * The snapshot of {@code function} as it is now. Takes time linear in blocks and edges, or none
   * when they are those of the last snapshot.
   */
  public static ControlFlow of(SsaFunction function) {
    if (function.keptAnalysis() instanceof ControlFlow kept) {
      return kept;
    }
    ControlFlow flow = new ControlFlow(function);
    function.keepAnalysis(flow);
    return flow;
  }

  /** A snapshot that is computed anew. */
  static ControlFlow compute(SsaFunction function) {
    return new ControlFlow(function);
  }

  /** Whether two snapshots say the same. */
  boolean isSameAs(ControlFlow other) {
    return Arrays.equals(order, other.order)
        && Arrays.equals(number, other.number)
        && Arrays.equals(incomingStart, other.incomingStart)
        && Arrays.equals(incomingEdges, other.incomingEdges);
  }

  DominatorTree dominators() {
    if (dominators == null) {
      dominators = new DominatorTree(this);
    }
    return dominators;
  }

  LoopTree loops() {
    if (loops == null) {
      loops = new LoopTree(this, dominators());
    }
    return loops;
  }

  /**
   * Depth first without recursion; successors are taken last to first, so that the order keeps the
   * first successor of a block close behind it.
   */
  private int walk(int[] postorder) {
    int[] stack = new int[function.blockCount() + 1];
    int[] nextEdge = new int[function.blockCount()];
    boolean[] seen = new boolean[function.blockCount()];
    int depth = 0;
    int done = 0;
    int entry = function.entry();
    seen[entry] = true;
    nextEdge[entry] = function.edgeCount(function.terminator(entry));
    stack[depth++] = entry;
    while (depth > 0) {
      int block = stack[depth - 1];
      if (nextEdge[block] == 0) {
        postorder[done++] = block;
        depth--;
        continue;
      }
      int terminator = function.terminator(block);
      int successor = function.target(function.edge(terminator, --nextEdge[block]));
      if (!seen[successor]) {
        seen[successor] = true;
        nextEdge[successor] = function.edgeCount(function.terminator(successor));
        stack[depth++] = successor;
      }
    }
    return done;
  }

  private int[] collectIncoming() {
    for (int i = 0; i < size; i++) {
      int terminator = function.terminator(order[i]);
      for (int k = 0; k < function.edgeCount(terminator); k++) {
        incomingStart[function.target(function.edge(terminator, k)) + 1]++;
      }
    }
    for (int b = 0; b < function.blockCount(); b++) {
      incomingStart[b + 1] += incomingStart[b];
    }
    int[] edges = new int[incomingStart[function.blockCount()]];
    int[] fill = incomingStart.clone();
    for (int i = 0; i < size; i++) {
      int terminator = function.terminator(order[i]);
      for (int k = 0; k < function.edgeCount(terminator); k++) {
        int edge = function.edge(terminator, k);
        edges[fill[function.target(edge)]++] = edge;
      }
    }
    return edges;
  }

  /** The function. */
  public SsaFunction function() {
    return function;
  }

  /** Number of reachable blocks. */
  public int size() {
    return size;
  }

  /** Block at {@code position} of the reverse postorder; 0 is the entry. */
  public int block(int position) {
    return order[position];
  }

  /** Position of {@code block} in the reverse postorder, or {@link SsaFunction#NONE}. */
  public int number(int block) {
    return number[block];
  }

  /** Whether the entry reaches {@code block}. */
  public boolean isReachable(int block) {
    return number[block] != SsaFunction.NONE;
  }

  /** Number of edges that arrive at {@code block}; a terminator may contribute several. */
  public int incomingCount(int block) {
    return incomingStart[block + 1] - incomingStart[block];
  }

  /** Arriving edge {@code position} of {@code block}, ordered by source in reverse postorder. */
  public int incoming(int block, int position) {
    return incomingEdges[incomingStart[block] + position];
  }
}

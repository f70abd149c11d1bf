package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/**
 * Immediate dominators by the Semi-NCA algorithm (Georgiadis, "Linear-Time Algorithms for
 * Dominators and Related Problems", 2005), and preorder intervals of the tree for a constant-time
 * test. The simpler iterative algorithms take quadratic time on thousands of branches to one block,
 * which ordinary programs contain.
 */
public final class DominatorTree {
  private final ControlFlow flow;
  private final int[] parent;
  private final int[] enter;
  private final int[] leave;
  private final int[] preorder;

  DominatorTree(ControlFlow flow) {
    this.flow = flow;
    int blocks = flow.function().blockCount();
    this.parent = new int[blocks];
    this.enter = new int[blocks];
    this.leave = new int[blocks];
    this.preorder = new int[flow.size()];
    Arrays.fill(parent, SsaFunction.NONE);
    solve();
    number();
  }

  /** The dominator tree of the reachable blocks. */
  public static DominatorTree of(ControlFlow flow) {
    return flow.dominators();
  }

  /** Numbers below are positions in a depth-first preorder, whose tree {@code ancestor} holds. */
  private void solve() {
    SsaFunction function = flow.function();
    int size = flow.size();
    int[] vertex = new int[size];
    int[] ancestor = new int[size];
    int[] preorderOf = depthFirst(vertex, ancestor);
    int[] dominator = ancestor.clone();
    int[] semi = new int[size];
    int[] label = new int[size];
    for (int i = 0; i < size; i++) {
      semi[i] = i;
      label[i] = i;
    }
    int[] path = new int[size];
    for (int i = size - 1; i > 0; i--) {
      semi[i] = ancestor[i];
      int block = vertex[i];
      for (int k = 0; k < flow.incomingCount(block); k++) {
        int source = preorderOf[function.sourceBlock(flow.incoming(block, k))];
        int candidate = semi[evaluate(source, i + 1, ancestor, label, semi, path)];
        semi[i] = Math.min(semi[i], candidate);
      }
    }
    for (int i = 1; i < size; i++) {
      int candidate = dominator[i];
      while (candidate > semi[i]) {
        candidate = dominator[candidate];
      }
      dominator[i] = candidate;
      parent[vertex[i]] = vertex[candidate];
    }
  }

  /** Fills preorder and tree; returns the preorder number of each block. */
  private int[] depthFirst(int[] vertex, int[] ancestor) {
    SsaFunction function = flow.function();
    int[] numbers = new int[function.blockCount()];
    Arrays.fill(numbers, SsaFunction.NONE);
    int[] stack = new int[flow.size() + 1];
    int[] nextEdge = new int[function.blockCount()];
    int depth = 0;
    int count = 0;
    stack[depth++] = flow.block(0);
    numbers[flow.block(0)] = count;
    vertex[count++] = flow.block(0);
    while (depth > 0) {
      int block = stack[depth - 1];
      int terminator = function.terminator(block);
      if (nextEdge[block] == function.edgeCount(terminator)) {
        depth--;
        continue;
      }
      int successor = function.target(function.edge(terminator, nextEdge[block]++));
      if (numbers[successor] == SsaFunction.NONE) {
        numbers[successor] = count;
        ancestor[count] = numbers[block];
        vertex[count++] = successor;
        stack[depth++] = successor;
      }
    }
    return numbers;
  }

  /**
   * The vertex with the smallest semidominator on the way from {@code v} up to the vertices below
   * {@code lastLinked}, which are not linked yet. Compresses the way.
   */
  private static int evaluate(
      int v, int lastLinked, int[] ancestor, int[] label, int[] semi, int[] path) {
    if (ancestor[v] < lastLinked) {
      return label[v];
    }
    int depth = 0;
    int top = v;
    while (ancestor[top] >= lastLinked) {
      path[depth++] = top;
      top = ancestor[top];
    }
    int best = top;
    while (depth > 0) {
      int each = path[--depth];
      ancestor[each] = ancestor[best];
      if (semi[label[best]] < semi[label[each]]) {
        label[each] = label[best];
      }
      best = each;
    }
    return label[v];
  }

  /** Sizes of subtrees bottom up, then intervals top down; both follow reverse postorder. */
  private void number() {
    int[] subtree = new int[parent.length];
    for (int i = flow.size() - 1; i >= 0; i--) {
      int block = flow.block(i);
      subtree[block]++;
      if (i > 0) {
        subtree[parent[block]] += subtree[block];
      }
    }
    int[] next = new int[parent.length];
    for (int i = 0; i < flow.size(); i++) {
      int block = flow.block(i);
      int start = i == 0 ? 0 : next[parent[block]];
      enter[block] = start;
      leave[block] = start + subtree[block];
      next[block] = start + 1;
      if (i > 0) {
        next[parent[block]] += subtree[block];
      }
      preorder[start] = block;
    }
  }

  /** Immediate dominator of {@code block}; {@link SsaFunction#NONE} for entry and unreachable. */
  public int parent(int block) {
    return parent[block];
  }

  /**
   * Whether every path from the entry to {@code to} passes {@code from}; a block dominates itself.
   */
  public boolean dominates(int from, int to) {
    return flow.isReachable(from)
        && flow.isReachable(to)
        && enter[from] <= enter[to]
        && leave[to] <= leave[from];
  }

  /** Number of reachable blocks. */
  public int size() {
    return preorder.length;
  }

  /** Block at {@code position} of a preorder of the tree: parents come before children. */
  public int preorder(int position) {
    return preorder[position];
  }

  /** Position of {@code block} in the preorder. */
  public int enter(int block) {
    return enter[block];
  }

  /** One past the last position of the subtree of {@code block} in the preorder. */
  public int leave(int block) {
    return leave[block];
  }
}

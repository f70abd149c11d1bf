package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/**
 * Immediate dominators by the iteration of Cooper, Harvey and Kennedy over reverse postorder, and
 * preorder intervals of the tree for a constant-time test.
 */
public final class DominatorTree {
  private final ControlFlow flow;
  private final int[] parent;
  private final int[] enter;
  private final int[] leave;
  private final int[] preorder;

  private DominatorTree(ControlFlow flow) {
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
    return new DominatorTree(flow);
  }

  private void solve() {
    int entry = flow.block(0);
    parent[entry] = entry;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 1; i < flow.size(); i++) {
        int block = flow.block(i);
        int common = SsaFunction.NONE;
        for (int k = 0; k < flow.incomingCount(block); k++) {
          int source = flow.function().sourceBlock(flow.incoming(block, k));
          if (parent[source] != SsaFunction.NONE) {
            common = common == SsaFunction.NONE ? source : intersect(common, source);
          }
        }
        if (parent[block] != common) {
          parent[block] = common;
          changed = true;
        }
      }
    }
    parent[entry] = SsaFunction.NONE;
  }

  private int intersect(int left, int right) {
    int a = left;
    int b = right;
    while (a != b) {
      while (flow.number(a) > flow.number(b)) {
        a = parent[a];
      }
      while (flow.number(b) > flow.number(a)) {
        b = parent[b];
      }
    }
    return a;
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

  /** Whether every path from the entry to {@code to} passes {@code from}; a block dominates itself. */
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

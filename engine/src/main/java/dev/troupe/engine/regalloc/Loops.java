package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * The loop nesting forest, by Havlak's algorithm restricted to reducible loops ("Nesting of
 * Reducible and Irreducible Loops", TOPLAS 1997). An irreducible entry is ignored: loops only steer
 * where ranges are split, never whether the result is right.
 */
final class Loops {
  /** The innermost loop of each block, named by its header block, or -1. */
  final int[] loopOf;

  /** The enclosing loop of the loop whose header is the index, or -1. */
  final int[] parent;

  /** All blocks, each before those that it leads to, but for back edges. */
  final int[] reversePostorder;

  /** Nesting depth of the loop whose header is the index; 1 for outermost loops. */
  private final int[] depth;

  Loops(RegallocFunction function) {
    int blocks = function.blockCount();
    loopOf = new int[blocks];
    parent = new int[blocks];
    Arrays.fill(loopOf, -1);
    Arrays.fill(parent, -1);
    int[] order = new int[blocks];
    int[] number = new int[blocks];
    int[] last = new int[blocks];
    reversePostorder = new int[blocks];
    int reached = depthFirst(function, order, number, last, reversePostorder);
    if (reached != blocks) {
      throw new IllegalArgumentException("a block is not reachable from block 0");
    }
    int[] collapsed = new int[blocks];
    for (int b = 0; b < blocks; b++) {
      collapsed[b] = b;
    }
    int[] stack = new int[blocks];
    boolean[] inBody = new boolean[blocks];
    for (int n = blocks - 1; n >= 0; n--) {
      collectBody(function, order[n], number, last, collapsed, stack, inBody);
    }
    // A block's innermost loop: its own if it is a header, else the loop it collapsed into first.
    for (int b = 0; b < blocks; b++) {
      if (isHeader(function, b, number, last)) {
        parent[b] = loopOf[b];
        loopOf[b] = b;
      }
    }
    depth = new int[blocks];
    for (int n = 0; n < blocks; n++) {
      int b = order[n];
      if (loopOf[b] == b) {
        depth[b] = parent[b] < 0 ? 1 : depth[parent[b]] + 1;
      }
    }
  }

  /** The innermost loop that contains both loops (-1: the whole function). */
  int common(int loopA, int loopB) {
    int a = loopA;
    int b = loopB;
    while (a != b) {
      int depthA = a < 0 ? 0 : depth[a];
      int depthB = b < 0 ? 0 : depth[b];
      if (depthA >= depthB) {
        a = parent[a];
      }
      if (depthB >= depthA) {
        b = parent[b];
      }
    }
    return a;
  }

  /** Nesting depth of a loop; 0 for -1, the whole function. */
  int depth(int loop) {
    return loop < 0 ? 0 : depth[loop];
  }

  private static boolean isHeader(RegallocFunction function, int block, int[] number, int[] last) {
    for (int p = 0; p < function.predecessorCount(block); p++) {
      if (isAncestor(block, function.predecessor(block, p), number, last)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAncestor(int ancestor, int block, int[] number, int[] last) {
    return number[ancestor] <= number[block] && number[block] <= last[ancestor];
  }

  private void collectBody(
      RegallocFunction function,
      int header,
      int[] number,
      int[] last,
      int[] collapsed,
      int[] stack,
      boolean[] inBody) {
    int size = 0;
    for (int p = 0; p < function.predecessorCount(header); p++) {
      int predecessor = function.predecessor(header, p);
      if (isAncestor(header, predecessor, number, last)) {
        int top = find(collapsed, predecessor);
        if (top != header && !inBody[top]) {
          inBody[top] = true;
          stack[size++] = top;
        }
      }
    }
    for (int at = 0; at < size; at++) {
      int member = stack[at];
      for (int p = 0; p < function.predecessorCount(member); p++) {
        int predecessor = function.predecessor(member, p);
        if (!isAncestor(header, predecessor, number, last)) {
          continue;
        }
        int top = find(collapsed, predecessor);
        if (top != header && !inBody[top]) {
          inBody[top] = true;
          stack[size++] = top;
        }
      }
    }
    for (int at = 0; at < size; at++) {
      inBody[stack[at]] = false;
      loopOf[stack[at]] = header;
      collapsed[stack[at]] = header;
    }
  }

  private static int find(int[] collapsed, int block) {
    int root = block;
    while (collapsed[root] != root) {
      root = collapsed[root];
    }
    int at = block;
    while (collapsed[at] != root) {
      int next = collapsed[at];
      collapsed[at] = root;
      at = next;
    }
    return root;
  }

  private static int depthFirst(
      RegallocFunction function, int[] order, int[] number, int[] last, int[] reversePostorder) {
    int blocks = function.blockCount();
    int unfinished = blocks;
    Arrays.fill(number, -1);
    int[] stack = new int[blocks + 1];
    int[] nextEdge = new int[blocks];
    int depth = 0;
    int count = 0;
    stack[depth++] = 0;
    number[0] = count;
    order[count++] = 0;
    while (depth > 0) {
      int block = stack[depth - 1];
      if (nextEdge[block] == function.successorCount(block)) {
        last[block] = count - 1;
        reversePostorder[--unfinished] = block;
        depth--;
        continue;
      }
      int successor = function.successor(block, nextEdge[block]++);
      if (number[successor] < 0) {
        number[successor] = count;
        order[count++] = successor;
        stack[depth++] = successor;
      }
    }
    return count;
  }

  /** The child of {@code ancestor} (-1: the whole function) that contains {@code block}, or -1. */
  int childContaining(int ancestor, int block) {
    int loop = loopOf[block];
    if (loop == ancestor) {
      return -1;
    }
    while (loop >= 0 && parent[loop] != ancestor) {
      loop = parent[loop];
    }
    return loop;
  }
}

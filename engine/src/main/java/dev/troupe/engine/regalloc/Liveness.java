package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * Builds the live range of each virtual register by walking from every use up the predecessors to
 * the definition (Boissinot et al., "Fast liveness checking", and Appel's variable-by-variable
 * method): cost proportional to the size of the answer, no bit matrix.
 */
final class Liveness {
  private final Input input;
  private final Pieces pieces;
  private final int[] stamp;
  private final int[] endInBlock;
  private final int[] liveBlocks;
  private int liveCount;

  /** Blocks visited: the work measure of this stage. */
  long work;

  Liveness(Input input, Pieces pieces) {
    this.input = input;
    this.pieces = pieces;
    stamp = new int[input.blockCount];
    endInBlock = new int[input.blockCount];
    liveBlocks = new int[input.blockCount];
    Arrays.fill(stamp, -1);
  }

  /**
   * Makes one bundle per virtual register, with the same number; bundles of dead ones are empty.
   */
  void run() {
    for (int v = 0; v < input.vregCount; v++) {
      int bundle = pieces.newBundle(v, 0);
      if (bundle != v) {
        throw new IllegalStateException("bundles must start out as virtual registers");
      }
      build(v);
    }
  }

  private void build(int v) {
    int firstEntry = input.entryFirst[v];
    int endEntry = input.entryFirst[v + 1];
    if (firstEntry == endEntry) {
      return;
    }
    int definition = input.definitionPoint[v];
    if (definition < 0) {
      throw new IllegalArgumentException("virtual register " + v + " is used but never defined");
    }
    if (endEntry - firstEntry == 1) {
      buildDead(v, firstEntry);
      return;
    }
    int home = input.definitionBlock[v];
    if (input.definitionOperand[v] >= 0 && definition >= Points.early(input.terminator(home))) {
      throw new IllegalArgumentException(
          "terminator of block " + home + " defines virtual register " + v + ", which is used");
    }
    liveCount = 0;
    mark(v, home, definition);
    for (int e = firstEntry; e < endEntry; e++) {
      if ((input.entryFlags[e] & Input.DEFINITION) != 0) {
        continue;
      }
      int end = input.entryEnd(e);
      int block = input.blockAt(input.entryPoint[e]);
      if (block == home && end <= definition) {
        throw new IllegalArgumentException(
            "virtual register " + v + " is used before its definition");
      }
      mark(v, block, end);
    }
    spreadUp(v, home);
    emit(v, home, definition, firstEntry, endEntry);
  }

  private void buildDead(int v, int entry) {
    int flags = input.entryFlags[entry];
    if ((flags & Input.DEFINITION) == 0) {
      throw new IllegalArgumentException("virtual register " + v + " is used but never defined");
    }
    if ((flags & Input.READS_GAP) != 0 || input.rematerializable[v]) {
      return; // a fixed result or a parameter that nobody wants, an instruction to drop
    }
    int piece =
        pieces.newPiece(input.definitionPoint[v], input.entryEnd(entry), v, entry, entry + 1);
    pieces.append(v, piece);
  }

  private void mark(int v, int block, int end) {
    if (stamp[block] != v) {
      stamp[block] = v;
      endInBlock[block] = end;
      liveBlocks[liveCount++] = block;
    } else if (endInBlock[block] < end) {
      endInBlock[block] = end;
    }
  }

  private void spreadUp(int v, int home) {
    for (int at = 0; at < liveCount; at++) {
      int block = liveBlocks[at];
      if (block == home) {
        continue;
      }
      int predecessors = input.function.predecessorCount(block);
      if (predecessors == 0) {
        throw new IllegalArgumentException(
            "the definition of virtual register " + v + " does not dominate its uses");
      }
      for (int p = 0; p < predecessors; p++) {
        int predecessor = input.function.predecessor(block, p);
        mark(v, predecessor, input.blockEnd(predecessor));
      }
    }
    work += liveCount;
  }

  private void emit(int v, int home, int definition, int firstEntry, int endEntry) {
    Arrays.sort(liveBlocks, 0, liveCount);
    int entry = firstEntry;
    int piece = -1;
    for (int at = 0; at < liveCount; at++) {
      int block = liveBlocks[at];
      int from = block == home ? definition : input.blockStart(block);
      if (from >= endInBlock[block] && block == home) {
        continue;
      }
      if (piece >= 0 && pieces.to[piece] == from) {
        pieces.to[piece] = endInBlock[block];
        continue;
      }
      entry = closePiece(piece, entry, endEntry);
      piece = pieces.newPiece(from, endInBlock[block], v, entry, entry);
      pieces.append(v, piece);
    }
    entry = closePiece(piece, entry, endEntry);
    if (entry != endEntry) {
      throw new IllegalStateException(
          "an entry of virtual register " + v + " is outside its range");
    }
  }

  private int closePiece(int piece, int firstEntry, int endEntry) {
    if (piece < 0) {
      return firstEntry;
    }
    int entry = firstEntry;
    while (entry < endEntry && input.entryPoint[entry] < pieces.to[piece]) {
      entry++;
    }
    pieces.entryEnd[piece] = entry;
    return entry;
  }
}

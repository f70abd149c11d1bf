package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/**
 * Static estimate of how often blocks and edges run per run of the function, the entry once.
 *
 * <p>Probabilities of branches come from {@link BranchPrediction}. Loops are solved from the inside
 * out, each on its own: one run of the header is spread over the loop's blocks in reverse
 * postorder, a solved inner loop counting as one block whose edges are its exits; what comes back
 * to the header says how often the loop goes round. Wu and Larus, "Static Branch Frequency and
 * Program Profile Analysis" (MICRO 1994), without their repeated walks: every block and edge is
 * seen once, and every exit once for each loop that it leaves.
 */
public final class BlockFrequency {
  /** No block is said to run less often than this, relative to the entry. */
  public static final float LEAST = 1e-6f;

  private static final float MOST = 1e9f;

  /** A loop that is never left goes round this often. */
  private static final float MOST_ROUNDS = 32;

  /** Of the estimate by depth alone. */
  private static final float ROUNDS_BY_DEPTH = 8;

  /** Exits seen per edge, on average, beyond which only the depth is looked at. */
  private static final int EXIT_WORK = 16;

  private final ControlFlow flow;
  private final SsaFunction function;
  private final LoopTree loops;
  private final boolean[] cold;
  private final float[] probability;
  private final float[] frequency;

  // One frame per loop, and a last one for the function. Mass is relative to the frame's header.
  private final int root;
  private final int[] memberStart;
  private final int[] members;
  private final float[] bodyMass;
  private final float[] headerMass;
  private final float[] rounds;
  private float back;

  // Where the loops lead: those of loop l are at exitStart[l] until exitEnd[l].
  private final int[] exitStart;
  private final int[] exitEnd;
  private int[] exitTarget = new int[16];
  private float[] exitMass = new float[16];
  private int exitCount;
  private final int[] exitOf;
  private long work;

  private BlockFrequency(ControlFlow flow, LoopTree loops, boolean[] cold) {
    this.flow = flow;
    this.function = flow.function();
    this.loops = loops;
    this.cold = cold;
    this.root = loops.size();
    int blocks = function.blockCount();
    this.probability = new float[function.edgeLimit()];
    this.frequency = new float[blocks];
    this.bodyMass = new float[blocks];
    this.headerMass = new float[root];
    this.rounds = new float[root];
    this.exitStart = new int[root + 1];
    this.exitEnd = new int[root + 1];
    this.exitOf = new int[blocks];
    this.memberStart = new int[root + 2];
    this.members = new int[flow.size() + root];
    BranchPrediction prediction = new BranchPrediction(flow, loops, cold);
    for (int k = 0; k < flow.size(); k++) {
      prediction.predict(flow.block(k), probability);
    }
    collectMembers();
    Arrays.fill(frequency, LEAST);
    if (solve()) {
      scale();
    } else {
      estimateByDepth();
    }
  }

  /** The estimate for {@code function} as it is now. */
  public static BlockFrequency of(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    return of(flow, LoopTree.of(flow, dominators), dominators);
  }

  /** The same for a caller that has the other analyses. */
  public static BlockFrequency of(ControlFlow flow, LoopTree loops, DominatorTree dominators) {
    return new BlockFrequency(flow, loops, ColdBlocks.of(flow, dominators));
  }

  /** Runs of {@code block} per run of the entry; at least {@link #LEAST}. */
  public float frequency(int block) {
    return frequency[block];
  }

  /** Probability that {@code edge} is taken when its block ends; those of a block sum up to 1. */
  public float probability(int edge) {
    return probability[edge];
  }

  /** Runs of {@code edge} per run of the entry; at least {@link #LEAST}. */
  public float edgeFrequency(int edge) {
    return Math.max(LEAST, frequency[function.sourceBlock(edge)] * probability[edge]);
  }

  /** Whether {@code block} next to never runs, see {@link ColdBlocks}. */
  public boolean isCold(int block) {
    return cold[block];
  }

  private int frame(int block) {
    int loop = loops.loop(block);
    return loop == LoopTree.NONE ? root : loop;
  }

  private int outer(int loop) {
    int parent = loops.parent(loop);
    return parent == LoopTree.NONE ? root : parent;
  }

  /** The blocks of each frame and the headers of the loops directly in it, in reverse postorder. */
  private void collectMembers() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      memberStart[frame(block) + 1]++;
      if (loops.isHeader(block)) {
        memberStart[outer(loops.loop(block)) + 1]++;
      }
    }
    for (int frame = 0; frame <= root; frame++) {
      memberStart[frame + 1] += memberStart[frame];
    }
    int[] fill = memberStart.clone();
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      members[fill[frame(block)]++] = block;
      if (loops.isHeader(block)) {
        members[fill[outer(loops.loop(block))]++] = block;
      }
    }
  }

  /** Inner loops have larger numbers than those around them. */
  private boolean solve() {
    Arrays.fill(exitOf, -1);
    long limit = EXIT_WORK * (long) (flow.size() + probability.length);
    for (int loop = root - 1; loop >= 0; loop--) {
      bodyMass[loops.header(loop)] = 1;
      solve(loop);
      rounds[loop] = 1 / Math.max(1 - back, 1 / MOST_ROUNDS);
      for (int x = exitStart[loop]; x < exitEnd[loop]; x++) {
        exitMass[x] *= rounds[loop];
        exitOf[exitTarget[x]] = -1;
      }
      if (work > limit) {
        return false;
      }
    }
    bodyMass[function.entry()] = 1;
    solve(root);
    return true;
  }

  private void solve(int frame) {
    back = 0;
    exitStart[frame] = exitCount;
    for (int m = memberStart[frame]; m < memberStart[frame + 1]; m++) {
      int block = members[m];
      int inner = frame(block);
      if (inner == frame) {
        int terminator = function.terminator(block);
        for (int n = 0; n < function.edgeCount(terminator); n++) {
          int edge = function.edge(terminator, n);
          flow(frame, function.target(edge), bodyMass[block] * probability[edge]);
        }
      } else {
        work += exitEnd[inner] - exitStart[inner];
        for (int x = exitStart[inner]; x < exitEnd[inner]; x++) {
          flow(frame, exitTarget[x], headerMass[inner] * exitMass[x]);
        }
      }
    }
    exitEnd[frame] = exitCount;
  }

  private void flow(int frame, int target, float mass) {
    int inner = frame(target);
    if (frame != root && target == loops.header(frame)) {
      back += mass;
    } else if (inner == frame) {
      bodyMass[target] += mass;
    } else if (inner != root && outer(inner) == frame && loops.header(inner) == target) {
      headerMass[inner] += mass;
    } else if (frame != root && !loops.contains(frame, target)) {
      exit(target, mass);
    }
    // Else a jump into the middle of a loop, which the front end does not make.
  }

  private void exit(int target, float mass) {
    if (exitOf[target] >= 0) {
      exitMass[exitOf[target]] += mass;
      return;
    }
    if (exitCount == exitTarget.length) {
      exitTarget = Arrays.copyOf(exitTarget, exitCount * 2);
      exitMass = Arrays.copyOf(exitMass, exitCount * 2);
    }
    exitOf[target] = exitCount;
    exitTarget[exitCount] = target;
    exitMass[exitCount++] = mass;
  }

  private void scale() {
    float[] scale = new float[root + 1];
    scale[root] = 1;
    for (int loop = 0; loop < root; loop++) {
      scale[loop] = headerMass[loop] * scale[outer(loop)] * rounds[loop];
    }
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      float runs = bodyMass[block] * scale[frame(block)];
      frequency[block] = Math.max(LEAST, Math.min(runs, MOST));
    }
  }

  private void estimateByDepth() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      double runs = Math.pow(ROUNDS_BY_DEPTH, Math.min(loops.depth(block), 9));
      frequency[block] = (float) (cold[block] ? runs / 1024 : runs);
    }
  }
}

package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Leads edges past branches that they decide: where a block ends in a branch on a flag, a state or
 * a condition that was tested before, and it is known along some of the edges to it which way that
 * will go, these edges lead to a copy of the block that goes there. All edges that go one way share
 * one copy, and the last way takes the block itself if no edge is left undecided.
 *
 * <p>A copy is small (six instructions, and a tenth of the function in all), and what it computes
 * is computed once per run as before; a test and a jump go. Cold edges stay, and so do branches
 * that {@link IfConversion} takes, unless every edge decides them.
 *
 * <p>No loop gets a second entry. Copying a block that heads no loop makes none: each circle in the
 * new graph is one in the old graph, with the same header. A copy of a header is made where it
 * leaves the loop, or where a round that ends at a block goes on at one that dominates this block,
 * which becomes the header of an inner loop.
 */
public final class JumpThreading {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_COPIED = 6;
  private static final int MOST_CONSTANTS = 8;

  /** Values of a copied block that are used elsewhere. */
  private static final int MOST_VALUES = 8;

  /** Blocks with one predecessor that are looked back through. */
  private static final int MOST_STEPS = 8;

  /** Edges that repair may pass arguments along, per block of the function, and in all. */
  private static final int REPAIR_WORK = 64;

  private static final int MOST_REPAIR_WORK = 4_000_000;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final BlockCopier copier;
  private final PathFacts facts;
  private final IfConversion conversion;
  private final boolean[] isUsedElsewhere;
  // Edges from copies to originals, and the one edge to a copy or NONE.
  private final @Nullable IntList[] added;
  private final IntList edgeToCopy = new IntList();
  private final IntList originalOfCopy = new IntList();
  private final boolean[] headsNewLoop;
  // Edges to the blocks before a position in the preorder of the dominator tree.
  private final int[] edgesBefore;
  private int budget;
  private int emptyBudget;
  private long repairBudget;

  private JumpThreading(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
    this.dominators = DominatorTree.of(flow);
    this.loops = LoopTree.of(flow, dominators);
    this.copier = new BlockCopier(function);
    this.facts = new PathFacts(function, copier);
    this.conversion = new IfConversion(function);
    this.added = new IntList[function.blockCount()];
    this.headsNewLoop = new boolean[function.blockCount()];
    this.isUsedElsewhere = new boolean[function.valueCount()];
    this.repairBudget = Math.min(REPAIR_WORK * (flow.size() + 64L), MOST_REPAIR_WORK);
    this.edgesBefore = new int[dominators.size() + 1];
    for (int k = 0; k < dominators.size(); k++) {
      edgesBefore[k + 1] = edgesBefore[k] + 1 + flow.incomingCount(dominators.preorder(k));
    }
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    if (hasCandidate(function)) {
      new JumpThreading(function).run();
    }
  }

  private void run() {
    int instructions = 0;
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        instructions++;
        noteUses(block, i);
      }
    }
    budget = 16 + instructions / 10;
    emptyBudget = 16 + flow.size();
    boolean changed = false;
    for (int k = 1; k < flow.size(); k++) {
      int block = flow.block(k);
      if ((flow.incomingCount(block) > 1 || added[block] != null) && isCandidate(function, block)) {
        changed |= visit(block);
      }
    }
    if (changed) {
      copier.finish();
    }
  }

  private static boolean hasCandidate(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    for (int k = 1; k < flow.size(); k++) {
      if (flow.incomingCount(flow.block(k)) > 1 && isCandidate(function, flow.block(k))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCandidate(SsaFunction function, int block) {
    SsaOp op = function.op(function.terminator(block));
    return (op == SsaOp.BR_IF || op == SsaOp.BR_TABLE)
        && !function.isCold(block)
        && size(function, block) <= MOST_COPIED
        && BlockCopier.mayCopy(function, block);
  }

  /** Instructions of a block that make code, or one more than may be copied. */
  private static int size(SsaFunction function, int block) {
    int size = 0;
    int constants = 0;
    int terminator = function.terminator(block);
    for (int i = function.firstInstruction(block); i != terminator; i = function.next(i)) {
      SsaOp op = function.op(i);
      boolean isConstant = op == SsaOp.ICONST || op == SsaOp.FCONST;
      size += isConstant ? 0 : 1;
      constants += isConstant ? 1 : 0;
      if (size > MOST_COPIED || constants > MOST_CONSTANTS) {
        return MOST_COPIED + 1;
      }
    }
    return size;
  }

  private void noteUses(int block, int i) {
    for (int k = 0; k < function.operandCount(i); k++) {
      noteUse(block, function.operand(i, k));
    }
    for (int n = 0; n < function.edgeCount(i); n++) {
      int edge = function.edge(i, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        noteUse(block, function.argument(edge, k));
      }
    }
  }

  private void noteUse(int block, int value) {
    isUsedElsewhere[value] |= function.definingBlock(value) != block;
  }

  // ---- one block

  private boolean visit(int block) {
    int terminator = function.terminator(block);
    TreeMap<Integer, IntList> ways = new TreeMap<>();
    int undecided = 0;
    for (int k = 0; k < flow.incomingCount(block); k++) {
      if (function.target(flow.incoming(block, k)) == block) {
        undecided += decide(block, terminator, flow.incoming(block, k), ways) ? 0 : 1;
      }
    }
    IntList others = added[block];
    for (int k = 0; others != null && k < others.size(); k++) {
      undecided += decide(block, terminator, others.get(k), ways) ? 0 : 1;
    }
    if (ways.isEmpty() || undecided > 0 && isConvertible(block, terminator)) {
      return false;
    }
    int stays = undecided > 0 ? NONE : wayThatStays(block, terminator, ways);
    boolean changed = false;
    boolean allLeft = true;
    for (var way : ways.entrySet()) {
      if (way.getKey() != stays) {
        boolean done = thread(block, terminator, way.getKey(), way.getValue());
        changed |= done;
        allLeft &= done;
      }
    }
    if (stays != NONE && allLeft) {
      function.keepOnlyEdge(terminator, stays);
      changed = true;
    }
    return changed;
  }

  private boolean isConvertible(int block, int terminator) {
    for (int n = 0; n < function.edgeCount(terminator); n++) {
      if (copier.isCopy(function.target(function.edge(terminator, n)))) {
        return false;
      }
    }
    return conversion.isConvertible(block);
  }

  private boolean decide(int block, int terminator, int edge, TreeMap<Integer, IntList> ways) {
    if (function.op(function.sourceTerminator(edge)).hasHandlers()) {
      return false;
    }
    findWay(block, edge);
    int position = facts.outcome(terminator);
    if (position == NONE || !isReducible(block, edge, function.edge(terminator, position))) {
      return false;
    }
    ways.computeIfAbsent(position, key -> new IntList(2)).add(edge);
    return true;
  }

  /** Of ways that all edges are decided for: one that goes round a loop, or else the most usual. */
  private int wayThatStays(int block, int terminator, TreeMap<Integer, IntList> ways) {
    int best = NONE;
    int most = 0;
    for (var way : ways.entrySet()) {
      if (goesBack(block, function.edge(terminator, way.getKey()))) {
        return way.getKey();
      }
      if (way.getValue().size() > most) {
        best = way.getKey();
        most = way.getValue().size();
      }
    }
    return best;
  }

  private boolean goesBack(int block, int edge) {
    return dominators.dominates(original(function.target(edge)), block);
  }

  private boolean isReducible(int block, int edge, int onward) {
    int next = function.target(onward);
    if (!loops.isHeader(block) || !loops.contains(loops.loop(block), original(next))) {
      return true;
    }
    int source = function.sourceBlock(edge);
    return next != block
        && !copier.isCopy(next)
        && !copier.isCopy(source)
        && dominators.dominates(block, source)
        && dominators.dominates(next, source);
  }

  /** Makes a copy for one way and leads the edges there; says whether it did. */
  private boolean thread(int block, int terminator, int position, IntList edges) {
    int onward = function.edge(terminator, position);
    int next = function.target(onward);
    int size = size(function, block);
    long work = repairWork(block);
    if (goesBack(block, onward)
        || headsNewLoop[block]
        || function.isCold(next)
        || size > budget
        || work > repairBudget) {
      return false;
    }
    budget -= size;
    repairBudget -= work;
    if (size > 0 || edges.size() > emptyBudget) {
      leadToCopy(block, position, edges);
      return true;
    }
    // Without instructions a copy costs nothing, and one edge may decide the next branch, too.
    emptyBudget -= edges.size();
    for (int k = 0; k < edges.size(); k++) {
      IntList single = new IntList(1);
      single.add(edges.get(k));
      leadToCopy(block, position, single);
    }
    return true;
  }

  private void leadToCopy(int block, int position, IntList edges) {
    int copy = copier.copy(block, position);
    for (int k = 0; k < edges.size(); k++) {
      function.setTarget(edges.get(k), copy);
    }
    edgeToCopy.add(edges.size() == 1 && !loops.isHeader(block) ? edges.get(0) : NONE);
    originalOfCopy.add(block);
    int onward = function.edge(function.terminator(copy), 0);
    int next = function.target(onward);
    addEdge(onward, next);
    headsNewLoop[original(next)] |=
        loops.isHeader(block) && loops.contains(loops.loop(block), original(next));
  }

  /** Notes a new edge; the copy of a block that it leads to has more than one now. */
  private void addEdge(int edge, int next) {
    if (copier.isCopy(next)) {
      edgeToCopy.set(next - added.length, NONE);
      return;
    }
    IntList list = added[next];
    if (list == null) {
      list = new IntList(2);
      added[next] = list;
    }
    list.add(edge);
  }

  /** Edges that are visited for the values of {@code block}; too many if there are many values. */
  private long repairWork(int block) {
    int values = 0;
    for (int p = 0; p < function.parameterCount(block); p++) {
      values += isUsedElsewhere[function.parameter(block, p)] ? 1 : 0;
    }
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      for (int r = 0; r < function.resultCount(i); r++) {
        int value = function.result(i, r);
        values += isUsedElsewhere[value] && !SsaRepair.isConstant(function, value) ? 1 : 0;
      }
    }
    long below = (long) edgesBefore[dominators.leave(block)] - edgesBefore[dominators.enter(block)];
    return values > MOST_VALUES ? Long.MAX_VALUE : values * below;
  }

  // ---- the way of an edge

  private void findWay(int block, int edge) {
    facts.clear(block);
    int to = block;
    int each = edge;
    for (int steps = 0; steps < MOST_STEPS && each != NONE; steps++) {
      facts.addEdge(each, to);
      int source = function.sourceBlock(each);
      each = onlyEdge(source);
      to = original(source);
    }
    facts.complete();
  }

  private int original(int block) {
    return copier.isCopy(block) ? originalOfCopy.get(block - added.length) : block;
  }

  /** The edge that leads to {@code block} alone, and not to the header of a loop. */
  private int onlyEdge(int block) {
    if (copier.isCopy(block)) {
      return edgeToCopy.get(block - added.length);
    }
    int count = flow.incomingCount(block);
    if (count > MOST_STEPS || added[block] != null || loops.isHeader(block)) {
      return NONE;
    }
    int only = NONE;
    for (int k = 0; k < count; k++) {
      int edge = flow.incoming(block, k);
      if (function.target(edge) == block) {
        if (only != NONE) {
          return NONE;
        }
        only = edge;
      }
    }
    return only;
  }
}

package dev.troupe.engine.compile;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.CallSplicer;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.wasm.FuncBody;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Replaces calls of small functions by their bodies. Which calls depends on the module and the
 * caller alone, so that the bytes do not depend on the order in which functions are compiled. One
 * per thread: it keeps a few prepared bodies, and prepares them again when others took their place.
 *
 * <p>A body is prepared bottom-up: with calls of functions in lower {@linkplain CallGraph#component
 * components} inlined already, and simplified. A function's calls of itself are replaced a few
 * levels deep.
 */
final class Inliner {
  private static final int NONE = SsaFunction.NONE;

  /** Prepared bodies kept: a power of two. A body has a few hundred instructions at most. */
  private static final int KEPT = 256;

  /** Largest body that is looked at, in bytes of WebAssembly. */
  private static final int MOST_BODY_BYTES = 600;

  private static final int MOST_LOCALS = 50;

  /** Longest chain of calls in one prepared body; bounds the recursion here. */
  private static final int MOST_HEIGHT = 8;

  /** The largest of all the limits on callees. */
  private static final int MOST_SIZE = 120;

  /** Largest callee in instructions: outside of loops, in a loop, in a loop in a loop. */
  private static final int[] LIMIT = {8, 25, 40};

  /** More for the only call of a function. */
  private static final int ONLY_CALL_FACTOR = 2;

  /** Inside of prepared bodies: about what the call itself takes. */
  private static final int BODY_LIMIT = 8;

  /** Growth of a caller: this, or half of it if that is more. */
  private static final int GROWTH = 160;

  private static final int MOST_GROWTH = 2000;

  /** Growth of a function by calls of itself. */
  private static final int RECURSION_GROWTH = 150;

  private static final int RECURSION_LEVELS = 3;

  /** A prepared body. */
  private record Body(int index, @Nullable SsaFunction function) {}

  private final ModulePlan plan;
  private final CallGraph graph;
  private final IntFunction<@Nullable SsaFunction> translator;
  private final @Nullable Body[] kept = new @Nullable Body[KEPT];

  /**
   * @param translator gives a function as the front end makes it, or null if it is invalid
   */
  Inliner(ModulePlan plan, CallGraph graph, IntFunction<@Nullable SsaFunction> translator) {
    this.plan = plan;
    this.graph = graph;
    this.translator = translator;
  }

  /** Inlines calls into a function as the front end makes it. */
  void run(SsaFunction caller) {
    inline(caller, false);
    recursion(caller);
  }

  // ---- bodies

  private boolean isCandidate(int callee) {
    FuncBody body = plan.module().body(callee);
    return graph.size(callee) <= MOST_SIZE
        && body.codeLength() <= MOST_BODY_BYTES
        && body.localCount() <= MOST_LOCALS;
  }

  private Body body(int callee) {
    int slot = callee & KEPT - 1;
    Body body = kept[slot];
    if (body == null || body.index != callee) {
      body = prepare(callee);
      kept[slot] = body;
    }
    return body;
  }

  private Body prepare(int callee) {
    SsaFunction function = translator.apply(callee);
    if (function == null) {
      return new Body(callee, null);
    }
    if (graph.height(callee) <= MOST_HEIGHT) {
      inline(function, true);
    }
    PassPipeline passes = PassPipeline.INLINED;
    int rows = passes.rows().size();
    passes.run(function, rows, plan.request().withoutPasses(), plan.request().debugChecks());
    return new Body(callee, function);
  }

  // ---- calls

  /**
   * @param forBody whether {@code caller} will be inlined itself
   */
  private void inline(SsaFunction caller, boolean forBody) {
    IntList calls = candidates(caller, forBody);
    if (calls.isEmpty()) {
      return;
    }
    LoopTree loops = loops(caller);
    int[] order = byDepth(caller, calls, loops);
    boolean[] chosen = new boolean[calls.size()];
    int growth = Math.min(MOST_GROWTH, Math.max(GROWTH, caller.instructionCount() / 2));
    for (int k : order) {
      int call = calls.get(k);
      int callee = caller.callee(call);
      int limit = forBody ? BODY_LIMIT : limit(callee, loops.depth(caller.block(call)));
      // What the call takes itself is no growth.
      int more = Math.max(0, graph.size(callee) - callSize(caller, call));
      if (graph.size(callee) <= limit && more <= growth) {
        growth -= more;
        chosen[k] = true;
      }
    }
    // From the last to the first, for the splicer's sake.
    for (int k = calls.size() - 1; k >= 0; k--) {
      if (chosen[k]) {
        splice(caller, calls.get(k));
      }
    }
  }

  private void splice(SsaFunction caller, int call) {
    SsaFunction callee = body(caller.callee(call)).function;
    if (callee != null && CallSplicer.canSplice(caller, call, callee)) {
      CallSplicer.splice(caller, call, callee);
    }
  }

  private int limit(int callee, int depth) {
    int limit = LIMIT[Math.min(depth, LIMIT.length - 1)];
    return graph.callSites(callee) == 1 ? limit * ONLY_CALL_FACTOR : limit;
  }

  private static int callSize(SsaFunction caller, int call) {
    return 2 + caller.operandCount(call) + caller.resultCount(call);
  }

  private static boolean isCold(SsaFunction caller, int block) {
    return caller.isCold(block) || caller.op(caller.terminator(block)) == SsaOp.TRAP;
  }

  private IntList candidates(SsaFunction caller, boolean forBody) {
    IntList calls = new IntList();
    for (int b = caller.entry(); b != NONE; b = caller.nextBlock(b)) {
      for (int i = caller.firstInstruction(b); i != NONE; i = caller.next(i)) {
        boolean isCall = caller.op(i) == SsaOp.CALL || caller.op(i) == SsaOp.TRY_CALL;
        if (isCall && mayInline(caller, i, forBody) && !isCold(caller, b)) {
          calls.add(i);
        }
      }
    }
    return calls;
  }

  /** A function that calls itself gains nothing outside of itself: most calls of it are inside. */
  private boolean mayInline(SsaFunction caller, int call, boolean forBody) {
    int callee = caller.callee(call);
    boolean below = graph.component(callee) < graph.component(caller.index());
    return (below || !forBody && callee != caller.index())
        && isCandidate(callee)
        && !graph.callsItself(callee);
  }

  private static LoopTree loops(SsaFunction caller) {
    ControlFlow flow = ControlFlow.of(caller);
    return LoopTree.of(flow, DominatorTree.of(flow));
  }

  /** Positions in {@code calls}, those in the deepest loops first. */
  private static int[] byDepth(SsaFunction caller, IntList calls, LoopTree loops) {
    long[] keys = new long[calls.size()];
    for (int k = 0; k < keys.length; k++) {
      int depth = loops.depth(caller.block(calls.get(k)));
      keys[k] = (long) -depth << Integer.SIZE | k;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int k = 0; k < keys.length; k++) {
      order[k] = (int) keys[k];
    }
    return order;
  }

  // ---- recursion

  private void recursion(SsaFunction caller) {
    if (!isCandidate(caller.index()) || calls(caller, caller.index()).isEmpty()) {
      return;
    }
    int growth = RECURSION_GROWTH;
    for (int level = 0; level < RECURSION_LEVELS; level++) {
      IntList calls = calls(caller, caller.index());
      growth -= calls.size() * graph.size(caller.index());
      if (growth < 0) {
        return;
      }
      for (int k = calls.size() - 1; k >= 0; k--) {
        splice(caller, calls.get(k));
      }
    }
  }

  private static IntList calls(SsaFunction caller, int callee) {
    IntList calls = new IntList();
    for (int b = caller.entry(); b != NONE; b = caller.nextBlock(b)) {
      for (int i = caller.firstInstruction(b); i != NONE; i = caller.next(i)) {
        if (caller.op(i) == SsaOp.CALL && caller.callee(i) == callee) {
          calls.add(i);
        }
      }
    }
    return calls;
  }
}

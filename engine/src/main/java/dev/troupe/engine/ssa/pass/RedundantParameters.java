package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import java.util.Arrays;

/**
 * Removes block parameters that always carry the same value, circles of them included.
 *
 * <p>An optimistic data-flow problem: a parameter starts without a value, takes the first one that
 * arrives, and stands for itself once a second one arrives. Each parameter changes at most twice,
 * and each change visits the places where the parameter is passed on.
 */
public final class RedundantParameters {
  private static final int UNKNOWN = -2;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final int[] state;
  // Where a parameter is an argument: lists of (edge, position) by value, in compressed rows.
  private final int[] useStart;
  private final int[] useEdge;
  private final int[] usePosition;
  private final IntList changed = new IntList();

  private RedundantParameters(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
    this.state = new int[function.valueCount()];
    this.useStart = new int[function.valueCount() + 1];
    int uses = countUses();
    this.useEdge = new int[uses];
    this.usePosition = new int[uses];
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    new RedundantParameters(function).solve();
  }

  private boolean isTracked(int value) {
    return function.isParameter(value) && function.definingBlock(value) != function.entry();
  }

  private int countUses() {
    for (int k = 0; k < flow.size(); k++) {
      int terminator = function.terminator(flow.block(k));
      for (int n = 0; n < function.edgeCount(terminator); n++) {
        int edge = function.edge(terminator, n);
        for (int m = 0; m < function.argumentCount(edge); m++) {
          if (isTracked(function.argument(edge, m))) {
            useStart[function.argument(edge, m) + 1]++;
          }
        }
      }
    }
    for (int value = 0; value < function.valueCount(); value++) {
      useStart[value + 1] += useStart[value];
    }
    return useStart[function.valueCount()];
  }

  private void solve() {
    Arrays.fill(state, UNKNOWN);
    int[] fill = useStart.clone();
    for (int k = 0; k < flow.size(); k++) {
      int terminator = function.terminator(flow.block(k));
      for (int n = 0; n < function.edgeCount(terminator); n++) {
        int edge = function.edge(terminator, n);
        for (int m = 0; m < function.argumentCount(edge); m++) {
          int argument = function.argument(edge, m);
          if (isTracked(argument)) {
            useEdge[fill[argument]] = edge;
            usePosition[fill[argument]++] = m;
          } else {
            meet(edge, m);
          }
        }
      }
    }
    while (!changed.isEmpty()) {
      int parameter = changed.removeLast();
      for (int use = useStart[parameter]; use < useStart[parameter + 1]; use++) {
        meet(useEdge[use], usePosition[use]);
      }
    }
    replace();
  }

  private void meet(int edge, int position) {
    int parameter = function.parameter(function.target(edge), position);
    int argument = function.argument(edge, position);
    int value = isTracked(argument) ? state[argument] : argument;
    int old = state[parameter];
    if (value == UNKNOWN || value == old || old == parameter || value == parameter) {
      return;
    }
    state[parameter] = old == UNKNOWN ? value : parameter;
    changed.add(parameter);
  }

  private void replace() {
    Forwarding forwarding = new Forwarding(function);
    for (int k = 1; k < flow.size(); k++) {
      int block = flow.block(k);
      boolean[] keep = new boolean[function.parameterCount(block)];
      boolean all = true;
      for (int n = 0; n < keep.length; n++) {
        int parameter = function.parameter(block, n);
        assert state[parameter] != UNKNOWN : "no value arrives at v" + parameter;
        keep[n] = state[parameter] == parameter;
        all &= keep[n];
        if (!keep[n]) {
          forwarding.forward(parameter, state[parameter]);
        }
      }
      if (!all) {
        retain(function, flow, block, keep);
      }
    }
    forwarding.apply();
  }

  /** Keeps some parameters of a block and the arguments for them. */
  static void retain(SsaFunction function, ControlFlow flow, int block, boolean[] keep) {
    function.retainParameters(block, keep);
    for (int n = 0; n < flow.incomingCount(block); n++) {
      function.retainArguments(flow.incoming(block, n), keep);
    }
  }
}

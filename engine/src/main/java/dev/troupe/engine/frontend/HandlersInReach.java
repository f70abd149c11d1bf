package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.wasm.LimitExceededException;
import java.util.ArrayList;
import java.util.List;

/**
 * The exception handlers of a function that catch what is thrown at one point of it, in the order
 * in which they are asked: inner ones first, and none behind one that catches everything.
 */
final class HandlersInReach {
  /** No handlers. */
  static final HandlersInReach NONE = new HandlersInReach(List.of());

  /** Handlers at one point; every call has an edge to each. */
  private static final int MOST = 1000;

  private final List<Landing> landings;
  private final List<Handler> handlers;

  private HandlersInReach(List<Landing> landings) {
    this.landings = landings;
    this.handlers = landings.stream().map(Landing::handler).toList();
  }

  /** These handlers, and behind them the ones further out. */
  static HandlersInReach of(List<Landing> inner, HandlersInReach outer, int offset) {
    List<Landing> all = new ArrayList<>();
    boolean open = add(all, inner);
    if (open) {
      boolean unused = add(all, outer.landings);
    }
    if (all.size() > MOST) {
      throw new LimitExceededException(
          "too many exception handlers around an instruction", all.size(), MOST, offset);
    }
    return new HandlersInReach(List.copyOf(all));
  }

  /** Adds those that something can still reach; whether exceptions get past them. */
  private static boolean add(List<Landing> all, List<Landing> more) {
    for (Landing landing : more) {
      int tag = landing.handler().tag();
      if (all.stream().noneMatch(known -> known.handler().tag() == tag)) {
        all.add(landing);
      }
      if (tag == Handler.ANY) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty() {
    return landings.isEmpty();
  }

  List<Handler> handlers() {
    return handlers;
  }

  /** Adds the edges of a call or a throw to the handlers. */
  void addEdges(TranslationState state, int terminator) {
    state.countHandlerEdges(landings.size());
    for (Landing landing : landings) {
      int unused = state.function.addEdge(terminator, landing.block(), new int[0], 0);
    }
  }
}

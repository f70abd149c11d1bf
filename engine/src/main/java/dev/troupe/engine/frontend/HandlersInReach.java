package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.wasm.LimitExceededException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * These handlers, and behind them the ones further out.
   *
   * @throws LimitExceededException when there are too many
   */
  static HandlersInReach of(List<Landing> inner, HandlersInReach outer, int offset) {
    if (inner.isEmpty()) {
      return outer;
    }
    Map<Integer, Landing> byTag = new LinkedHashMap<>();
    boolean open = add(byTag, inner, offset);
    if (open) {
      boolean unused = add(byTag, outer.landings, offset);
    }
    return new HandlersInReach(List.copyOf(byTag.values()));
  }

  /** Adds those that something can still reach; whether exceptions get past them. */
  private static boolean add(Map<Integer, Landing> byTag, List<Landing> more, int offset) {
    for (Landing landing : more) {
      int tag = landing.handler().tag();
      if (byTag.putIfAbsent(tag, landing) == null && byTag.size() > MOST) {
        throw new LimitExceededException(
            "too many exception handlers around an instruction", byTag.size(), MOST, offset);
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

  int size() {
    return landings.size();
  }

  /** One for each tag that is caught, in the order in which they are asked. */
  List<Landing> landings() {
    return landings;
  }

  List<Handler> handlers() {
    return handlers;
  }

  /** Adds the edges of a call or a throw to the handlers. */
  void addEdges(TranslationState state, int terminator) {
    state.countHandlers(landings.size());
    for (Landing landing : landings) {
      int unused = state.function.addEdge(terminator, landing.block(), new int[0], 0);
    }
  }
}

package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.CaughtException;
import java.util.ArrayList;
import java.util.List;

/** The exception handlers around a call, for what the callee throws once it stands there. */
final class OuterHandlers {
  private static final int NONE = SsaFunction.NONE;

  /** In larger functions it is not looked for who uses what a landing took over. */
  private static final int MOST_INSTRUCTIONS = 20_000;

  private final SsaFunction function;
  private final List<Handler> handlers;
  private final int[] landings;
  private final int[][] arguments;

  /** Where exceptions go that the first handler certainly catches, an edge; or NONE. */
  private int onward = NONE;

  private OuterHandlers(SsaFunction function, List<Handler> handlers) {
    this.function = function;
    this.handlers = handlers;
    this.landings = new int[handlers.size()];
    this.arguments = new int[handlers.size()][];
  }

  static OuterHandlers none(SsaFunction function) {
    return new OuterHandlers(function, List.of());
  }

  /** Of a {@link SsaOp#TRY_CALL}, which may go away afterwards, of {@code callee}. */
  static OuterHandlers of(SsaFunction function, int call, SsaFunction callee) {
    OuterHandlers outer = new OuterHandlers(function, List.copyOf(function.handlers(call)));
    for (int h = 0; h < outer.landings.length; h++) {
      int edge = function.edge(call, h + 1);
      outer.landings[h] = function.target(edge);
      outer.arguments[h] = new int[function.argumentCount(edge)];
      for (int a = 0; a < outer.arguments[h].length; a++) {
        outer.arguments[h][a] = function.argument(edge, a);
      }
    }
    if (outer.catchesFirst(callee)) {
      outer.onward = outer.onward();
    }
    return outer;
  }

  /**
   * Takes a throw into reach: its own handlers are asked first. One that the first of these
   * handlers certainly catches, without asking for a reference, becomes a branch to where that
   * leads.
   */
  void reach(int thrower) {
    if (handlers.isEmpty() || isCaught(thrower)) {
      return;
    }
    List<Handler> all = new ArrayList<>(function.handlers(thrower));
    for (int h = 0; h < landings.length && !catches(all, Handler.ANY); h++) {
      if (!catches(all, handlers.get(h).tag())) {
        all.add(handlers.get(h));
        function.addEdge(thrower, landings[h], arguments[h], arguments[h].length);
      }
    }
    function.setHandlers(thrower, List.copyOf(all));
  }

  private static boolean catches(List<Handler> handlers, int tag) {
    return handlers.stream().anyMatch(handler -> handler.tag() == tag);
  }

  private boolean catchesFirst(SsaFunction callee) {
    for (int b = callee.entry(); b != NONE; b = callee.nextBlock(b)) {
      if (isCertain(callee, callee.terminator(b))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCertain(SsaFunction where, int thrower) {
    if (where.op(thrower) != SsaOp.THROW || !where.handlers(thrower).isEmpty()) {
      return false;
    }
    Handler first = handlers.getFirst();
    return !first.wantsReference()
        && (first.tag() == Handler.ANY || first.tag() == where.tag(thrower));
  }

  private boolean isCaught(int thrower) {
    if (onward == NONE || !isCertain(function, thrower)) {
      return false;
    }
    int count = function.argumentCount(onward);
    int[] values = new int[count];
    for (int a = 0; a < count; a++) {
      values[a] = value(function.argument(onward, a), thrower);
    }
    int branch = function.newInstruction(SsaOp.BR, SsaType.I32, new int[0], 0);
    function.setWasmOffset(branch, function.wasmOffset(thrower));
    int block = function.block(thrower);
    function.remove(thrower);
    function.append(branch, block);
    function.addEdge(branch, function.target(onward), values, count);
    return true;
  }

  /**
   * The edge out of the first landing if that does nothing but pass on what was thrown, and nobody
   * else uses that: then another block may lead there, too.
   */
  private int onward() {
    int landing = landings[0];
    int i = function.firstInstruction(landing);
    while (function.op(i) == SsaOp.CAUGHT) {
      i = function.next(i);
    }
    boolean isSimple =
        function.op(i) == SsaOp.BR && function.instructionCount() <= MOST_INSTRUCTIONS;
    return isSimple && isPrivate(landing) ? function.edge(i, 0) : NONE;
  }

  /** Whether no other block uses values of this one. */
  private boolean isPrivate(int block) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        if (b != block && uses(i, block)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean uses(int instruction, int block) {
    for (int k = 0; k < function.operandCount(instruction); k++) {
      if (isOf(function.operand(instruction, k), block)) {
        return true;
      }
    }
    for (int e = 0; e < function.edgeCount(instruction); e++) {
      int edge = function.edge(instruction, e);
      for (int a = 0; a < function.argumentCount(edge); a++) {
        if (isOf(function.argument(edge, a), block)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isOf(int value, int block) {
    return function.definingBlock(value) == block;
  }

  /** What {@code value}, as the landing has it, is at {@code thrower}. */
  private int value(int value, int thrower) {
    if (function.isParameter(value)) {
      boolean isOwn = function.definingBlock(value) == landings[0];
      return isOwn ? arguments[0][function.definingPosition(value)] : value;
    }
    int definer = function.definingInstruction(value);
    if (function.op(definer) != SsaOp.CAUGHT || function.block(definer) != landings[0]) {
      return value;
    }
    for (int k = 0; k < function.operandCount(thrower); k++) {
      if (CaughtException.value(k) == function.offset(definer)) {
        return function.operand(thrower, k);
      }
    }
    throw new IllegalStateException("v" + value + " is nothing that was thrown");
  }
}

package dev.troupe.engine.ssa;

import dev.troupe.engine.base.IntList;

/**
 * The calls that were replaced by the body of their callee in one function, and the positions of
 * the instructions that came with them. Backtraces are made from it.
 *
 * <p>A <em>position</em> is what {@link SsaFunction#wasmOffset} holds. An instruction of the
 * function's own body has its byte offset in the module as position. One that was inlined has a
 * number below {@link SsaFunction#NO_OFFSET}, which stands for a byte offset and the inlined call
 * that brought it here. Inlined calls nest: the call itself has a position.
 */
public final class InlinedCalls {
  /** No inlined call: the function's own body. */
  public static final int NONE = -1;

  private static final int FIRST_POSITION = SsaFunction.NO_OFFSET - 1;

  // Per call: the inlined call around it, its own byte offset, the function it called.
  private final IntList parent = new IntList(4);
  private final IntList callOffset = new IntList(4);
  private final IntList callee = new IntList(4);

  // Per position below NO_OFFSET.
  private final IntList positionOffset = new IntList();
  private final IntList positionCall = new IntList();

  /** Creates an empty table. */
  InlinedCalls() {}

  /** Number of inlined calls; a call has a larger id than the one around it. */
  public int size() {
    return parent.size();
  }

  /** The inlined call whose body {@code call} was in, or {@link #NONE}. */
  public int parent(int call) {
    return parent.get(call);
  }

  /** Byte offset in the module of the call instruction. */
  public int callOffset(int call) {
    return callOffset.get(call);
  }

  /** The function called, in the function index space. */
  public int callee(int call) {
    return callee.get(call);
  }

  /** The inlined call that brought an instruction at {@code position}, or {@link #NONE}. */
  public int callOf(int position) {
    return position > FIRST_POSITION ? NONE : positionCall.get(FIRST_POSITION - position);
  }

  /** Byte offset in the module, or {@link SsaFunction#NO_OFFSET}. */
  public int wasmOffset(int position) {
    return position > FIRST_POSITION ? position : positionOffset.get(FIRST_POSITION - position);
  }

  /** Adds the call at {@code position}. */
  int addCall(int position, int calledFunction) {
    return addCall(callOf(position), wasmOffset(position), calledFunction);
  }

  private int addCall(int around, int offset, int calledFunction) {
    parent.add(around);
    callOffset.add(offset);
    callee.add(calledFunction);
    return parent.size() - 1;
  }

  /** The call at {@code position}, added if there is none yet. For the parser. */
  int findCall(int position, int calledFunction) {
    for (int c = 0; c < size(); c++) {
      if (callee(c) == calledFunction
          && callOffset(c) == wasmOffset(position)
          && parent(c) == callOf(position)) {
        return c;
      }
    }
    return addCall(position, calledFunction);
  }

  /** A new position. */
  int addPosition(int offset, int call) {
    positionOffset.add(offset);
    positionCall.add(call);
    return FIRST_POSITION - (positionOffset.size() - 1);
  }

  /** Translates positions of one callee's body to positions here; see {@link #importing}. */
  final class Import {
    private final InlinedCalls from;
    private final int call;
    private final int firstNested;
    private int lastFrom = SsaFunction.NO_OFFSET;
    private int lastTo = SsaFunction.NO_OFFSET;

    private Import(InlinedCalls from, int call) {
      this.from = from;
      this.call = call;
      this.firstNested = size();
      for (int k = 0; k < from.size(); k++) {
        int around = from.parent(k);
        addCall(around == NONE ? call : firstNested + around, from.callOffset(k), from.callee(k));
      }
    }

    /** What {@code position} of the callee is here. */
    int position(int position) {
      if (position != lastFrom) {
        lastFrom = position;
        lastTo = convert(position);
      }
      return lastTo;
    }

    private int convert(int position) {
      if (position == SsaFunction.NO_OFFSET) {
        return SsaFunction.NO_OFFSET;
      }
      int nested = from.callOf(position);
      return addPosition(from.wasmOffset(position), nested == NONE ? call : firstNested + nested);
    }
  }

  /** Starts to take over the body of a callee, with the calls inlined there, for {@code call}. */
  Import importing(InlinedCalls from, int call) {
    return new Import(from, call);
  }
}

package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.CatchClause;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Structured control. Each open construct is a {@link ControlFrame}; the block after a construct is
 * made only when a branch asks for it, so straight code stays in one block.
 *
 * <p>Code that nothing reaches is skipped: {@link #isReachable} is false from an unconditional
 * branch to the end or else of the construct around it.
 */
final class ControlInstructions {
  private static final int NONE = SsaFunction.NONE;
  private static final RefType EXNREF = new RefType(true, AbstractHeapType.EXN);

  private final TranslationState state;
  private final SsaBuilder builder;
  private final ValueStack stack;
  private final Instrumentation instrumentation;
  private final ArrayList<ControlFrame> frames = new ArrayList<>();
  private boolean reachable = true;
  private int skippedDepth;

  ControlInstructions(TranslationState state, Instrumentation instrumentation) {
    this.state = state;
    this.builder = state.builder;
    this.stack = state.stack;
    this.instrumentation = instrumentation;
  }

  boolean isReachable() {
    return reachable;
  }

  /** Whether the end of the function has been read. */
  boolean isDone() {
    return frames.isEmpty();
  }

  private void open(ControlFrame.Kind kind, FuncType type) {
    int height = kind == ControlFrame.Kind.FUNCTION ? 0 : stack.height() - type.paramCount();
    frames.add(new ControlFrame(kind, type, height, builder.block(), state.locals.now()));
    top().handlersInside = state.handlers;
  }

  private ControlFrame top() {
    return frames.get(frames.size() - 1);
  }

  private ControlFrame frame(int depth) {
    return frames.get(frames.size() - 1 - depth);
  }

  void function(FuncType type) {
    open(ControlFrame.Kind.FUNCTION, type);
  }

  void block(FuncType type) {
    if (!reachable) {
      skippedDepth++;
      return;
    }
    open(ControlFrame.Kind.BLOCK, type);
  }

  /** Starts a block with exception handlers. */
  void tryTable(FuncType type, InstructionReader reader) {
    if (!reachable) {
      skippedDepth++;
      return;
    }
    List<Landing> landings = new ArrayList<>();
    for (int i = 0; i < reader.listSize(); i += CatchClause.LIST_ITEMS) {
      CatchClause clause = CatchClause.read(reader, i);
      List<ValType> carried =
          clause.catchesAll()
              ? List.of()
              : state.context.module().tags().get(clause.tag()).function().params();
      landings.add(
          new Landing(
              new Handler(clause.tag(), carried.size(), clause.wantsReference()),
              state.newSuccessor(),
              carried,
              frame(clause.label())));
    }
    open(ControlFrame.Kind.TRY, type);
    top().landings = landings;
    top().outerHandlers = state.handlers;
    state.handlers = handlers(landings, reader.offset());
    top().handlersInside = state.handlers;
  }

  /** Those around the current point with more inside of them. */
  private HandlersInReach handlers(List<Landing> inner, int offset) {
    HandlersInReach all = HandlersInReach.of(inner, state.handlers, offset);
    state.countHandlers(inner.isEmpty() ? 0 : all.size());
    return all;
  }

  /** Starts a legacy try. */
  void legacyTry(FuncType type, LegacyTries.Try legacy, int offset) {
    if (!reachable) {
      skippedDepth++;
      return;
    }
    List<Landing> landings = new ArrayList<>();
    for (LegacyTries.Clause clause : legacy.clauses()) {
      List<ValType> carried =
          clause.tag() == Handler.ANY
              ? List.of()
              : state.context.module().tags().get(clause.tag()).function().params();
      Handler handler = new Handler(clause.tag(), carried.size(), clause.isRethrown());
      landings.add(new Landing(handler, state.newSuccessor(), carried, null));
    }
    HandlersInReach outer = state.handlers;
    HandlersInReach inner =
        legacy.delegate() == LegacyTries.NONE
            ? handlers(landings, offset)
            : frame(legacy.delegate()).handlersInside;
    open(ControlFrame.Kind.LEGACY_TRY, type);
    top().landings = landings;
    top().outerHandlers = outer;
    top().handlersInside = inner;
    state.handlers = inner;
  }

  /** Starts the next clause of a legacy try. */
  void legacyCatch() {
    if (skippedDepth > 0) {
      return;
    }
    ControlFrame frame = top();
    if (reachable) {
      branch(frame);
    }
    state.handlers = frame.outerHandlers;
    frame.handlersInside = frame.outerHandlers;
    Landing landing = frame.landings.get(frame.nextLanding++);
    if (!state.locals.isReached(landing.block())) {
      return;
    }
    frame.caught = arrive(frame, landing);
    reachable = true;
  }

  /** Throws again what the clause of a legacy try has caught: the reference to it. */
  int rethrown(int depth) {
    return frame(depth).caught;
  }

  /** Starts a landing block with the values on the stack; the reference, or NONE. */
  private int arrive(ControlFrame frame, Landing landing) {
    state.startSealed(landing.block());
    state.function.setCold(landing.block(), true);
    stack.truncate(frame.stackHeight);
    for (int i = 0; i < landing.carried().size(); i++) {
      SsaType type = state.context.type(landing.carried().get(i));
      stack.push(builder.caught(type, CaughtException.value(i)));
    }
    return landing.handler().wantsReference()
        ? builder.caught(state.context.type(EXNREF), CaughtException.REFERENCE)
        : NONE;
  }

  /** The handlers of a block that ends: what they catch, they hand on to their labels. */
  private void land(ControlFrame frame) {
    state.handlers = frame.outerHandlers;
    for (Landing landing : frame.landings) {
      if (!state.locals.isReached(landing.block())) {
        continue;
      }
      if (reachable) {
        branch(frame);
      }
      int reference = arrive(frame, landing);
      if (reference != NONE) {
        stack.push(reference);
      }
      reachable = true;
      branch(label(landing));
    }
  }

  private static ControlFrame label(Landing landing) {
    return Objects.requireNonNull(landing.label(), "a clause of try_table has a label");
  }

  void loop(FuncType type) {
    if (!reachable) {
      skippedDepth++;
      return;
    }
    instrumentation.charge();
    open(ControlFrame.Kind.LOOP, type);
    int header = state.locals.newBlock(builder.block());
    addParameters(header, type.params());
    int[] arguments = stack.pop(type.paramCount());
    state.terminated(builder.br(header, arguments));
    builder.startBlock(header);
    pushParameters(header, type.paramCount());
    top().target = header;
    instrumentation.check();
  }

  void iff(FuncType type, Likelihood likelihood) {
    if (!reachable) {
      skippedDepth++;
      return;
    }
    instrumentation.charge();
    int condition = stack.pop();
    open(ControlFrame.Kind.IF, type);
    int thenBlock = state.newSuccessor();
    top().elseBlock = state.newSuccessor();
    top().parameters = stack.top(type.paramCount());
    int branch = builder.brIf(condition, thenBlock, top().elseBlock);
    state.function.setLikelihood(branch, likelihood);
    state.terminated(branch);
    state.startSealed(thenBlock);
  }

  void elseArm() {
    if (skippedDepth > 0) {
      return;
    }
    ControlFrame frame = top();
    if (reachable) {
      branch(frame);
    }
    startElse(frame);
  }

  private void startElse(ControlFrame frame) {
    state.startSealed(frame.elseBlock);
    stack.truncate(frame.stackHeight);
    for (int value : frame.parameters) {
      stack.push(value);
    }
    frame.kind = ControlFrame.Kind.ELSE;
    reachable = true;
  }

  void end() {
    if (skippedDepth > 0) {
      skippedDepth--;
      return;
    }
    ControlFrame frame = top();
    switch (frame.kind) {
      case LOOP -> state.locals.seal(frame.target);
      case IF -> {
        // Without an else the parameters are the results.
        if (reachable) {
          branch(frame);
        }
        startElse(frame);
        join(frame);
      }
      case BLOCK, ELSE -> join(frame);
      case TRY -> {
        land(frame);
        join(frame);
      }
      case LEGACY_TRY -> {
        state.handlers = frame.outerHandlers;
        join(frame);
      }
      case FUNCTION -> {
        join(frame);
        if (reachable) {
          instrumentation.charge();
          builder.ret(stack.top(frame.type.resultCount()), frame.type.resultCount());
        }
      }
    }
    frames.remove(frames.size() - 1);
  }

  /** Goes on after a construct other than a loop. */
  private void join(ControlFrame frame) {
    if (frame.target == NONE) {
      return;
    }
    if (reachable) {
      branch(frame);
    }
    state.startSealed(frame.target);
    stack.truncate(frame.stackHeight);
    pushParameters(frame.target, frame.type.resultCount());
    reachable = true;
  }

  private void addParameters(int block, Iterable<ValType> types) {
    for (ValType type : types) {
      state.function.addParameter(block, state.context.type(type));
    }
  }

  private void pushParameters(int block, int count) {
    for (int i = 0; i < count; i++) {
      stack.push(state.function.parameter(block, i));
    }
  }

  private int target(ControlFrame frame) {
    if (frame.target == NONE) {
      frame.target = state.locals.newBlock(frame.startBlock, frame.startTime);
      addParameters(frame.target, frame.type.results());
    }
    return frame.target;
  }

  /** Ends the current block with a branch to {@code frame}. */
  private void branch(ControlFrame frame) {
    instrumentation.charge();
    state.terminated(builder.br(target(frame), stack.top(frame.branchArity())));
    reachable = false;
  }

  void br(int depth) {
    branch(frame(depth));
  }

  void brIf(int depth, Likelihood likelihood) {
    instrumentation.charge();
    ControlFrame frame = frame(depth);
    int condition = stack.pop();
    int next = state.newSuccessor();
    int branch = builder.brIf(condition, target(frame), next);
    state.function.setLikelihood(branch, likelihood);
    addArguments(state.function.edge(branch, 0), frame);
    state.terminated(branch);
    state.startSealed(next);
  }

  private void addArguments(int edge, ControlFrame frame) {
    int arity = frame.branchArity();
    for (int i = 0; i < arity; i++) {
      state.function.addArgument(edge, stack.get(stack.height() - arity + i));
    }
  }

  /**
   * A construct that several entries lead to gets a block of its own in between, so that arguments
   * exist once and not per entry.
   */
  void brTable(InstructionReader reader) {
    instrumentation.charge();
    int index = stack.pop();
    int count = reader.listSize() + 1;
    int[] depths = new int[count];
    int[] uses = new int[frames.size()];
    for (int i = 0; i < count; i++) {
      depths[i] = i + 1 == count ? reader.index() : reader.listItem(i);
      uses[depths[i]]++;
    }
    int[] between = new int[frames.size()];
    Arrays.fill(between, NONE);
    int[] targets = new int[count];
    for (int i = 0; i < count; i++) {
      int depth = depths[i];
      if (uses[depth] > 1 && between[depth] == NONE) {
        between[depth] = state.newSuccessor();
      }
      targets[i] = uses[depth] > 1 ? between[depth] : target(frame(depth));
    }
    int table = builder.brTable(index, targets, count);
    for (int i = 0; i < count; i++) {
      if (uses[depths[i]] == 1) {
        addArguments(state.function.edge(table, i), frame(depths[i]));
      }
    }
    state.terminated(table);
    for (int depth = 0; depth < between.length; depth++) {
      if (between[depth] != NONE) {
        state.startSealed(between[depth]);
        branch(frame(depth));
      }
    }
    reachable = false;
  }

  /**
   * Branches to where an exception is caught, if that certainly is in this function and nobody asks
   * for the exception itself; the values that it carries are on the stack.
   *
   * @return whether it did; otherwise nothing has happened
   */
  boolean throwTo(int tag, int carried) {
    for (Landing landing : state.handlers.landings()) {
      state.countHandlers(1);
      Handler handler = landing.handler();
      boolean catches = handler.tag() == tag || handler.tag() == Handler.ANY;
      if (catches) {
        if (landing.label() == null || handler.wantsReference()) {
          return false;
        }
        stack.truncate(stack.height() - (handler.tag() == tag ? 0 : carried));
        branch(landing.label());
        return true;
      }
      if (mayBeEqual(handler.tag(), tag)) {
        return false;
      }
    }
    return false;
  }

  /** Two imports may be one tag. */
  private boolean mayBeEqual(int tag, int other) {
    int imported = state.context.module().importedTagCount();
    return tag < imported && other < imported;
  }

  void ret() {
    instrumentation.charge();
    int count = frames.get(0).type.resultCount();
    builder.ret(stack.top(count), count);
    reachable = false;
  }

  /** A terminator was written that leaves the function. */
  void left() {
    reachable = false;
  }

  void unreachable() {
    instrumentation.charge();
    builder.trap(TrapKind.UNREACHABLE);
    reachable = false;
  }
}

package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.LimitExceededException;

/** What the parts of the translator share while one function is translated. */
final class TranslationState {
  private static final int MOST_HANDLERS = 1_000_000;

  final ModuleContext context;
  final SsaFunction function;
  final SsaBuilder builder;
  final LocalVariables locals;
  final ValueStack stack = new ValueStack();

  /** What catches exceptions here. */
  HandlersInReach handlers = HandlersInReach.NONE;

  private int countedHandlers;

  TranslationState(
      ModuleContext context, SsaFunction function, SsaBuilder builder, LocalVariables locals) {
    this.context = context;
    this.function = function;
    this.builder = builder;
    this.locals = locals;
  }

  InstanceLayout layout() {
    return context.layout();
  }

  Tunables tunables() {
    return context.tunables();
  }

  int i32(int value) {
    return builder.iconst(SsaType.I32, value);
  }

  int i64(long value) {
    return builder.iconst(SsaType.I64, value);
  }

  /** A reference as an argument of a builtin: it goes to the host before anything can move. */
  int bits(int reference) {
    return function.valueType(reference) == SsaType.REF
        ? builder.unary(SsaOp.REF_ADDRESS, SsaType.I64, reference)
        : reference;
  }

  /**
   * The low half of a reference, an i32: in it are its tag and the value of a small integer. Equal
   * ones are one, for neither changes when objects move.
   */
  int lowBits(int reference) {
    int bits = builder.unary(SsaOp.REF_TO_BITS, SsaType.I64, reference);
    return builder.unary(SsaOp.WRAP, SsaType.I32, bits);
  }

  /** Loads a 64-bit field of the instance that never changes. */
  int instanceField(int offset) {
    return builder.ctxLoad(SsaType.I64, MemoryAccess.INT64, Region.INSTANCE, offset);
  }

  /** An index or a length as i64: i32 is unsigned. */
  int widen(int value) {
    return function.valueType(value) == SsaType.I64
        ? value
        : builder.unary(SsaOp.UEXTEND, SsaType.I64, value);
  }

  /** An i64 as the type of a memory's or table's indexes. */
  int narrow(int value, boolean is64) {
    return is64 ? value : builder.unary(SsaOp.WRAP, SsaType.I32, value);
  }

  int add(int left, int right) {
    return builder.binary(SsaOp.IADD, SsaType.I64, left, right);
  }

  int compare(IntCondition condition, int left, int right) {
    return builder.icmp(condition, SsaType.I64, left, right);
  }

  /**
   * Bounds the product of calls, or constructs, and the handlers in reach of them.
   *
   * @throws LimitExceededException when there are too many
   */
  void countHandlers(int more) {
    countedHandlers += more;
    if (countedHandlers > MOST_HANDLERS) {
      throw new LimitExceededException(
          "control flow too complex", countedHandlers, MOST_HANDLERS, 0);
    }
  }

  /** Starts a new block that only the current one leads to, through an edge yet to be made. */
  int newSuccessor() {
    return locals.newBlock(builder.block());
  }

  /** Ends the current block: makes the edges of its terminator known. */
  void terminated(int terminator) {
    locals.addEdges(terminator);
  }

  /** Makes {@code block}, all of whose edges exist, current. */
  void startSealed(int block) {
    builder.startBlock(block);
    locals.seal(block);
  }

  /** An i32: whether {@code condition} is zero. */
  int not(int condition) {
    return builder.icmp(IntCondition.EQ, SsaType.I32, condition, i32(0));
  }

  /** An i32: whether a reference is null. */
  int isNull(int reference) {
    SsaType type = function.valueType(reference);
    return builder.icmp(IntCondition.EQ, type, reference, builder.iconst(type, 0));
  }

  /**
   * Traps when a reference is null. Where an access through it follows at once, the back end leaves
   * the check to the processor.
   */
  void trapIfNull(int reference, TrapKind kind) {
    builder.trapIf(isNull(reference), kind);
  }

  /** Code for an i32. */
  @FunctionalInterface
  interface Computation {
    int emit();
  }

  /** An i32: a constant if {@code condition} holds, else what is computed then and only then. */
  int unless(int condition, int constant, Computation computation) {
    int result = i32(constant);
    int join = locals.newBlock(builder.block(), locals.now());
    int value = function.addParameter(join, SsaType.I32);
    int next = newSuccessor();
    int branch = builder.brIf(condition, join, next);
    function.addArgument(function.edge(branch, 0), result);
    terminated(branch);
    startSealed(next);
    int computed = computation.emit();
    terminated(builder.br(join, computed));
    startSealed(join);
    return value;
  }

  /** Code that runs only if {@code condition} does not hold. */
  void skipIf(int condition, Runnable code) {
    int join = locals.newBlock(builder.block(), locals.now());
    int next = newSuccessor();
    terminated(builder.brIf(condition, join, next));
    startSealed(next);
    code.run();
    terminated(builder.br(join));
    startSealed(join);
  }
}

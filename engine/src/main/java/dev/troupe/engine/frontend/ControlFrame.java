package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;

/** An open construct: block, loop, if, or the function itself. */
final class ControlFrame {
  /** The kinds of construct. */
  enum Kind {
    FUNCTION,
    BLOCK,
    LOOP,
    /** With exception handlers. */
    TRY,
    /** A legacy try: its handlers follow it. */
    LEGACY_TRY,
    /** Before its else, if it has one. */
    IF,
    ELSE
  }

  final FuncType type;

  /** Height of the operand stack below the parameters. */
  final int stackHeight;

  /** The block that was current at the start; it dominates everything inside and after. */
  final int startBlock;

  /** The moment of the start in {@link LocalVariables#now}. */
  final int startTime;

  /** Changes to {@link Kind#ELSE} at an else. */
  Kind kind;

  /** Where a branch goes: the header of a loop, otherwise the block after the end, once needed. */
  int target = SsaFunction.NONE;

  /** Only of an if: where its condition leads when zero. */
  int elseBlock = SsaFunction.NONE;

  /** Only of an if: its parameters, for the else arm. */
  int[] parameters = {};

  /** Only of one with exception handlers. */
  List<Landing> landings = List.of();

  /** Only of one with exception handlers: those around it. */
  HandlersInReach outerHandlers = HandlersInReach.NONE;

  /** What catches exceptions directly inside, at the part that is being read. */
  HandlersInReach handlersInside = HandlersInReach.NONE;

  /** Only of a legacy try: the landing of the next clause. */
  int nextLanding;

  /** Only of a legacy try: the reference to the exception that the current clause has caught. */
  int caught = SsaFunction.NONE;

  ControlFrame(Kind kind, FuncType type, int stackHeight, int block, int time) {
    this.kind = kind;
    this.type = type;
    this.stackHeight = stackHeight;
    this.startBlock = block;
    this.startTime = time;
  }

  /** Number of values that a branch to this construct carries. */
  int branchArity() {
    return kind == Kind.LOOP ? type.paramCount() : type.resultCount();
  }
}

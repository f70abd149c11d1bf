package dev.troupe.engine.text;

import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Instruction sequences, flat and folded (section 6.5), with an explicit stack instead of
 * recursion.
 *
 * <p>A folded instruction is written after its operands. Until its parenthesis closes its bytes
 * wait on {@link #pending}, which is a stack because instructions close in reverse order of
 * opening; so every byte is copied twice at most.
 */
final class ExpressionParser {
  /** Deepest nesting of folded instructions and blocks that is accepted. */
  static final int NESTING_MAX = 50_000;

  /** What an entry of the stack is, and so what may come next and what closes it. */
  private enum Frame {
    /** A folded plain instruction: folded operands, then a parenthesis. */
    PLAIN,
    /** A folded block, loop or try: instructions, then a parenthesis. */
    FOLDED_BLOCK,
    /** A folded legacy try before its {@code do}. */
    FOLDED_TRY,
    /** One part of a folded legacy try: instructions, then a parenthesis. */
    TRY_PART,
    /** A folded legacy try behind its {@code do}. */
    AFTER_DO,
    /** A folded legacy try behind a {@code catch}. */
    AFTER_CATCH,
    /** A folded legacy try behind its {@code catch_all}. */
    AFTER_CATCH_ALL,
    /** A folded legacy try behind its {@code delegate}. */
    AFTER_DELEGATE,
    /** A flat legacy try before its first {@code catch}. */
    FLAT_TRY,
    /** A flat legacy try behind a {@code catch}. */
    FLAT_CATCH,
    /** A folded if before its {@code then}: folded operands. */
    FOLDED_IF,
    /** The {@code then} of a folded if: instructions, then a parenthesis. */
    THEN,
    /** A folded if behind its {@code then}: {@code else} or a parenthesis. */
    AFTER_THEN,
    /** The {@code else} of a folded if: instructions, then a parenthesis. */
    ELSE,
    /** A folded if behind its {@code else}: a parenthesis. */
    AFTER_ELSE,
    /** A flat block, loop, try, or if after its {@code else}: instructions, then {@code end}. */
    FLAT_BLOCK,
    /** A flat if: instructions, then {@code else} or {@code end}. */
    FLAT_IF
  }

  private static final Frame[] FRAMES = Frame.values();

  private final TokenCursor cursor;
  private final ImmediateParser immediates;
  private final BranchHintWriter hints;
  private final Labels labels = new Labels();
  private final ByteSink pending = new ByteSink();
  private byte[] frames = new byte[32];

  /** Where a frame's bytes start on {@link #pending}. */
  private int[] marks = new int[32];

  /** Identifiers of folded ifs, which become labels only at {@code then}. */
  private @Nullable String[] names = new @Nullable String[32];

  /** The same for their names for people. */
  private @Nullable String[] shown = new @Nullable String[32];

  /** Hints of folded instructions, which have no place in the body yet. */
  private byte[] frameHints = new byte[32];

  private int depth;

  /** For an expression without hints. */
  ExpressionParser(TokenCursor cursor, ModuleContext module, TypeParser types, IndexSpace locals) {
    this(cursor, module, types, locals, BranchHintWriter.none(cursor));
  }

  ExpressionParser(
      TokenCursor cursor,
      ModuleContext module,
      TypeParser types,
      IndexSpace locals,
      BranchHintWriter hints) {
    this.cursor = cursor;
    this.hints = hints;
    this.immediates = new ImmediateParser(cursor, module, types, locals, labels);
  }

  /** Instructions up to the parenthesis that closes them, which stays, and a final {@code end}. */
  void sequence(ByteSink out) {
    run(out, false);
    out.add(WasmOp.END.code());
  }

  /** Names of the labels of the instructions so far, by the number of the block. */
  TreeMap<Integer, String> labelNames() {
    return labels.named();
  }

  /** One folded instruction, as in {@code (i32.const 0)} for an offset, and a final {@code end}. */
  void single(ByteSink out) {
    if (!cursor.is(TokenKind.LEFT)) {
      throw cursor.unexpected();
    }
    run(out, true);
    out.add(WasmOp.END.code());
  }

  private void run(ByteSink out, boolean single) {
    labels.push(null);
    while (true) {
      switch (cursor.kind()) {
        case LEFT -> open(out);
        case RIGHT -> {
          if (depth == 0) {
            labels.pop();
            return;
          }
          close(out);
          if (single && depth == 0) {
            labels.pop();
            return;
          }
        }
        case KEYWORD -> flat(out);
        case ID, STRING, NATURAL, INTEGER, FLOAT, RESERVED, ERROR, END -> throw cursor.unexpected();
      }
    }
  }

  private @Nullable Frame top() {
    return depth == 0 ? null : FRAMES[frames[depth - 1]];
  }

  private void push(Frame frame, int mark, @Nullable String name) {
    if (depth == NESTING_MAX) {
      throw cursor.error("instructions nest deeper than " + NESTING_MAX + " levels");
    }
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, depth * 2);
      marks = Arrays.copyOf(marks, depth * 2);
      names = Arrays.copyOf(names, depth * 2);
      shown = Arrays.copyOf(shown, depth * 2);
      frameHints = Arrays.copyOf(frameHints, depth * 2);
    }
    frames[depth] = (byte) frame.ordinal();
    marks[depth] = mark;
    names[depth] = name;
    frameHints[depth] = BranchHintWriter.NONE;
    depth++;
  }

  private void replaceTop(Frame frame) {
    frames[depth - 1] = (byte) frame.ordinal();
  }

  /** A left parenthesis: a folded instruction, {@code then} or {@code else}. */
  private void open(ByteSink out) {
    Frame top = top();
    if (top == Frame.FOLDED_IF && cursor.acceptLeft("then")) {
      hints.add(frameHints[depth - 1], out.size());
      out.moveFrom(pending, marks[depth - 1]);
      labels.begin(names[depth - 1], shown[depth - 1]);
      replaceTop(Frame.AFTER_THEN);
      push(Frame.THEN, pending.size(), null);
      return;
    }
    if (top == Frame.AFTER_THEN && cursor.acceptLeft("else")) {
      out.add(WasmOp.ELSE.code());
      replaceTop(Frame.AFTER_ELSE);
      push(Frame.ELSE, pending.size(), null);
      return;
    }
    if (top != null && legacyPart(top, out)) {
      return;
    }
    int hint = hints.take(cursor.position());
    cursor.advance();
    if (isBetweenParts(top)) {
      throw cursor.unexpected();
    }
    WasmOp op = instruction();
    int mark = pending.size();
    switch (op) {
      case BLOCK, LOOP, TRY_TABLE -> {
        hints.add(hint, out.size());
        blockHeader(op, out);
        push(Frame.FOLDED_BLOCK, mark, null);
      }
      case TRY -> {
        hints.add(hint, out.size());
        blockHeader(op, out);
        push(Frame.FOLDED_TRY, mark, null);
      }
      case IF -> {
        String id = cursor.acceptId();
        String name = AnnotationReader.nameAt(cursor.tokens(), cursor.position());
        pending.add(op.code());
        immediates.blockType(pending);
        push(Frame.FOLDED_IF, mark, id);
        shown[depth - 1] = name;
        frameHints[depth - 1] = (byte) hint;
      }
      default -> {
        immediates.plain(op, pending);
        push(Frame.PLAIN, mark, null);
        frameHints[depth - 1] = (byte) hint;
      }
    }
  }

  /** Whether only certain parts, or a parenthesis, may follow. */
  private static boolean isBetweenParts(@Nullable Frame top) {
    return top == Frame.AFTER_THEN
        || top == Frame.AFTER_ELSE
        || top == Frame.FOLDED_TRY
        || top == Frame.AFTER_DO
        || top == Frame.AFTER_CATCH
        || top == Frame.AFTER_CATCH_ALL
        || top == Frame.AFTER_DELEGATE;
  }

  /** A part of a folded legacy try; says whether it was one. */
  private boolean legacyPart(Frame top, ByteSink out) {
    boolean mayCatch = top == Frame.AFTER_DO || top == Frame.AFTER_CATCH;
    Frame behind;
    if (top == Frame.FOLDED_TRY && cursor.acceptLeft("do")) {
      behind = Frame.AFTER_DO;
    } else if (mayCatch && cursor.acceptLeft("catch")) {
      immediates.plain(WasmOp.CATCH, out);
      behind = Frame.AFTER_CATCH;
    } else if (mayCatch && cursor.acceptLeft("catch_all")) {
      immediates.plain(WasmOp.CATCH_ALL, out);
      behind = Frame.AFTER_CATCH_ALL;
    } else if (top == Frame.AFTER_DO && cursor.acceptLeft("delegate")) {
      labels.pop();
      immediates.plain(WasmOp.DELEGATE, out);
      cursor.expectRight();
      replaceTop(Frame.AFTER_DELEGATE);
      return true;
    } else {
      return false;
    }
    replaceTop(behind);
    push(Frame.TRY_PART, pending.size(), null);
    return true;
  }

  /** The next part of a flat legacy try; says whether it was one. */
  private boolean flatLegacyPart(@Nullable Frame top, ByteSink out) {
    if (cursor.acceptKeyword("catch")) {
      immediates.plain(WasmOp.CATCH, out);
      replaceTop(Frame.FLAT_CATCH);
    } else if (cursor.acceptKeyword("catch_all")) {
      immediates.plain(WasmOp.CATCH_ALL, out);
      replaceTop(Frame.FLAT_BLOCK);
    } else if (top == Frame.FLAT_TRY && cursor.acceptKeyword("delegate")) {
      labels.pop();
      immediates.plain(WasmOp.DELEGATE, out);
      depth--;
    } else {
      return false;
    }
    return true;
  }

  /** A right parenthesis inside some frame. */
  private void close(ByteSink out) {
    Frame top = FRAMES[frames[depth - 1]];
    switch (top) {
      case PLAIN -> {
        hints.add(frameHints[depth - 1], out.size());
        out.moveFrom(pending, marks[depth - 1]);
      }
      case FOLDED_BLOCK, AFTER_THEN, AFTER_ELSE, AFTER_DO, AFTER_CATCH, AFTER_CATCH_ALL -> {
        out.add(WasmOp.END.code());
        labels.pop();
      }
      case THEN, ELSE, TRY_PART, AFTER_DELEGATE -> {}
      case FOLDED_IF, FOLDED_TRY, FLAT_BLOCK, FLAT_IF, FLAT_TRY, FLAT_CATCH ->
          throw cursor.unexpected();
    }
    cursor.advance();
    depth--;
  }

  /** A keyword outside parentheses of its own: a flat instruction. */
  private void flat(ByteSink out) {
    Frame top = top();
    if (top == Frame.PLAIN || top == Frame.FOLDED_IF || isBetweenParts(top)) {
      throw cursor.unexpected();
    }
    boolean isTry = top == Frame.FLAT_TRY || top == Frame.FLAT_CATCH;
    if (isTry && flatLegacyPart(top, out)) {
      return;
    }
    if (top == Frame.FLAT_IF && cursor.acceptKeyword("else")) {
      labels.checkRepeated(cursor);
      out.add(WasmOp.ELSE.code());
      replaceTop(Frame.FLAT_BLOCK);
      return;
    }
    boolean inFlat = isTry || top == Frame.FLAT_IF || top == Frame.FLAT_BLOCK;
    if (inFlat && cursor.acceptKeyword("end")) {
      labels.checkRepeated(cursor);
      out.add(WasmOp.END.code());
      labels.pop();
      depth--;
      return;
    }
    hints.add(hints.take(cursor.position()), out.size());
    WasmOp op = instruction();
    switch (op) {
      case BLOCK, LOOP, TRY_TABLE -> {
        blockHeader(op, out);
        push(Frame.FLAT_BLOCK, pending.size(), null);
      }
      case TRY -> {
        blockHeader(op, out);
        push(Frame.FLAT_TRY, pending.size(), null);
      }
      case IF -> {
        blockHeader(op, out);
        push(Frame.FLAT_IF, pending.size(), null);
      }
      default -> immediates.plain(op, out);
    }
  }

  /** Label, block type and catch clauses of a block whose body follows. */
  private void blockHeader(WasmOp op, ByteSink out) {
    String id = cursor.acceptId();
    String name = AnnotationReader.nameAt(cursor.tokens(), cursor.position());
    out.add(op.code());
    immediates.blockType(out);
    if (op.immediate() == Immediate.TRY_TABLE) {
      immediates.catchClauses(out);
    }
    labels.begin(id, name);
  }

  /** The instruction named here, stepping over its name; {@code else} and {@code end} are none. */
  private WasmOp instruction() {
    WasmOp op = cursor.is(TokenKind.KEYWORD) ? WasmOp.ofMnemonic(cursor.text()) : null;
    if (op == null
        || op == WasmOp.ELSE
        || op == WasmOp.END
        || op == WasmOp.CATCH
        || op == WasmOp.CATCH_ALL
        || op == WasmOp.DELEGATE) {
      throw cursor.unexpected();
    }
    cursor.advance();
    return op;
  }
}

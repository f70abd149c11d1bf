package dev.troupe.engine.text;

import dev.troupe.engine.text.ModuleSections.Custom;
import dev.troupe.engine.text.ModuleSections.Section;
import dev.troupe.engine.wasm.BranchHints;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The annotations {@code (@metadata.code.branch_hint "\00")} of one module: each is taken by the
 * instruction behind it, and all together become a custom section.
 */
final class BranchHintWriter {
  /** {@link #take} of an instruction without a hint. */
  static final int NONE = -1;

  private final Tokens tokens;
  private final List<Annotation> annotations;
  private final BitSet taken = new BitSet();
  private final ByteSink functions = new ByteSink();
  private final ByteSink hints = new ByteSink();
  private int functionCount;
  private int hintCount;

  /** Index of the next annotation that may be taken, and of the token behind it. */
  private int next;

  private int nextToken;

  private BranchHintWriter(Tokens tokens, List<Annotation> annotations) {
    this.tokens = tokens;
    this.annotations = annotations;
    findNext();
  }

  /** The hints behind a cursor. */
  BranchHintWriter(TokenCursor cursor) {
    this(cursor.tokens(), cursor.tokens().annotations());
    skipTo(cursor.position());
  }

  /** For expressions that cannot have hints. */
  static BranchHintWriter none(TokenCursor cursor) {
    return new BranchHintWriter(cursor.tokens(), List.of());
  }

  private void findNext() {
    while (next < annotations.size() && !isHint(annotations.get(next))) {
      next++;
    }
    nextToken = next < annotations.size() ? annotations.get(next).before() : Integer.MAX_VALUE;
  }

  private void skipTo(int token) {
    while (nextToken < token) {
      next++;
      findNext();
    }
  }

  static boolean isHint(Annotation annotation) {
    return annotation.id().equals(BranchHints.SECTION);
  }

  /** Whether an instruction has taken the annotation at an index of {@link Tokens#annotations}. */
  boolean isTaken(int index) {
    return taken.get(index);
  }

  /** The hint directly before the instruction that starts at a token: 0, 1 or {@link #NONE}. */
  int take(int token) {
    skipTo(token);
    if (nextToken != token) {
      return NONE;
    }
    Annotation annotation = annotations.get(next);
    byte[] text = Arrays.copyOfRange(tokens.source(), annotation.bodyStart(), annotation.end() - 1);
    TokenCursor body = new TokenCursor(Lexer.scan(text), 0);
    byte[] value = body.strings();
    if (!body.is(TokenKind.END) || value.length != 1 || (value[0] & ~1) != 0) {
      throw error(annotation, "malformed hint");
    }
    taken.set(next++);
    findNext();
    if (nextToken == token) {
      throw error(annotations.get(next), "duplicate annotation");
    }
    return value[0];
  }

  /** Writes the hint for the instruction at an offset in the current body. */
  void add(int hint, int offset) {
    if (hint != NONE) {
      hints.u32(offset);
      hints.u32(1);
      hints.add(hint);
      hintCount++;
    }
  }

  /** Ends the body of a function. */
  void endFunction(int index) {
    if (hintCount > 0) {
      functions.u32(index);
      functions.u32(hintCount);
      functions.moveFrom(hints, 0);
      functionCount++;
      hintCount = 0;
    }
  }

  /** Adds the section, if there are hints. */
  void write(ModuleSections sections) {
    if (functionCount > 0) {
      ByteSink contents = new ByteSink();
      contents.name(BranchHints.SECTION);
      contents.u32(functionCount);
      contents.add(functions);
      sections.addCustom(new Custom(Section.CODE.ordinal(), false, contents.toByteArray()));
    }
  }

  private WatException error(Annotation annotation, String what) {
    return tokens.errorAtOffset(
        annotation.start(), "@" + BranchHints.SECTION + " annotation: " + what);
  }
}

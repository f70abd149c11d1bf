package dev.troupe.engine.text;

import dev.troupe.engine.text.ModuleSections.Custom;
import dev.troupe.engine.text.ModuleSections.Section;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of one module that become custom sections: {@code (@custom ...)} between fields
 * and {@code (@name ...)} (appendix 7.5). Those that instructions have taken are not of interest
 * here. Names of parameters, locals, fields and labels are checked here and taken by who defines
 * those.
 */
final class AnnotationReader {
  private final Tokens tokens;
  private final List<Annotation> annotations;
  private final int firstField;
  private final int end;
  private final ModuleSections sections;
  private final BranchHintWriter hints;
  private int next;
  private @Nullable String moduleName;

  /**
   * Annotations between two token indices.
   *
   * @param firstField index of the module's first field, or of the parenthesis that closes it
   * @param end index of the token behind the last field
   */
  AnnotationReader(
      Tokens tokens, int firstField, int end, ModuleSections sections, BranchHintWriter hints) {
    this.tokens = tokens;
    this.annotations = tokens.annotations();
    this.firstField = firstField;
    this.end = end;
    this.sections = sections;
    this.hints = hints;
    while (next < annotations.size() && annotations.get(next).before() < firstField) {
      next++;
    }
  }

  /** The name that an annotation directly before a token gives, if there is a well-formed one. */
  static @Nullable String nameAt(Tokens tokens, int token) {
    List<Annotation> annotations = tokens.annotations();
    int low = 0;
    int high = annotations.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (annotations.get(middle).before() < token) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (; low < annotations.size() && annotations.get(low).before() == token; low++) {
      if (annotations.get(low).id().equals("name")) {
        TokenCursor body = body(tokens, annotations.get(low));
        byte[] name = body.is(TokenKind.STRING) ? body.expectString() : null;
        boolean isName = name != null && Utf8.isValid(name) && body.is(TokenKind.END);
        return isName ? new String(name, StandardCharsets.UTF_8) : null;
      }
    }
    return null;
  }

  /** The name given by an annotation to the module itself, or null. */
  @Nullable String moduleName() {
    return moduleName;
  }

  /** Handles the annotations directly before the field that starts at a token. */
  void beforeField(int field) {
    for (; isNextAtMost(field); next++) {
      Annotation annotation = annotations.get(next);
      if (annotation.id().equals("custom")) {
        custom(annotation);
      } else if (BranchHintWriter.isHint(annotation)) {
        throw error(annotation, "@" + annotation.id() + " annotation: not in a function");
      } else if (annotation.before() != firstField) {
        throw misplaced(annotation);
      } else {
        if (moduleName != null) {
          throw error(annotation, "@name annotation: multiple module");
        }
        moduleName = name(annotation);
      }
    }
  }

  /** Handles the annotations behind the last field. */
  void finish() {
    beforeField(end);
  }

  /**
   * Handles the annotations inside a field.
   *
   * @param behindId the token behind the field's keyword and identifier
   * @param fieldEnd the token behind the field
   * @param nameable whether what the field defines can have a name
   * @return the name given to what the field defines, or null
   */
  @Nullable String insideField(int behindId, int fieldEnd, boolean nameable) {
    String result = null;
    for (; isNextAtMost(fieldEnd - 1); next++) {
      Annotation annotation = annotations.get(next);
      if (hints.isTaken(next)) {
        continue;
      }
      if (BranchHintWriter.isHint(annotation)) {
        throw error(annotation, "@" + annotation.id() + " annotation: not before an instruction");
      }
      if (!nameable || !annotation.id().equals("name")) {
        throw misplaced(annotation);
      }
      String name = name(annotation);
      if (annotation.before() == behindId) {
        result = name;
      }
    }
    return result;
  }

  private boolean isNextAtMost(int token) {
    return next < annotations.size() && annotations.get(next).before() <= token;
  }

  private String name(Annotation annotation) {
    TokenCursor body = body(annotation);
    if (!body.is(TokenKind.STRING)) {
      throw error(annotation, "@name annotation: unexpected token");
    }
    byte[] name = body.expectString();
    if (!Utf8.isValid(name)) {
      throw error(annotation, "@name annotation: malformed UTF-8 encoding");
    }
    if (!body.is(TokenKind.END)) {
      throw error(annotation, "@name annotation: unexpected token");
    }
    return new String(name, StandardCharsets.UTF_8);
  }

  private void custom(Annotation annotation) {
    TokenCursor body = body(annotation);
    if (!body.is(TokenKind.STRING)) {
      throw error(annotation, "@custom annotation: missing section name");
    }
    byte[] name = body.expectString();
    if (!Utf8.isValid(name)) {
      throw error(annotation, "@custom annotation: malformed UTF-8 encoding");
    }
    int gap = Section.values().length;
    boolean after = true;
    if (body.accept(TokenKind.LEFT)) {
      after = body.acceptKeyword("after");
      if (!after && !body.acceptKeyword("before")) {
        throw error(annotation, "@custom annotation: malformed placement");
      }
      gap = gap(annotation, body, after);
      if (!body.accept(TokenKind.RIGHT)) {
        throw error(annotation, "@custom annotation: unexpected token");
      }
    }
    ByteSink contents = new ByteSink();
    contents.vector(name);
    contents.add(body.strings());
    if (!body.is(TokenKind.END)) {
      throw error(annotation, "@custom annotation: unexpected token");
    }
    sections.addCustom(new Custom(gap, after, contents.toByteArray()));
  }

  private int gap(Annotation annotation, TokenCursor body, boolean after) {
    if (!after && body.acceptKeyword("first")) {
      return 0;
    }
    if (after && body.acceptKeyword("last")) {
      return Section.values().length;
    }
    for (Section section : Section.values()) {
      if (body.acceptKeyword(section.keyword())) {
        return section.ordinal() + (after ? 1 : 0);
      }
    }
    throw error(annotation, "@custom annotation: malformed section kind");
  }

  private TokenCursor body(Annotation annotation) {
    return body(tokens, annotation);
  }

  private static TokenCursor body(Tokens tokens, Annotation annotation) {
    byte[] text = Arrays.copyOfRange(tokens.source(), annotation.bodyStart(), annotation.end() - 1);
    return new TokenCursor(Lexer.scan(text), 0);
  }

  private WatException misplaced(Annotation annotation) {
    return error(annotation, "misplaced @" + annotation.id() + " annotation");
  }

  private WatException error(Annotation annotation, String message) {
    return tokens.errorAtOffset(annotation.start(), message);
  }
}

package dev.troupe.engine.text;

import org.jspecify.annotations.Nullable;

/**
 * A module in a script. Nothing of it is read before {@link #toBinary} is called, so a script may
 * hold modules that cannot be read.
 */
public final class WastModule {
  /** How the module is written. */
  public enum Form {
    /** In the text format, as part of the script. */
    TEXT,
    /** As the bytes of the binary format. */
    BINARY,
    /** As a string that holds text. */
    QUOTE
  }

  private final Form form;
  private final Tokens tokens;
  private final int position;
  private final @Nullable String id;

  WastModule(Form form, Tokens tokens, int position, @Nullable String id) {
    this.form = form;
    this.tokens = tokens;
    this.position = position;
    this.id = id;
  }

  /** How the module is written. */
  public Form form() {
    return form;
  }

  /**
   * The module's binary, which for {@link Form#BINARY} may be anything.
   *
   * @throws WatException when its text is malformed; positions in a quoted module count inside it
   */
  public byte[] toBinary() {
    TokenCursor cursor = new TokenCursor(tokens, position);
    return switch (form) {
      case TEXT -> text(cursor);
      case BINARY -> binary(cursor);
      case QUOTE -> Wat.toBinary(cursor.strings());
    };
  }

  private byte[] text(TokenCursor cursor) {
    byte[] binary = ModuleParser.parse(cursor, id);
    if (!cursor.is(TokenKind.RIGHT) && !cursor.is(TokenKind.END)) {
      throw cursor.unexpected();
    }
    return binary;
  }

  private static byte[] binary(TokenCursor cursor) {
    byte[] binary = cursor.strings();
    cursor.expectRight();
    return binary;
  }
}

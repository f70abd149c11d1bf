package dev.troupe.engine.text;

/** Lexical classes of the text format (section 6.3.1). */
enum TokenKind {
  /** A left parenthesis. */
  LEFT,
  /** A right parenthesis. */
  RIGHT,
  /** An identifier, {@code $name} or {@code $"any name"}. */
  ID,
  /** A string literal with its quotes. */
  STRING,
  /** An unsigned integer. */
  NATURAL,
  /** An integer with a sign. */
  INTEGER,
  /** A floating-point literal that is no integer, {@code inf} and {@code nan} included. */
  FLOAT,
  /** A word that starts with a lower-case letter. */
  KEYWORD,
  /** Characters that form a token of no meaning. */
  RESERVED,
  /** A lexical error; its message is in the {@link Tokens}. */
  ERROR,
  /** The end of the source. */
  END
}

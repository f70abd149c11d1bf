package dev.troupe.engine.text;

import dev.troupe.engine.wasm.LimitExceededException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Where the printer writes. A few bytes of a module can ask for much text (a hundred thousand
 * locals, a long name in every call), so there is a limit, and no more than a piece of the text is
 * ever held here.
 */
final class PrinterOutput {
  private static final int PIECE_CHARS = 1 << 16;

  /** The piece that is being written. */
  final StringBuilder text = new StringBuilder();

  private final Appendable target;
  private final long mostChars;
  private long writtenChars;

  PrinterOutput(Appendable target, long mostChars) {
    this.target = target;
    this.mostChars = mostChars;
  }

  /**
   * Passes on what has been written when it is enough. Called after each piece of bounded size.
   *
   * @throws LimitExceededException when the text is longer than allowed
   */
  void settle() {
    if (text.length() >= PIECE_CHARS) {
      finish();
    }
  }

  /** Passes on what has been written. */
  void finish() {
    writtenChars += text.length();
    if (writtenChars > mostChars) {
      throw new LimitExceededException("characters of text", writtenChars, mostChars, 0);
    }
    try {
      target.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.setLength(0);
  }
}

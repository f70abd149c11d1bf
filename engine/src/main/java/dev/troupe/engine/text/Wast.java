package dev.troupe.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Test scripts: text to commands. */
public final class Wast {
  private Wast() {}

  /**
   * The commands of a script, in order. Modules inside stay unread until they are asked for.
   *
   * @param fileName used in messages only
   * @throws WatException when the script itself is malformed; its message names the file
   */
  public static List<WastCommand> parse(String fileName, byte[] source) {
    try {
      return new WastParser(Lexer.scan(source.clone())).script();
    } catch (WatException e) {
      throw new WatException(fileName + ": " + e.reason(), e.line(), e.column());
    }
  }

  /** As {@link #parse(String, byte[])} for text in memory. */
  public static List<WastCommand> parse(String fileName, String source) {
    return parse(fileName, source.getBytes(StandardCharsets.UTF_8));
  }
}

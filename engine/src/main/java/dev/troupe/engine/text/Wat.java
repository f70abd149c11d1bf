package dev.troupe.engine.text;

import dev.troupe.engine.wasm.WasmModule;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Modules in the text format to the binary format (chapter 6 of the specification, WebAssembly
 * 3.0).
 *
 * <p>The result is well formed but not validated; identifiers are kept in its name section.
 */
public final class Wat {
  private Wat() {}

  /**
   * The binary of a module written as {@code (module ...)}, as its fields alone, or as {@code
   * (module binary "...")} or {@code (module quote "...")}.
   *
   * @throws WatException when the text is malformed
   */
  public static byte[] toBinary(String source) {
    return toBinary(source.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * As {@link #toBinary(String)} for text that is still in UTF-8.
   *
   * @param source not modified, not kept
   * @throws WatException when the text is malformed, which includes bytes that are not UTF-8
   */
  public static byte[] toBinary(byte[] source) {
    Tokens tokens = Lexer.scan(source);
    TokenCursor cursor = new TokenCursor(tokens, 0);
    byte[] binary = toBinary(cursor);
    if (!cursor.is(TokenKind.END)) {
      throw cursor.unexpected();
    }
    return binary;
  }

  /**
   * A decoded module in the text format. Reading the text back gives an equal module: the same
   * sections with the same contents, names and custom sections included.
   *
   * @throws dev.troupe.engine.wasm.MalformedException when a function body is malformed, which
   *     decoding the module has not checked
   */
  public static String print(WasmModule module) {
    StringBuilder text = new StringBuilder();
    print(module, text, Integer.MAX_VALUE);
    return text.toString();
  }

  /**
   * Writes a decoded module in the text format, piece by piece: a small module may ask for much
   * text.
   *
   * @param mostChars how long the text may be
   * @throws dev.troupe.engine.wasm.LimitExceededException when it is longer; part of it has been
   *     written
   * @throws dev.troupe.engine.wasm.MalformedException when a function body is malformed
   * @throws java.io.UncheckedIOException when the target throws
   */
  public static void print(WasmModule module, Appendable target, long mostChars) {
    ModulePrinter.print(module, new PrinterOutput(target, mostChars));
  }

  /** The binary of the module at a cursor, which may be fields up to the end of the source. */
  static byte[] toBinary(TokenCursor cursor) {
    if (!cursor.acceptLeft("module")) {
      return ModuleParser.parse(cursor, null);
    }
    cursor.acceptKeyword("definition");
    String name = cursor.acceptId();
    byte[] binary = moduleBody(cursor, name);
    cursor.expectRight();
    return binary;
  }

  /** What is behind {@code (module $name}. */
  static byte[] moduleBody(TokenCursor cursor, @Nullable String name) {
    if (cursor.acceptKeyword("binary")) {
      return cursor.strings();
    }
    if (cursor.acceptKeyword("quote")) {
      return toBinary(cursor.strings());
    }
    return ModuleParser.parse(cursor, name);
  }
}

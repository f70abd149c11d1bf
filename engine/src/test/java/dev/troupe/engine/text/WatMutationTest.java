package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged text ends in a typed error or in a module, never in anything else. */
class WatMutationTest {
  private static final int ROUNDS = 4_000;

  /** Pieces that mean something somewhere, put where they do not belong. */
  private static final List<String> PIECES =
      List.of(
          "(",
          ")",
          "\"",
          "$x",
          "$",
          "0",
          "-1",
          "0xffffffffffffffff",
          "1e9999",
          "nan:0x1",
          "(;",
          ";)",
          ";;",
          "\n",
          "(@a",
          "(@name \"n\")",
          "(@custom \"c\")",
          "(type",
          "(func",
          "(param i32)",
          "(result",
          "(local",
          "then",
          "else",
          "end",
          "block",
          "if",
          "loop",
          "offset=",
          "align=0",
          "call_indirect",
          "(ref null",
          "select",
          "br_table",
          "v128.const i8x16",
          "i8x16.shuffle",
          "(elem declare",
          "(data",
          "(memory",
          "(table",
          "(import \"a\" \"b\"",
          "try_table",
          "\\",
          "\u00e9");

  @Test
  void damagedScriptsGiveTypedErrors() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Path> scripts = Corpora.files("spec/core", ".wast");
    int malformed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] source = Files.readAllBytes(scripts.get(random.nextInt(scripts.size())));
      int start = random.nextInt(source.length);
      byte[] part = Arrays.copyOfRange(source, start, Math.min(source.length, start + 3_000));
      byte[] damaged = damage(aroundModule(part), random);
      try {
        byte[] unused = Wat.toBinary(damaged);
        List<WastCommand> unusedCommands = Wast.parse("mutant", damaged);
      } catch (WatException e) {
        malformed++;
        assertThat(e.line()).isPositive();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(malformed).isGreaterThan(ROUNDS / 2);
  }

  /** From the first module in the text to its end, so that parsers get further than one token. */
  private static byte[] aroundModule(byte[] part) {
    String text = new String(part, StandardCharsets.ISO_8859_1);
    int module = text.indexOf("(module");
    int end = text.indexOf("\n)", Math.max(module, 0));
    return module < 0 ? part : Arrays.copyOfRange(part, module, end < 0 ? part.length : end + 2);
  }

  private static byte[] damage(byte[] source, Random random) {
    StringBuilder text = new StringBuilder(new String(source, StandardCharsets.ISO_8859_1));
    for (int k = random.nextInt(4); k >= 0; k--) {
      int at = random.nextInt(text.length() + 1);
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, " " + piece + " ");
        case 1 -> text.replace(at, Math.min(text.length(), at + random.nextInt(20)), piece);
        default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}

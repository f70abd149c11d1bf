package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.fuzz.Mutations;
import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged text ends in a typed error or in a module, never in anything else. */
class WatMutationTest {
  private static final int ROUNDS = 4_000;

  @Test
  void damagedScriptsGiveTypedErrors() throws IOException {
    long seed = Long.getLong("troupe.test.seed", 20_261_121);
    SplittableRandom random = new SplittableRandom(seed);
    List<Path> scripts = Corpora.files("spec/core", ".wast");
    int malformed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] source = Files.readAllBytes(scripts.get(random.nextInt(scripts.size())));
      int start = random.nextInt(source.length);
      byte[] part = Arrays.copyOfRange(source, start, Math.min(source.length, start + 3_000));
      byte[] damaged = Mutations.ofText(aroundModule(part), 1 + random.nextInt(4), random);
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
}

package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The official scripts as text: all parse, all their modules encode, all malformed ones are told.
 */
class SpecTextTest {
  @Test
  void coreScriptsParseEncodeAndAreMalformedExactlyWhereTheySay() throws IOException {
    Path core = Corpora.root().resolve("spec/core");
    List<Path> scripts = Corpora.files("spec/core", ".wast");
    assertThat(scripts).hasSize(258);
    List<String> problems = new ArrayList<>();
    int modules = 0;
    for (Path script : scripts) {
      String name = core.relativize(script).toString();
      for (WastCommand command : Wast.parse(name, Files.readAllBytes(script))) {
        modules += check(name, command, problems);
      }
    }
    assertThat(problems).isEmpty();
    assertThat(modules).isGreaterThan(6_000);
  }

  /** Checks a command's module, if it has one that is text; returns how many were checked. */
  private static int check(String file, WastCommand command, List<String> problems) {
    return switch (command) {
      case WastCommand.Module c -> encodes(file, command, c.module(), problems);
      case WastCommand.AssertInvalid c -> encodes(file, command, c.module(), problems);
      case WastCommand.AssertInvalidCustom c -> encodes(file, command, c.module(), problems);
      case WastCommand.AssertUnlinkable c -> encodes(file, command, c.module(), problems);
      case WastCommand.AssertUninstantiable c -> encodes(file, command, c.module(), problems);
      case WastCommand.AssertMalformed c -> isMalformed(file, c, problems);
      case WastCommand.Instance _,
          WastCommand.Register _,
          WastCommand.Perform _,
          WastCommand.AssertReturn _,
          WastCommand.AssertTrap _,
          WastCommand.AssertExhaustion _,
          WastCommand.AssertException _ ->
          0;
    };
  }

  private static int encodes(
      String file, WastCommand command, WastModule module, List<String> problems) {
    try {
      module.toBinary();
    } catch (WatException e) {
      problems.add(file + ":" + command.line() + ": " + e.getMessage());
    }
    return 1;
  }

  private static int isMalformed(
      String file, WastCommand.AssertMalformed command, List<String> problems) {
    if (command.module().form() == WastModule.Form.BINARY) {
      return 0;
    }
    String message = "no error";
    try {
      command.module().toBinary();

    } catch (WatException e) {
      message = String.valueOf(e.getMessage());
    }
    if (!message.startsWith(command.message())) {
      problems.add(
          file + ":" + command.line() + ": " + message + " instead of " + command.message());
    }
    return 1;
  }
}

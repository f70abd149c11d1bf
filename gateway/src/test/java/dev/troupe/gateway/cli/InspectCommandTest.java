package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.Engine;
import dev.troupe.engine.text.Wat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final String MODULE =
      "(module $m (func $nan (export \"nan\") (result f32) f32.const nan:0x200001)"
          + " (@custom \"note\" \"\\00\\ff\"))";

  @TempDir private Path folder;

  private String inspect(Path file) throws UsageException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status =
        new InspectCommand(new PrintStream(out, false, StandardCharsets.UTF_8))
            .run(List.of("--wat", file.toString()));
    assertThat(status).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsModulesAsTextThatReadsBack() throws UsageException, IOException {
    byte[] wasm = Wat.toBinary(MODULE);
    String text = inspect(Files.write(folder.resolve("m.wasm"), wasm));
    assertThat(text).contains("f32.const nan:0x200001").contains("(@custom \"note\"");
    assertThat(Wat.toBinary(text)).isEqualTo(wasm);
    assertThat(inspect(Files.writeString(folder.resolve("m.wat"), text))).isEqualTo(text);
  }

  @Test
  void anArtifactIsNoModule() throws IOException {
    try (Engine engine = Engine.create()) {
      Path file = folder.resolve("m.elf");
      Path written = Files.write(file, engine.precompileModule(Wat.toBinary(MODULE)));
      assertThatThrownBy(() -> inspect(written))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("m.elf is an artifact");
    }
  }
}

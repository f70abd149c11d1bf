package dev.troupe.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.FieldMask;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.ProgramSettings;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the commands about functions print. */
class FunctionCommandTest {
  @Test
  void jsonTellsTheLimitsToo() throws IOException {
    FunctionVersion version = FunctionVersion.newBuilder().setName("v").setModuleBytes(5).build();
    Function function =
        Function.newBuilder().setLimits(FunctionLimits.newBuilder().setConcurrency(3)).build();
    JsonObject shown =
        JsonParser.parseString(FunctionCommand.Get.toJson(version, function)).getAsJsonObject();
    assertThat(shown.get("name").getAsString()).isEqualTo("v");
    assertThat(shown.getAsJsonObject("limits").get("concurrency").getAsInt()).isEqualTo(3);
  }

  @Test
  void textTellsTheSettingsOfTheProgram() {
    ProgramSettings settings =
        ProgramSettings.newBuilder()
            .addArguments("-v")
            .putEnvironment("LANG", "C")
            .setScratchBytes(0)
            .setOpenFiles(7)
            .setWrittenBytes(9)
            .build();
    assertThat(ProgramText.of(settings).lines().map(String::strip))
        .containsExactly(
            "argument         -v",
            "environment      LANG=C",
            "scratch          0 bytes",
            "open files       7",
            "written          9 bytes");
    assertThat(ProgramText.of(ProgramSettings.getDefaultInstance())).isEmpty();
  }

  @Test
  void programIsClearedAsAWholeAndLimitsByTheirNames() {
    ClearOption clear = new ClearOption();
    var _ = new CommandLine(clear).parseArgs("--clear", "program,cpu-time");
    assertThat(clear.addTo(FieldMask.newBuilder(), "limits").getPathsList())
        .containsExactly("program", "limits.cpu_time");
  }
}

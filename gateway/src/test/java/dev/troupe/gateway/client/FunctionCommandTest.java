package dev.troupe.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionVersion;
import java.io.IOException;
import org.junit.jupiter.api.Test;

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
}

package dev.troupe.artifact.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The engine writes artifact metadata by hand. The recorded bytes, which the engine's own tests
 * compare with what it writes, are what the schema's generated classes read and write.
 */
final class ArtifactSchemaTest {
  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = ArtifactSchemaTest.class.getResourceAsStream(name + ".hex")) {
      assertThat(in).as(name).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }

  private static <M extends Message> M parse(Parser<M> parser, String name) throws IOException {
    byte[] bytes = recorded(name);
    try {
      M message = parser.parseFrom(bytes);
      assertThat(message.getUnknownFields().asMap()).isEmpty();
      assertThat(message.toByteArray()).isEqualTo(bytes);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(name + " is not the message", e);
    }
  }

  @Test
  void engineMetadata() throws IOException {
    EngineMetadata metadata = parse(EngineMetadata.parser(), "engine-metadata");
    assertThat(metadata.getFormatVersion()).isEqualTo(5);
    assertThat(metadata.getTarget()).isEqualTo("x86_64-unknown-linux-gnu");
    assertThat(metadata.getCompilerFlagsList()).isNotEmpty().isSorted();
    assertThat(metadata.getIsaFeaturesList()).containsExactly("bmi1", "lzcnt");
    assertThat(metadata.getTunables().getTraps()).isEqualTo("SIGNALS");
    assertThat(metadata.getTunables().getGuardBytes()).isEqualTo(32L << 20);
  }

  @Test
  void moduleTypes() throws IOException {
    ModuleTypes types = parse(ModuleTypes.parser(), "module-types");
    assertThat(types.getTypesCount()).isEqualTo(3);
    assertThat(types.getTypes(0).getFunction().getParamsList()).containsExactly(1);
    assertThat(types.getTypes(0).getFunction().getResultsList()).containsExactly(2);
  }

  @Test
  void moduleInfo() throws IOException {
    ModuleInfo info = parse(ModuleInfo.parser(), "module-info");
    assertThat(info.getImportsCount()).isEqualTo(4);
    assertThat(info.getImports(0).getName()).isEqualTo("hello");
    assertThat(info.getMemories(0).getLimits().getMax()).isEqualTo(4);
    assertThat(info.getFunctions().getSizesCount()).isEqualTo(200);
    assertThat(info.getGlobals(0).getInitializer().getInstructions(0).getI32())
        .isEqualTo(Integer.MIN_VALUE);
    assertThat(info.getData(1).getInImage()).isTrue();
    assertThat(info.getImages(0).getBytes()).isEqualTo(4096);
  }
}

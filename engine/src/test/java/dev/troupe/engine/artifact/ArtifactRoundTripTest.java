package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is written is read back; equal modules have equal bytes. */
final class ArtifactRoundTripTest {
  private static final CompiledModule WRITTEN = ArtifactSamples.compiled(ArtifactSamples.HOST);
  private static final byte[] BYTES = ArtifactWriter.write(WRITTEN);

  private static Artifact read() {
    return ArtifactReader.read(MemorySegment.ofArray(BYTES), ArtifactSamples.HOST, null);
  }

  @Test
  void writingIsDeterministic() {
    assertThat(ArtifactSamples.artifact()).isEqualTo(BYTES);
  }

  @Test
  void aReadModuleWritesItsOwnBytesAgain() {
    Artifact artifact = read();
    assertThat(artifact.file().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
    assertThat(ArtifactWriter.write(artifact.module())).isEqualTo(BYTES);
  }

  @Test
  void codeAndTablesAreRead() {
    Artifact artifact = read();
    CompiledModule module = artifact.module();
    assertThat(module.metadata()).isEqualTo(ArtifactSamples.HOST);
    assertThat(module.text().mismatch(WRITTEN.text())).isEqualTo(-1);
    assertThat(artifact.textOffset() % MemoryImage.PAGE_BYTES).isZero();
    assertThat(artifact.imageOffsets()).hasSize(1);
    assertThat(artifact.imageOffsets()[0] % MemoryImage.PAGE_BYTES).isZero();
    assertThat(
            module.images().getFirst().contents().mismatch(WRITTEN.images().getFirst().contents()))
        .isEqualTo(-1);
    for (int f = 0; f < ArtifactSamples.FUNCTIONS; f++) {
      assertThat(module.functions().start(f)).isEqualTo(f * 32);
      assertThat(module.functions().end(f)).isEqualTo(f * 32 + 11 + f % 20);
      assertThat(module.functions().frameBytes(f)).isEqualTo(8 * (f % 9));
      assertThat(module.functions().prologueEnd(f)).isEqualTo(f * 32 + 4);
      assertThat(module.functions().at(f * 32)).isEqualTo(f);
      assertThat(module.functions().at(f * 32 + 10 + f % 20)).isEqualTo(f);
      assertThat(module.functions().at(f * 32 + 11 + f % 20)).isEqualTo(-1);
      assertThat(module.traps().kindAt(f * 32 + 5)).isEqualTo(f % TrapKind.count());
      assertThat(module.traps().kindAt(f * 32 + 4)).isEqualTo(-1);
      assertThat(module.traps().kindAt(f * 32 + 7 + f % 3))
          .isEqualTo(TrapKind.UNREACHABLE.ordinal());
      int expected = f % 5 == 0 ? AddressMap.NONE : 1000 - f;
      assertThat(module.addresses().wasmOffset(f * 32)).isEqualTo(expected);
      assertThat(module.addresses().wasmOffset(f * 32 + 31)).isEqualTo(expected);
    }
    InlineMap inlined = module.addresses().inlined();
    assertThat(inlined.callCount()).isEqualTo(3);
    assertThat(IntStream.of(0, 2, 4, 5, 8, 9, 95, 96, 127, 128).map(inlined::call))
        .containsExactly(-1, 0, 0, 1, 1, -1, -1, 2, 2, -1);
    assertThat(inlined.parent(1)).isZero();
    assertThat(inlined.parent(2)).isEqualTo(InlineMap.NONE);
    assertThat(inlined.callOffset(1)).isEqualTo(600);
    assertThat(inlined.function(1)).isEqualTo(4);
    assertThat(module.traps().offsets()).isEqualTo(WRITTEN.traps().offsets());
    assertThat(module.traps().kinds()).isEqualTo(WRITTEN.traps().kinds());
  }

  @Test
  void theModuleIsRebuilt() {
    WasmModule written = WRITTEN.module();
    WasmModule module = read().module().module();
    assertThat(module.types()).isEqualTo(written.types());
    assertThat(module.imports()).isEqualTo(written.imports());
    assertThat(module.functionCount()).isEqualTo(written.functionCount());
    for (int f = 0; f < module.functionCount(); f++) {
      assertThat(module.functionTypeIndex(f)).isEqualTo(written.functionTypeIndex(f));
    }
    assertThat(module.tables()).isEqualTo(written.tables());
    assertThat(module.memories()).isEqualTo(written.memories());
    assertThat(module.globals()).isEqualTo(written.globals());
    for (int g = 1; g < module.globals().size(); g++) {
      assertThat(module.globalInitializer(g)).isEqualTo(written.globalInitializer(g));
    }
    assertThat(module.exports()).isEqualTo(written.exports());
    assertThat(module.startFunction()).isEqualTo(ArtifactSamples.START);
    assertThat(module.elements()).isEqualTo(written.elements());
    assertThat(module.dataCount()).isEqualTo(3);
    assertThat(segment(module, 0)).isEqualTo("HELLO");
    assertThat(module.data().get(1).length()).isZero();
    assertThat(segment(module, 2)).isEqualTo("world");
    assertThat(module.names().module()).isEqualTo("demo");
    assertThat(module.names().function(1)).isEqualTo("add");
    assertThat(module.names().function(2)).isEqualTo("su\nub");
    assertThat(module.names().function(3)).isNull();
  }

  private static String segment(WasmModule module, int index) {
    var segment = module.data().get(index);
    return new String(
        module.bytes(), segment.offset(), segment.length(), StandardCharsets.US_ASCII);
  }

  @Test
  void anArtifactOfOtherSettingsKeepsItsOwnMetadata() {
    EngineMetadata plain =
        EngineMetadata.current(
            EnumSet.noneOf(dev.troupe.engine.contract.IsaFeature.class),
            Tunables.DEFAULT,
            WasmFeatures.WASM1);
    byte[] bytes = ArtifactWriter.write(ArtifactSamples.compiled(plain));
    Artifact artifact =
        ArtifactReader.read(MemorySegment.ofArray(bytes), ArtifactSamples.HOST, null);
    assertThat(artifact.module().metadata()).isEqualTo(plain);
    assertThat(ArtifactWriter.write(artifact.module())).isEqualTo(bytes);
  }

  @Test
  void theMinimalModule() {
    byte[] none = {};
    CompiledModule minimal =
        new CompiledModule(
            ArtifactSamples.HOST,
            WasmModule.builder(none).build(),
            MemorySegment.ofArray(none),
            FunctionTable.of(new int[0], new int[0], new int[0], new int[0], new int[0]),
            TrapTable.of(new int[0], none),
            AddressMap.of(new int[0], new int[0]),
            StackMaps.EMPTY,
            ExceptionTable.empty(),
            java.util.List.of(),
            new java.util.BitSet());
    byte[] bytes = ArtifactWriter.write(minimal);
    Artifact artifact =
        ArtifactReader.read(MemorySegment.ofArray(bytes), ArtifactSamples.HOST, null);
    assertThat(artifact.module().functions().count()).isZero();
    assertThat(artifact.module().traps().kindAt(0)).isEqualTo(-1);
    assertThat(artifact.module().addresses().wasmOffset(0)).isEqualTo(AddressMap.NONE);
    assertThat(artifact.module().module().startFunction()).isEqualTo(WasmModule.NO_START);
  }

  @Test
  void detectTellsArtifactsFromOtherFiles() {
    assertThat(ArtifactReader.detect(BYTES)).isEqualTo(ArtifactKind.MODULE);
    assertThat(ArtifactReader.detect(java.util.Arrays.copyOf(BYTES, 64)))
        .isEqualTo(ArtifactKind.MODULE);
    assertThat(ArtifactReader.detect(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0})).isNull();
    byte[] otherMachine = BYTES.clone();
    otherMachine[18] = 3;
    assertThat(ArtifactReader.detect(otherMachine)).isNull();
  }

  /**
   * The bytes of the three metadata sections are those recorded: {@code -Dbless} records them anew.
   * The proto module's tests read the same files with generated classes.
   */
  @Test
  void metadataHasGoldenBytes() throws IOException {
    ElfFrame frame = ElfFrame.read(MemorySegment.ofArray(BYTES));
    golden("engine-metadata", frame.bytes(MemorySegment.ofArray(BYTES), ArtifactSection.ENGINE));
    golden("module-types", frame.bytes(MemorySegment.ofArray(BYTES), ArtifactSection.TYPES));
    golden("module-info", frame.bytes(MemorySegment.ofArray(BYTES), ArtifactSection.INFO));
    golden("file-digest", Digests.sha256("", BYTES));
  }

  private static void golden(String name, byte[] actual) throws IOException {
    Path file = Path.of("../proto/src/test/resources/dev/troupe/artifact/v1", name + ".hex");
    String hex = HexFormat.of().formatHex(actual).replaceAll(".{96}", "$0\n") + "\n";
    if (Boolean.getBoolean("bless")) {
      Files.writeString(file, hex);
    }
    assertThat(hex).as(name).isEqualTo(Files.readString(file));
  }
}

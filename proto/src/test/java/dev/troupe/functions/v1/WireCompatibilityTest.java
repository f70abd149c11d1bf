package dev.troupe.functions.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Compares the API with the descriptor set that was committed last: clients built with it must go
 * on working. {@code -Dbless=true} writes the current set; the change of the file is then reviewed.
 */
final class WireCompatibilityTest {
  private static final Path COMMITTED = Path.of("src/test/resources/functions-v1.binpb");

  private static final List<FileDescriptor> FILES =
      List.of(
          TenantProto.getDescriptor(),
          FunctionProto.getDescriptor(),
          TenantServiceProto.getDescriptor(),
          FunctionServiceProto.getDescriptor(),
          InvocationServiceProto.getDescriptor(),
          StatisticsServiceProto.getDescriptor());

  @Test
  void nothingThatWasCommittedHasChanged() throws IOException {
    FileDescriptorSet current = current();
    if (Boolean.getBoolean("bless")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.write(COMMITTED, current.toByteArray());
    }
    FileDescriptorSet committed = committed();
    assertThat(committed.getFileCount()).isEqualTo(FILES.size());
    assertThat(WireChanges.breaking(committed, current)).isEmpty();
  }

  /** Otherwise an addition would stay unprotected until somebody remembers to bless it. */
  @Test
  void everythingThatExistsIsCommitted() throws IOException {
    assertThat(WireChanges.breaking(current(), committed()))
        .as("additions that need -Dbless=true")
        .isEmpty();
  }

  @Test
  void aChangedTypeIsFound() throws IOException {
    FileDescriptorSet.Builder changed = committed().toBuilder();
    changed.getFileBuilder(0).getMessageTypeBuilder(0).getFieldBuilder(0).setType(Type.TYPE_BYTES);
    assertThat(WireChanges.breaking(committed(), changed.build()))
        .singleElement()
        .asString()
        .contains("dev.troupe.functions.v1.Tenant number 1")
        .contains("TYPE_STRING")
        .contains("TYPE_BYTES");
  }

  @Test
  void aRemovedFieldAndARenumberedOneAreFound() throws IOException {
    FileDescriptorSet.Builder changed = committed().toBuilder();
    changed.getFileBuilder(0).getMessageTypeBuilder(0).removeField(0);
    changed.getFileBuilder(0).getMessageTypeBuilder(0).getFieldBuilder(0).setNumber(99);
    assertThat(WireChanges.breaking(committed(), changed.build()))
        .hasSize(2)
        .allSatisfy(change -> assertThat(change).endsWith("and is [gone]"));
  }

  @Test
  void aMethodThatBecomesAStreamIsFound() throws IOException {
    FileDescriptorSet.Builder changed = committed().toBuilder();
    changed.getFileBuilder(2).getServiceBuilder(0).getMethodBuilder(0).setServerStreaming(true);
    assertThat(WireChanges.breaking(committed(), changed.build())).hasSize(1);
  }

  private static FileDescriptorSet current() {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    FILES.forEach(file -> set.addFile(file.toProto()));
    return set.build();
  }

  private static FileDescriptorSet committed() throws IOException {
    return FileDescriptorSet.parseFrom(Files.readAllBytes(COMMITTED));
  }
}

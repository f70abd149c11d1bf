package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, signatures, and files that others could change. */
final class ArtifactTrustTest {
  private static final ArtifactKey KEY =
      new ArtifactKey("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
  private static final ArtifactKey OTHER = new ArtifactKey(new byte[ArtifactKey.BYTES]);

  @TempDir
  @SuppressWarnings("NullAway") // JUnit sets it.
  Path folder;

  private static void rejected(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.UNTRUSTED))
        .hasMessageContaining(message);
  }

  @Test
  void theRightKeyIsDemanded() {
    byte[] bytes = ArtifactSamples.artifact();
    MemorySegment file = MemorySegment.ofArray(bytes);
    assertThat(ArtifactSeal.isSigned(file)).isFalse();
    rejected(() -> ArtifactReader.read(file, ArtifactSamples.HOST, KEY), "it is not signed");
    ArtifactSeal.sign(bytes, KEY);
    assertThat(ArtifactSeal.isSigned(file)).isTrue();
    assertThat(ArtifactReader.read(file, ArtifactSamples.HOST, KEY)).isNotNull();
    assertThat(ArtifactReader.read(file, ArtifactSamples.HOST, null)).isNotNull();
    rejected(
        () -> ArtifactReader.read(file, ArtifactSamples.HOST, OTHER),
        "not signed with the key of this installation");
  }

  @Test
  void aPrivateFileIsUsedAsItIs() throws IOException {
    byte[] bytes = ArtifactSamples.artifact();
    Path path = Files.write(folder.resolve("a"), bytes);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    try (ArtifactFile file = ArtifactFile.open(path)) {
      assertThat(file.isCopied()).isFalse();
      assertThat(file.contents().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
      assertThat(ArtifactReader.read(file.contents(), ArtifactSamples.HOST, null)).isNotNull();
    }
  }

  @Test
  void aFileThatOthersMayWriteIsCopiedAndSealed() throws IOException {
    byte[] bytes = ArtifactSamples.artifact();
    Path path = Files.write(folder.resolve("a"), bytes);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
    try (ArtifactFile file = ArtifactFile.open(path)) {
      assertThat(file.isCopied()).isTrue();
      assertThat(file.file().isSealed()).isTrue();
      Files.write(path, new byte[bytes.length]);
      assertThat(file.contents().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
    }
  }

  @Test
  void bytesBecomeASealedFile() {
    byte[] bytes = ArtifactSamples.artifact();
    try (ArtifactFile file = ArtifactFile.of(bytes)) {
      assertThat(file.file().isSealed()).isTrue();
      assertThat(file.contents().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
    }
  }

  @Test
  void linksFoldersAndMissingFilesAreRefused() throws IOException {
    Path path = Files.write(folder.resolve("a"), ArtifactSamples.artifact());
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    rejected(() -> ArtifactFile.open(link), "cannot open artifact");
    rejected(() -> ArtifactFile.open(folder), "not a regular file");
    rejected(() -> ArtifactFile.open(folder.resolve("none")), "cannot open artifact");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> ArtifactFile.open(empty)).hasMessageContaining("has 0 bytes");
  }

  @Test
  void theKeyFileIsMadeOnceAndPrivate() throws Exception {
    Path path = folder.resolve("key");
    List<Callable<ArtifactKey>> tasks = new ArrayList<>();
    for (int k = 0; k < 16; k++) {
      tasks.add(() -> ArtifactKeyFile.loadOrCreate(path));
    }
    List<ArtifactKey> keys = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      for (Future<ArtifactKey> result : executor.invokeAll(tasks)) {
        keys.add(result.get());
      }
    }
    byte[] expected = keys.getFirst().mac(new byte[1]);
    assertThat(keys).allSatisfy(key -> assertThat(key.mac(new byte[1])).isEqualTo(expected));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void aKeyFileThatOthersMayReadIsRefused() throws IOException {
    Path path = folder.resolve("key");
    assertThat(ArtifactKeyFile.loadOrCreate(path)).isNotNull();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    rejected(() -> ArtifactKeyFile.loadOrCreate(path), "mode 0600");
    Path shortKey = Files.write(folder.resolve("short"), new byte[5]);
    Files.setPosixFilePermissions(shortKey, PosixFilePermissions.fromString("rw-------"));
    rejected(() -> ArtifactKeyFile.loadOrCreate(shortKey), "32 bytes");
  }
}

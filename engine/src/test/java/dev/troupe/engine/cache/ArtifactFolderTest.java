package dev.troupe.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts on disk: whole or absent, private, rejected ones gone. */
class ArtifactFolderTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @Test
  void storesFindsAndRejects() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder.resolve("cache"));
    assertThat(artifacts.find(KEY)).isEmpty();

    Path file = artifacts.put(KEY, new byte[] {1, 2, 3});
    assertThat(artifacts.find(KEY)).contains(file);
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("cache"))))
        .isEqualTo("rwx------");

    artifacts.reject(KEY);
    artifacts.reject(KEY);
    assertThat(artifacts.find(KEY)).isEmpty();
    assertThat(artifacts.rejected()).isEqualTo(2);
    assertThat(artifacts.written()).isEqualTo(1);
    assertThat(artifacts.found()).isEqualTo(1);
  }

  @Test
  void concurrentWritersLeaveOneWholeFile() throws Exception {
    byte[] artifact = new byte[100_000];
    java.util.Arrays.fill(artifact, (byte) 7);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Path>> writes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        writes.add(threads.submit(() -> ArtifactFolder.open(folder).put(KEY, artifact)));
      }
      for (Future<Path> write : writes) {
        assertThat(Files.readAllBytes(write.get())).isEqualTo(artifact);
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void linkIsNoEntry() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder);
    Path secret = Files.writeString(folder.resolve("elsewhere"), "x");
    Path file = artifacts.put(KEY, new byte[1]);
    Files.delete(file);
    Files.createSymbolicLink(file, secret);

    assertThat(artifacts.find(KEY)).isEmpty();
  }

  @Test
  void keysAreHexadecimal() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder);
    for (String key :
        List.of("", "../../../../etc/passwd", "abc", KEY.toUpperCase(java.util.Locale.ROOT))) {
      assertThatIllegalArgumentException().isThrownBy(() -> artifacts.find(key));
    }
  }

  @Test
  void fileInPlaceOfTheFolderIsAnError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> ArtifactFolder.open(file)).isInstanceOf(IOException.class);
  }
}

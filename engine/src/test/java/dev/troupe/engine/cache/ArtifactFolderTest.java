package dev.troupe.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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

  private static String key(int number) {
    return "%032x".formatted(number * 0x1000000000000L + number);
  }

  @Test
  void trimRemovesWhatWasNotAskedForTheLongestButNothingInUse() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder, 1000);
    assertThat(artifacts.isTooLarge()).as("nobody has looked").isTrue();
    for (int number = 0; number < 10; number++) {
      Path file = artifacts.put(key(number), new byte[100]);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + number));
    }
    assertThat(artifacts.trim(key -> false)).isZero();
    assertThat(artifacts.isTooLarge()).isFalse();
    Path _ = artifacts.put(key(10), new byte[100]);
    assertThat(artifacts.isTooLarge()).isTrue();
    // 0 is in use, 1 was asked for: 2 and 3 are the eldest.
    assertThat(artifacts.find(key(1))).isPresent();
    assertThat(artifacts.trim(key -> key.equals(key(0)))).isEqualTo(2);
    assertThat(artifacts.isTooLarge()).isFalse();
    for (int number = 0; number <= 10; number++) {
      assertThat(artifacts.find(key(number)).isPresent())
          .as("artifact %d", number)
          .isEqualTo(number != 2 && number != 3);
    }
    assertThat(artifacts.trim(key -> true)).as("all in use").isZero();
    assertThat(artifacts.removed()).isEqualTo(2);
  }

  @Test
  void folderWithoutAnythingToRemoveIsNotLookedAtAgainAndAgain() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder, 1000);
    for (int number = 0; number < 20; number++) {
      Path _ = artifacts.put(key(number), new byte[100]);
    }
    assertThat(artifacts.trim(key -> true)).isZero();
    assertThat(artifacts.isTooLarge()).as("2000 bytes, all in use").isFalse();
    Path _ = artifacts.put(key(20), new byte[100]);
    assertThat(artifacts.isTooLarge()).isFalse();
    Path _ = artifacts.put(key(21), new byte[1]);
    assertThat(artifacts.isTooLarge()).as("a tenth of the bound more").isTrue();
    assertThat(artifacts.trim(key -> false)).isEqualTo(13);
    Path _ = artifacts.put(key(22), new byte[101]);
    assertThat(artifacts.isTooLarge()).isFalse();
    Path _ = artifacts.put(key(23), new byte[100]);
    assertThat(artifacts.isTooLarge()).as("the bound holds again").isTrue();
  }

  @Test
  void whatIsReplacedOrRejectedCountsOnce() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder, 1000);
    artifacts.reject(KEY);
    assertThat(artifacts.isTooLarge()).as("still unknown").isTrue();
    assertThat(artifacts.trim(key -> false)).isZero();
    for (int times = 0; times < 5; times++) {
      Path _ = artifacts.put(KEY, new byte[600]);
      assertThat(artifacts.isTooLarge()).isFalse();
    }
    artifacts.reject(KEY);
    artifacts.reject(KEY);
    for (int number = 1; number <= 10; number++) {
      Path _ = artifacts.put(key(number), new byte[100]);
    }
    assertThat(artifacts.isTooLarge()).isFalse();
    Path _ = artifacts.put(key(11), new byte[1]);
    assertThat(artifacts.isTooLarge()).isTrue();
  }

  @Test
  void trimRemovesWhatACrashHasLeft() throws IOException {
    ArtifactFolder artifacts = ArtifactFolder.open(folder, 1000);
    Path entry = artifacts.put(KEY, new byte[100]);
    Path left = Files.createTempFile(entry.getParent(), "x", ".tmp");
    Path fresh = Files.createTempFile(entry.getParent(), "y", ".tmp");
    Files.setLastModifiedTime(left, FileTime.fromMillis(1_000_000));
    assertThat(artifacts.trim(key -> false)).isZero();
    assertThat(left).doesNotExist();
    assertThat(fresh).exists();
    assertThat(entry).exists();
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

package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.artifact.ArtifactKeyFile;
import dev.troupe.engine.artifact.ModuleDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownFilesTest {
  private static final Duration NO_GRAIN = Duration.ofDays(-1);
  private static final int MOST = 8;

  private final Path folder;
  private final Path key;
  private final Path file;
  private final KnownFiles known;
  private final ModuleDigest module = ModuleDigest.of(new byte[] {1, 2, 3});

  KnownFilesTest(@TempDir Path folder) {
    this.folder = folder;
    this.key = folder.resolve("key");
    this.file = folder.resolve("m.wasm");
    this.known = new KnownFiles(folder, key, NO_GRAIN, MOST);
  }

  @BeforeEach
  void makeFiles() throws IOException {
    Files.write(file, new byte[] {1, 2, 3});
    var unused = ArtifactKeyFile.loadOrCreate(key);
  }

  private boolean isKnown() throws IOException {
    ModuleDigest found = known.find(KnownFiles.Seen.of(file));
    if (found != null) {
      assertThat(found.bytes()).isEqualTo(module.bytes());
    }
    return found != null;
  }

  private void remember() throws IOException {
    known.remember(file, KnownFiles.Seen.of(file), module);
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("files"))) {
      return all.toList();
    }
  }

  @Test
  void aFileThatDidNotChangeIsKnown() throws IOException {
    assertThat(isKnown()).isFalse();
    remember();
    assertThat(isKnown()).isTrue();
    assertThat(entries()).hasSize(1);
  }

  @Test
  void whoeverWritesToAFileMakesItUnknownWhateverTimeHeSets() throws IOException {
    remember();
    KnownFiles.Seen before = KnownFiles.Seen.of(file);
    FileTime modified = Files.getLastModifiedTime(file);
    // The kernel's clock for files has grains.
    while (KnownFiles.Seen.of(file).equals(before)) {
      Files.write(file, new byte[] {3, 2, 1});
      Files.setLastModifiedTime(file, modified);
    }
    assertThat(isKnown()).isFalse();
    Files.write(file, new byte[] {1, 2, 3, 4});
    assertThat(isKnown()).isFalse();
  }

  @Test
  void anotherFileUnderTheSameNameIsUnknown() throws IOException {
    remember();
    Path other = Files.write(folder.resolve("other"), new byte[] {3, 2, 1});
    Files.delete(file);
    Files.move(other, file);
    assertThat(isKnown()).isFalse();
  }

  @Test
  void whatWasNotSignedWithTheKeyIsNotBelieved() throws IOException {
    remember();
    Path entry = entries().getFirst();
    byte[] bytes = Files.readAllBytes(entry);
    bytes[0] ^= 1;
    Files.write(entry, bytes);
    assertThat(isKnown()).isFalse();
    Files.write(entry, new byte[10]);
    assertThat(isKnown()).isFalse();
  }

  @Test
  void aFileThatChangedJustNowIsNotRemembered() throws IOException {
    KnownFiles careful = new KnownFiles(folder, key, Duration.ofDays(1), MOST);
    careful.remember(file, KnownFiles.Seen.of(file), module);
    assertThat(isKnown()).isFalse();
  }

  @Test
  void aFileThatChangedWhileItWasReadIsNotRemembered() throws IOException {
    KnownFiles.Seen before = KnownFiles.Seen.of(file);
    Files.write(file, new byte[] {1, 2, 3, 4});
    known.remember(file, before, module);
    assertThat(isKnown()).isFalse();
  }

  @Test
  void nothingIsRememberedWithoutAKey() throws IOException {
    Files.delete(key);
    remember();
    assertThat(Files.exists(folder.resolve("files"))).isFalse();
    assertThat(Files.exists(key)).isFalse();
  }

  @Test
  void whatWasWrittenFirstIsForgottenWhenThereIsTooMuch() throws IOException {
    remember();
    Path first = entries().getFirst();
    for (int i = 1; i < MOST; i++) {
      Path entry = Files.copy(first, folder.resolve("files").resolve("0-" + i));
      Files.setLastModifiedTime(entry, FileTime.fromMillis(1000L * i));
    }
    remember();
    assertThat(entries()).hasSize(MOST);
    Path latest = Files.write(folder.resolve("latest.wasm"), new byte[] {1});
    known.remember(latest, KnownFiles.Seen.of(latest), module);
    assertThat(entries()).hasSize(MOST / 2).contains(first);
    assertThat(entries().stream().map(entry -> entry.getFileName().toString()))
        .contains("0-7", "0-6", KnownFiles.Seen.of(latest).name());
    assertThat(isKnown()).isTrue();
  }

  @Test
  void whatKilledProcessesLeftIsRemovedAndWhatIsBeingWrittenIsNot() throws IOException {
    Files.createDirectories(folder.resolve("files"));
    Path abandoned = Files.write(folder.resolve("files").resolve("new1.tmp"), new byte[1]);
    Files.setLastModifiedTime(abandoned, FileTime.fromMillis(0));
    Path young = Files.write(folder.resolve("files").resolve("new2.tmp"), new byte[1]);
    remember();
    assertThat(abandoned).doesNotExist();
    assertThat(young).exists();
    assertThat(isKnown()).isTrue();
  }
}

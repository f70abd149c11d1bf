package dev.troupe.gateway.cli;

import dev.troupe.engine.artifact.ArtifactKey;
import dev.troupe.engine.artifact.ArtifactKeyFile;
import dev.troupe.engine.artifact.ModuleDigest;
import dev.troupe.engine.digest.Sha256;
import dev.troupe.engine.os.OsException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which module a file held, by what the kernel says of the file, as git's index does: a
 * run of a cached program then neither reads nor hashes the program.
 *
 * <p>Whoever writes to a file gives it another change time, which cannot be set. Times have grains,
 * so a file is remembered only when its last change is older than {@link #GRAIN}: then no second
 * content has the same time. What is remembered is signed with the key of the artifacts, so that
 * nobody without it can lead a file to another program's artifact.
 *
 * <p>So many are remembered at most; then the half that was written first is forgotten, and with it
 * what killed processes have left.
 *
 * <pre>
 *   FOLDER/files/DEVICE-INODE    32 bytes digest, 32 bytes MAC over digest and identity
 * </pre>
 */
final class KnownFiles {
  /** Coarser than the times of any file system that people run programs from. */
  private static final Duration GRAIN = Duration.ofSeconds(3);

  private static final int MOST_ENTRIES = 4096;

  /** An entry that is being written for so long was abandoned. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final Path keyFile;
  private final Duration grain;
  private final int mostEntries;

  /**
   * What is remembered beside the artifacts of a cache.
   *
   * @param cache folder of artifacts
   * @param keyFile their key; nothing is remembered before it exists
   */
  KnownFiles(Path cache, Path keyFile) {
    this(cache, keyFile, GRAIN, MOST_ENTRIES);
  }

  KnownFiles(Path cache, Path keyFile, Duration grain, int mostEntries) {
    this.folder = cache.resolve("files");
    this.keyFile = keyFile;
    this.grain = grain;
    this.mostEntries = mostEntries;
  }

  /**
   * A file at one moment.
   *
   * @param name of the entry for it
   * @param identity equal only for one content
   * @param changed its last change
   */
  record Seen(String name, String identity, FileTime changed) {
    static Seen of(Path file) throws IOException {
      Map<String, Object> facts =
          Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
      String name = facts.get("dev") + "-" + facts.get("ino");
      FileTime changed = (FileTime) Objects.requireNonNull(facts.get("ctime"));
      FileTime modified = (FileTime) Objects.requireNonNull(facts.get("lastModifiedTime"));
      String identity =
          String.join(
              " ", name, String.valueOf(facts.get("size")), nanos(modified), nanos(changed));
      return new Seen(name, identity, changed);
    }

    /** Not as a date: what formats dates is not loaded for it. */
    private static String nanos(FileTime time) {
      Instant instant = time.toInstant();
      return instant.getEpochSecond() + "." + instant.getNano();
    }
  }

  /** The digest of the module that a file holds, null when that is not known. */
  @Nullable ModuleDigest find(Seen seen) {
    byte[] entry;
    try (InputStream in = new FileInputStream(folder.resolve(seen.name()).toFile())) {
      entry = in.readNBytes(2 * Sha256.BYTES + 1);
    } catch (IOException none) {
      return null;
    }
    if (entry.length != 2 * Sha256.BYTES) {
      return null;
    }
    byte[] digest = Arrays.copyOf(entry, Sha256.BYTES);
    byte[] mac = Arrays.copyOfRange(entry, Sha256.BYTES, entry.length);
    try {
      return MessageDigest.isEqual(mac, mac(digest, seen)) ? ModuleDigest.ofBytes(digest) : null;
    } catch (IOException | RuntimeException noKey) {
      // Whoever needs the key says what is wrong with it.
      return null;
    }
  }

  /**
   * Remembers what a file holds, if it was not changed meanwhile and not shortly before.
   *
   * @param seen the file before it was read
   */
  void remember(Path file, Seen seen, ModuleDigest module) {
    try {
      boolean settled = seen.changed().toInstant().isBefore(Instant.now().minus(grain));
      if (!settled || !seen.equals(Seen.of(file)) || !Files.exists(keyFile)) {
        return;
      }
      byte[] digest = module.bytes();
      byte[] entry = Arrays.copyOf(digest, 2 * Sha256.BYTES);
      System.arraycopy(mac(digest, seen), 0, entry, Sha256.BYTES, Sha256.BYTES);
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "new", ".tmp");
      try {
        Files.write(temporary, entry);
        Files.move(
            temporary,
            folder.resolve(seen.name()),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        boolean unused = Files.deleteIfExists(temporary);
      }
      trim();
    } catch (IOException | OsException notNow) {
      // The next run reads the file again: nothing else is lost.
      return;
    }
  }

  /** With each entry, and so seldom enough: other processes may do the same meanwhile. */
  private void trim() throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path entry : files) {
        if (!entry.toString().endsWith(".tmp")) {
          entries.add(entry);
        } else if (written(entry).isBefore(Instant.now().minus(ABANDONED))) {
          boolean unused = Files.deleteIfExists(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (entries.size() <= mostEntries) {
      return;
    }
    // Read once each: a comparison must not change its mind.
    Map<Path, Instant> ages = new HashMap<>();
    for (Path entry : entries) {
      var _ = ages.put(entry, written(entry));
    }
    entries.sort(Comparator.comparing(ages::get));
    for (Path oldest : entries.subList(0, entries.size() - mostEntries / 2)) {
      boolean unused = Files.deleteIfExists(oldest);
    }
  }

  /** What is gone by now was written long ago. */
  private static Instant written(Path entry) {
    try {
      return Files.getLastModifiedTime(entry).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH;
    }
  }

  private byte[] mac(byte[] digest, Seen seen) throws IOException {
    byte[] identity = ("troupe file\0" + seen.identity()).getBytes(StandardCharsets.UTF_8);
    byte[] message = Arrays.copyOf(digest, digest.length + identity.length);
    System.arraycopy(identity, 0, message, digest.length, identity.length);
    // Before the key, which needs what the main thread is about to make.
    byte[] hash = Sha256.of(message);
    ArtifactKey key = ArtifactKeyFile.loadOrCreate(keyFile);
    return key.mac(hash);
  }
}

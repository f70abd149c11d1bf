package dev.troupe.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of artifacts named by cache key. Several processes may use one folder: an entry appears
 * whole or not at all, because it is written under a temporary name and renamed; of two writers of
 * one key the later replaces an equal file.
 *
 * <pre>
 *   FOLDER/key            the key that artifacts are signed with, mode 0600
 *   FOLDER/ab/abcd....elf an artifact; two letters of its key make a sub-folder
 *   FOLDER/ab/*.tmp       an artifact being written
 * </pre>
 *
 * <p>The folder holds native code: it is created with mode 0700, and whoever loads an entry checks
 * owner, mode and signature. Thread-safe.
 */
public final class ArtifactFolder {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{16,128}");
  private static final FileAttribute<?> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  private ArtifactFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder and creates what is missing of it.
   *
   * @throws IOException when it cannot be written; the message says which folder and what to do
   */
  public static ArtifactFolder open(Path folder) throws IOException {
    try {
      Files.createDirectories(folder, PRIVATE_FOLDER);
    } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
      throw unwritable(folder, e);
    }
    if (!Files.isWritable(folder)) {
      throw unwritable(folder, null);
    }
    return new ArtifactFolder(folder);
  }

  private static IOException unwritable(Path folder, @Nullable Exception e) {
    return new IOException(
        "the cache folder " + folder + " cannot be written: name another folder or use no cache",
        e);
  }

  /** Where the signing key belongs. */
  public Path keyFile() {
    return folder.resolve("key");
  }

  /** The entry of a key, if there is one. Existing is all that is known of it. */
  public Optional<Path> find(String key) {
    Path entry = entry(key);
    if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    found.incrementAndGet();
    return Optional.of(entry);
  }

  /**
   * Stores an artifact.
   *
   * @return its file
   * @throws IOException when the disk is full or the folder has become unwritable; no partial entry
   *     is left
   */
  public Path put(String key, byte[] artifact) throws IOException {
    Path entry = entry(key);
    Path parent = folder.resolve(key.substring(0, 2));
    Files.createDirectories(parent, PRIVATE_FOLDER);
    Path temporary = Files.createTempFile(parent, key.substring(0, 8), ".tmp", PRIVATE_FILE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(artifact);
        while (bytes.hasRemaining()) {
          int unused = channel.write(bytes);
        }
      }
      Files.move(
          temporary, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    written.incrementAndGet();
    return entry;
  }

  /** Removes an entry that its reader refused. */
  public void reject(String key) throws IOException {
    rejected.incrementAndGet();
    try {
      Files.delete(entry(key));
    } catch (NoSuchFileException e) {
      // Somebody else has removed or is replacing it.
      return;
    }
  }

  /** Lookups that found an entry. */
  public long found() {
    return found.get();
  }

  /** Entries written by this object. */
  public long written() {
    return written.get();
  }

  /** Entries rejected through this object. */
  public long rejected() {
    return rejected.get();
  }

  private Path entry(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a cache key: " + key);
    }
    return folder.resolve(key.substring(0, 2)).resolve(key + ".elf");
  }
}

package dev.troupe.actors.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * A folder with one file per artifact, named by its key. Several processes may use it at once: each
 * writes a file of its own and renames it, so that every name always leads to a complete file.
 */
public final class ArtifactFolder {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
  private static final String SUFFIX = ".elf";

  private final Path folder;

  /**
   * Makes the folder when it is missing, readable by its owner only.
   *
   * @throws IOException when it cannot be made or written to
   */
  public ArtifactFolder(Path folder) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    Files.createDirectories(
        this.folder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!Files.isWritable(this.folder)) {
      throw new IOException("the artifact folder " + this.folder + " is not writable");
    }
  }

  /** Where the artifact of that key is, or would be. */
  public Path file(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is not 64 hexadecimal digits");
    }
    return folder.resolve(key + SUFFIX);
  }

  boolean contains(String key) {
    return Files.isRegularFile(file(key), LinkOption.NOFOLLOW_LINKS);
  }

  /** Writes an artifact, in the place of whatever has its name. */
  void write(String key, byte[] artifact) throws IOException {
    Path temporary =
        Files.createTempFile(
            folder,
            key + "-",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(artifact);
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
        // Before the rename: a crash must not leave a name that leads to half a file.
        channel.force(true);
      }
      rename(temporary, file(key));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system of " + to + " cannot rename atomically", e);
    }
  }

  void delete(String key) throws IOException {
    Files.deleteIfExists(file(key));
  }
}

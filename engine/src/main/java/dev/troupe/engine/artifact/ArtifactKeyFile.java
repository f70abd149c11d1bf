package dev.troupe.engine.artifact;

import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.SystemInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The file with the key of an installation: mode 0600, made once. */
public final class ArtifactKeyFile {
  private static final int GROUP_OR_OTHER = 0x3F;

  private ArtifactKeyFile() {}

  /**
   * Reads the key, making the file first if there is none. Processes that do this at the same time
   * all get the same key: the file appears with its whole content, and only once.
   *
   * @throws ArtifactException UNTRUSTED if the file exists but others own it or may read it
   * @throws IOException if it cannot be made
   */
  public static ArtifactKey loadOrCreate(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      create(path);
    }
    return load(path);
  }

  private static void create(Path path) throws IOException {
    byte[] random = new byte[ArtifactKey.BYTES + 8];
    new SecureRandom().nextBytes(random);
    String suffix = HexFormat.of().formatHex(random, ArtifactKey.BYTES, random.length);
    Path temporary = path.resolveSibling(path.getFileName() + "." + suffix);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer key = ByteBuffer.wrap(random, 0, ArtifactKey.BYTES);
      while (key.hasRemaining()) {
        channel.write(key);
      }
    }
    try {
      // A hard link, unlike a rename, never replaces a key that another process made meanwhile.
      Files.createLink(path, temporary);
    } catch (FileAlreadyExistsException e) {
      // Theirs it is.
    } finally {
      Files.delete(temporary);
    }
  }

  private static ArtifactKey load(Path path) {
    try (NativeFile file = NativeFile.openForReading(path);
        Arena arena = Arena.ofConfined()) {
      FileStatus status = file.status();
      if (!status.isRegular()
          || status.owner() != SystemInfo.effectiveUserId()
          || (status.mode() & GROUP_OR_OTHER) != 0
          || status.sizeBytes() != ArtifactKey.BYTES) {
        throw new ArtifactException(
            ArtifactException.Reason.UNTRUSTED,
            "key file "
                + path
                + " must be a file of "
                + ArtifactKey.BYTES
                + " bytes of this user with mode 0600");
      }
      MemorySegment bytes = arena.allocate(ArtifactKey.BYTES);
      if (file.read(0, bytes.address(), ArtifactKey.BYTES) != ArtifactKey.BYTES) {
        throw new ArtifactException(
            ArtifactException.Reason.UNTRUSTED, "key file " + path + " is too short");
      }
      return new ArtifactKey(bytes.toArray(ValueLayout.JAVA_BYTE));
    } catch (OsException e) {
      throw new ArtifactException(
          ArtifactException.Reason.UNTRUSTED,
          "cannot open key file " + path + ": " + e.getMessage(),
          e);
    }
  }
}

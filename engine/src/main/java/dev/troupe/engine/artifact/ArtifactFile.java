package dev.troupe.engine.artifact;

import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.SystemInfo;
import dev.troupe.engine.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An opened artifact file whose bytes cannot change between check and use: the very descriptor that
 * was opened is checked, hashed and mapped. A file that someone else owns or may write is copied
 * into a sealed memory file first, which can be mapped executable just as well.
 *
 * <p>A private mapping of a file shows later writes to it. So what remains is that the user who
 * runs this process changes the file: that user can do anything to this process anyway.
 */
public final class ArtifactFile implements AutoCloseable {
  private static final long COPY_BYTES = 1 << 20;

  private final NativeFile file;
  private final long address;
  private final long mappedBytes;
  private final MemorySegment contents;
  private final boolean copied;

  private ArtifactFile(NativeFile file, long address, long sizeBytes, boolean copied) {
    this.file = file;
    this.address = address;
    this.mappedBytes = VirtualMemory.roundUpToPages(sizeBytes);
    this.contents = RawMemory.view(address, sizeBytes).asReadOnly();
    this.copied = copied;
  }

  /**
   * Opens a file; the last component of the path must not be a symbolic link.
   *
   * @throws ArtifactException UNTRUSTED if the file cannot be opened this way or is no regular
   *     file, NOT_AN_ARTIFACT if it is empty or larger than 2 GiB
   * @throws OsException when the process has no more files, mappings or memory
   */
  public static ArtifactFile open(Path path) {
    NativeFile file;
    try {
      file = NativeFile.openForReading(path);
    } catch (OsException e) {
      if (e.isShortage()) {
        // Of this process: the file is what it was.
        throw e;
      }
      throw new ArtifactException(
          ArtifactException.Reason.UNTRUSTED,
          "cannot open artifact " + path + ": " + e.getMessage(),
          e);
    }
    try {
      FileStatus status = file.status();
      if (!status.isRegular()) {
        throw new ArtifactException(
            ArtifactException.Reason.UNTRUSTED, "artifact " + path + " is not a regular file");
      }
      requireSize(path, status.sizeBytes());
      if (status.owner() == SystemInfo.effectiveUserId() && !status.isWritableByOthers()) {
        return map(file, status.sizeBytes(), false);
      }
      NativeFile copy = sealedCopy(file, status.sizeBytes());
      file.close();
      file = copy;
      long sizeBytes = copy.status().sizeBytes();
      requireSize(path, sizeBytes);
      return map(copy, sizeBytes, true);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Bytes that came from somewhere else than a file, as a sealed memory file. */
  public static ArtifactFile of(byte[] artifact) {
    requireSize(Path.of("in memory"), artifact.length);
    NativeFile copy = NativeFile.inMemory("troupe-artifact");
    try {
      copy.write(0, artifact);
      copy.seal();
      return map(copy, artifact.length, true);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private static void requireSize(Path path, long sizeBytes) {
    if (sizeBytes < Elf.HEADER_BYTES || sizeBytes > Integer.MAX_VALUE) {
      throw new ArtifactException(
          ArtifactException.Reason.NOT_AN_ARTIFACT,
          "not an artifact: " + path + " has " + sizeBytes + " bytes");
    }
  }

  private static ArtifactFile map(NativeFile file, long sizeBytes, boolean copied) {
    long address =
        VirtualMemory.mapPrivate(file, 0, VirtualMemory.roundUpToPages(sizeBytes), Protection.READ);
    return new ArtifactFile(file, address, sizeBytes, copied);
  }

  private static NativeFile sealedCopy(NativeFile source, long sizeBytes) {
    long buffer = VirtualMemory.allocate(COPY_BYTES);
    try {
      return sealedCopy(source, sizeBytes, buffer);
    } finally {
      VirtualMemory.unmap(buffer, COPY_BYTES);
    }
  }

  private static NativeFile sealedCopy(NativeFile source, long sizeBytes, long buffer) {
    NativeFile copy = NativeFile.inMemory("troupe-artifact");
    try {
      for (long at = 0; at < sizeBytes; at += COPY_BYTES) {
        long count = source.read(at, buffer, Math.min(COPY_BYTES, sizeBytes - at));
        copy.write(at, buffer, count);
      }
      copy.seal();
      return copy;
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /** All bytes, read-only; valid until {@link #close}. */
  public MemorySegment contents() {
    return contents;
  }

  /** The descriptor to map text and images from; closed with this. Mappings outlive it. */
  public NativeFile file() {
    return file;
  }

  /** Whether the bytes were copied into a sealed memory file. */
  public boolean isCopied() {
    return copied;
  }

  /** Unmaps the contents and closes the descriptor. */
  @Override
  public void close() {
    try {
      VirtualMemory.unmap(address, mappedBytes);
    } finally {
      file.close();
    }
  }
}

package dev.troupe.engine.profile;

import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.VirtualMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of this process, made anew in a folder where others may write too: perf wants its files
 * under names that anybody can guess. What has the name is removed, links are not followed, and
 * only the owner can read it.
 */
final class FreshFile implements AutoCloseable {
  private final Path path;
  private final NativeFile file;
  private long bytes;

  private FreshFile(Path path, NativeFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Makes the file.
   *
   * @throws IOException when it cannot be made, or what has its name cannot be removed
   */
  static FreshFile create(Path path) throws IOException {
    boolean _ = Files.deleteIfExists(path);
    try {
      return new FreshFile(path, NativeFile.createNew(path));
    } catch (OsException e) {
      throw failure(path, e);
    }
  }

  private static IOException failure(Path path, OsException e) {
    return new IOException(path + " cannot be written: " + e.getMessage(), e);
  }

  /** Writes behind what was written. */
  void append(byte[] contents) throws IOException {
    try {
      file.write(bytes, contents);
      bytes += contents.length;
    } catch (OsException e) {
      throw failure(path, e);
    }
  }

  /** Maps its first page executable, for as long as the process lives. */
  void mapFirstPage() throws IOException {
    try {
      long _ = VirtualMemory.mapPrivate(file, 0, VirtualMemory.PAGE_BYTES, Protection.READ_EXECUTE);
    } catch (OsException e) {
      throw failure(path, e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}

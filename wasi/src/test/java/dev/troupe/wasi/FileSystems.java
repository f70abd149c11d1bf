package dev.troupe.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a guest may have for a folder; all of them behave like Linux. */
enum FileSystems {
  HOST,
  WALKED,
  MEMORY,
  OVERLAY;

  private static final long BYTES = 16 << 20;
  private static final int NAMES = 10_000;

  /**
   * A guest whose descriptor 3 is an empty folder.
   *
   * @param folder of the host, empty, for those that need one
   */
  TestGuest guest(Path folder) throws IOException {
    WasiContext.Builder world = WasiContext.builder();
    return new TestGuest(
        switch (this) {
          case HOST -> world.preopen(Files.createDirectories(folder), "/");
          case WALKED -> world.preopen(Files.createDirectories(folder), "/").walkPaths();
          case MEMORY -> world.preopen(MemoryFiles.create(BYTES, NAMES), "/");
          case OVERLAY ->
              world.preopen(MemoryFiles.over(Files.createDirectories(folder), BYTES, NAMES), "/");
        });
  }
}

package dev.troupe.gateway.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a module on a thread of its own while the main thread starts the engine: the two
 * share nothing, and each is a good part of what a cached program waits for.
 */
final class ModuleReading {
  private final FutureTask<ModuleFile> task;

  private ModuleReading(FutureTask<ModuleFile> task) {
    this.task = task;
  }

  /** Begins to read unless {@code known} knows what the file holds. */
  static ModuleReading begin(Path file, @Nullable KnownFiles known) {
    FutureTask<ModuleFile> task = new FutureTask<>(() -> ModuleFile.read(file, known));
    Thread.ofPlatform().daemon().name("reader").start(task);
    return new ModuleReading(task);
  }

  /**
   * Waits for the file.
   *
   * @throws IOException when it cannot be read
   * @throws dev.troupe.engine.wasm.WasmException when it is text that is not a module
   */
  ModuleFile await() throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading a module");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}

package dev.troupe.actors.port;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Compiles and loads modules. Thread-safe. */
public interface FunctionRuntime {

  /**
   * The key of the artifact of {@code module}: 64 hexadecimal digits of a SHA-256 over the complete
   * metadata of the engine and the bytes of the module. Another engine setting gives another key.
   */
  String artifactKey(byte[] module);

  /**
   * Compiles {@code module} to an artifact. Takes as long as it takes; the caller chooses the
   * thread.
   *
   * @param cpuLimitNanos processor time that it may use, over all threads; looked at now and then
   * @param spent told the processor time at the end, whatever came of it
   * @throws BadModuleException when the tenant's bytes are at fault, or the limit was exceeded
   */
  byte[] compile(byte[] module, long cpuLimitNanos, LongConsumer spent) throws BadModuleException;

  /**
   * Loads an artifact for execution.
   *
   * @throws BadArtifactException when the file is damaged, not ours, or made for another engine
   * @throws BadModuleException when the module asks for imports that are not offered
   * @throws NoRoomException when there is no room for its code now
   */
  LoadedModule load(Path artifact) throws BadArtifactException, BadModuleException;
}

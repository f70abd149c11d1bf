package dev.troupe.actors.port;

import java.nio.file.Path;

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
   * @throws BadModuleException when the tenant's bytes are at fault
   */
  byte[] compile(byte[] module) throws BadModuleException;

  /**
   * Loads an artifact for execution.
   *
   * @throws BadArtifactException when the file is damaged, not ours, or made for another engine
   * @throws BadModuleException when the module asks for imports that are not offered
   */
  LoadedModule load(Path artifact) throws BadArtifactException, BadModuleException;
}

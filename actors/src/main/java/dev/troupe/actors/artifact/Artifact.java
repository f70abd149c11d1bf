package dev.troupe.actors.artifact;

import dev.troupe.actors.port.LoadedModule;

/**
 * A module that is ready to run.
 *
 * @param key key in the artifact folder
 * @param module the loaded module
 * @param source how it was obtained for this request
 * @param nanos how long that took
 */
public record Artifact(String key, LoadedModule module, Source source, long nanos) {

  /** Where an artifact came from. */
  public enum Source {
    /** It was loaded already. */
    MEMORY,
    /** A file was loaded. */
    FOLDER,
    /** The module was compiled. */
    COMPILED
  }
}

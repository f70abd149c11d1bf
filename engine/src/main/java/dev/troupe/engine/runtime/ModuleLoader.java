package dev.troupe.engine.runtime;

import dev.troupe.engine.artifact.Artifact;
import dev.troupe.engine.artifact.ArtifactFile;
import dev.troupe.engine.artifact.ArtifactKey;
import dev.troupe.engine.artifact.ArtifactReader;
import dev.troupe.engine.artifact.ArtifactSeal;
import dev.troupe.engine.artifact.EngineMetadata;
import dev.troupe.engine.artifact.ModuleDigest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** From artifacts to loaded modules: checks everything, then maps. Thread-safe. */
public final class ModuleLoader {
  private final VmEngine engine;
  private final EngineMetadata compiling;
  private final EngineMetadata running;
  private final @Nullable ArtifactKey key;
  private final boolean anonymousCode;

  /**
   * A loader.
   *
   * @param compiling what this engine writes into artifacts that it makes
   * @param running what this machine and engine can run: all of its processor's features
   * @param key signs and checks artifacts; null for neither
   * @param anonymousCode whether code is copied, so that no file is behind it
   */
  public ModuleLoader(
      VmEngine engine,
      EngineMetadata compiling,
      EngineMetadata running,
      @Nullable ArtifactKey key,
      boolean anonymousCode) {
    this.engine = engine;
    this.compiling = compiling;
    this.running = running;
    this.key = key;
    this.anonymousCode = anonymousCode;
  }

  /**
   * Loads an artifact that this process has just made and that nobody else could change.
   *
   * @throws dev.troupe.engine.artifact.ArtifactException when it cannot be used
   */
  public LoadedModule loadTrusted(byte[] artifact) {
    return load(ArtifactFile.of(artifact), null);
  }

  /**
   * Loads an artifact from memory.
   *
   * @throws dev.troupe.engine.artifact.ArtifactException when it cannot be used
   */
  public LoadedModule load(byte[] artifact) {
    return load(ArtifactFile.of(artifact), key);
  }

  /**
   * Maps an artifact.
   *
   * @throws dev.troupe.engine.artifact.ArtifactException when it cannot be used
   */
  public LoadedModule loadFile(Path path) {
    return load(ArtifactFile.open(path), key);
  }

  private LoadedModule load(ArtifactFile file, @Nullable ArtifactKey required) {
    boolean loaded = false;
    MappedCode text = null;
    try {
      Artifact artifact = ArtifactReader.read(file.contents(), running, required);
      text = map(file, artifact);
      LoadedModule module = new LoadedModule(engine, artifact, file, text);
      loaded = true;
      return module;
    } finally {
      if (!loaded) {
        if (text != null) {
          text.unmap();
        }
        file.close();
      }
    }
  }

  private MappedCode map(ArtifactFile file, Artifact artifact) {
    MemorySegment text = artifact.module().text();
    int[] traps = artifact.module().traps().offsets();
    byte[] kinds = artifact.module().traps().kinds();
    return anonymousCode
        ? CodeRegion.instance().map(text, traps, kinds)
        : CodeRegion.instance()
            .mapFile(file.file(), artifact.textOffset(), text.byteSize(), traps, kinds);
  }

  /** Signs a new artifact, in place, when there is a key. */
  public byte[] sign(byte[] artifact) {
    if (key != null) {
      ArtifactSeal.sign(artifact, key);
    }
    return artifact;
  }

  /** The bytes of the artifact that a module was loaded from. */
  public static byte[] serialize(LoadedModule module) {
    return module.artifact().file().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Hexadecimal; equal for engines that load each other's artifacts. */
  public String compatibilityHash() {
    return HexFormat.of().formatHex(compiling.compatibilityHash());
  }

  /** Hexadecimal; names the artifact of a module in a cache. */
  public String cacheKey(ModuleDigest module) {
    return HexFormat.of().formatHex(compiling.cacheKey(module));
  }
}

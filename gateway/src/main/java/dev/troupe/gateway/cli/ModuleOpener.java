package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Module;
import dev.troupe.engine.artifact.ArtifactException;
import dev.troupe.engine.cache.ArtifactFolder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens modules in any form, through the cache of compiled artifacts when there is one. */
final class ModuleOpener {
  /** What the folder holds at most; the oldest goes first. */
  static final long DEFAULT_CACHE_BYTES = 1L << 30;

  private final @Nullable ArtifactFolder cache;
  private final @Nullable KnownFiles known;

  private ModuleOpener(@Nullable ArtifactFolder cache, @Nullable KnownFiles known) {
    this.cache = cache;
    this.known = known;
  }

  /** As the options {@code --cache} and {@code --no-cache} say. */
  static ModuleOpener of(Options options) throws UsageException, IOException {
    String folder = options.value("--cache");
    if (options.has("--no-cache")) {
      if (folder != null || options.has("--cache-size")) {
        throw new UsageException("--cache and --no-cache exclude each other");
      }
      return new ModuleOpener(null, null);
    }
    Path path = folder == null ? defaultFolder() : Path.of(folder);
    ArtifactFolder cache =
        ArtifactFolder.open(path, options.bytes("--cache-size", DEFAULT_CACHE_BYTES));
    return new ModuleOpener(cache, new KnownFiles(path, cache.keyFile()));
  }

  private static Path defaultFolder() {
    String cacheHome = System.getenv("XDG_CACHE_HOME");
    Path base =
        cacheHome == null || cacheHome.isEmpty()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(cacheHome);
    return base.resolve("troupe");
  }

  /** The key that artifacts of the cache are signed with. */
  Optional<Path> keyFile() {
    return cache == null ? Optional.empty() : Optional.of(cache.keyFile());
  }

  /** Files that need not be read; null without a cache. */
  @Nullable KnownFiles knownFiles() {
    return known;
  }

  /** Opens a binary, a text or an artifact; the first two through the cache. */
  Module open(Engine engine, ModuleFile file) throws IOException {
    ModuleFile.Contents module = file.module();
    if (module == null) {
      return Module.deserializeFile(engine, file.file());
    }
    if (cache == null) {
      return Module.fromBinary(engine, module.binary());
    }
    String key = engine.cacheKey(module.digest());
    Module found = find(engine, key, cache);
    if (found != null) {
      return found;
    }
    // Of a file that is known the artifact may be gone, and by now it may hold anything.
    return module.wasm() == null
        ? open(engine, ModuleFile.read(file.file()))
        : compiled(engine, module.binary(), key, cache);
  }

  private static @Nullable Module find(Engine engine, String key, ArtifactFolder cache)
      throws IOException {
    Optional<Path> entry = cache.find(key);
    if (entry.isPresent()) {
      try {
        return Module.deserializeFile(engine, entry.get());
      } catch (ArtifactException e) {
        // Damaged or not ours: compiling again is always right.
        cache.reject(key);
      }
    }
    return null;
  }

  private static Module compiled(Engine engine, byte[] wasm, String key, ArtifactFolder cache)
      throws IOException {
    byte[] artifact = engine.precompileModule(wasm);
    try {
      Module fresh = Module.deserializeFile(engine, cache.put(key, artifact));
      trim(cache, key);
      return fresh;
    } catch (IOException e) {
      // A full disk costs the next run its cache hit, and nothing else.
      return Module.deserialize(engine, artifact);
    }
  }

  /** Other processes may lose what they would find: they compile it again. */
  private static void trim(ArtifactFolder cache, String key) {
    if (!cache.isTooLarge()) {
      return;
    }
    try {
      int _ = cache.trim(key::equals);
    } catch (IOException | DirectoryIteratorException e) {
      // Somebody else's files: the next compilation tries again.
      return;
    }
  }
}

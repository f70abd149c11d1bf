package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Module;
import dev.troupe.engine.Precompiled;
import dev.troupe.engine.artifact.ArtifactException;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.engine.text.Wat;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens modules in any form, through the cache of compiled artifacts when there is one. */
final class ModuleOpener {
  private final @Nullable ArtifactFolder cache;

  private ModuleOpener(@Nullable ArtifactFolder cache) {
    this.cache = cache;
  }

  /** As the options {@code --cache} and {@code --no-cache} say. */
  static ModuleOpener of(Options options) throws UsageException, IOException {
    String folder = options.value("--cache");
    if (options.has("--no-cache")) {
      if (folder != null) {
        throw new UsageException("--cache and --no-cache exclude each other");
      }
      return new ModuleOpener(null);
    }
    return new ModuleOpener(
        ArtifactFolder.open(folder == null ? defaultFolder() : Path.of(folder)));
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

  /** Opens a binary, a text or an artifact; the first two through the cache. */
  Module open(Engine engine, Path file) throws IOException {
    byte[] bytes = read(file);
    if (Engine.detectPrecompiled(bytes) != Precompiled.NONE) {
      return Module.deserializeFile(engine, file);
    }
    byte[] wasm = toBinary(bytes);
    return cache == null ? Module.fromBinary(engine, wasm) : cached(engine, wasm, cache);
  }

  /** Reads a module in the binary or the text format as binary. */
  static byte[] readBinary(Path file) throws IOException {
    return toBinary(read(file));
  }

  /** All bytes of a file, by a stream: channels load a library first. */
  private static byte[] read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      // Says which of the reasons it was.
      return Files.readAllBytes(file);
    }
  }

  private static byte[] toBinary(byte[] bytes) {
    boolean binary = bytes.length >= 4 && bytes[0] == 0 && bytes[1] == 'a';
    return binary ? bytes : Wat.toBinary(bytes);
  }

  private static Module cached(Engine engine, byte[] wasm, ArtifactFolder cache)
      throws IOException {
    String key = engine.cacheKey(wasm);
    Optional<Path> entry = cache.find(key);
    if (entry.isPresent()) {
      try {
        return Module.deserializeFile(engine, entry.get());
      } catch (ArtifactException e) {
        // Damaged or not ours: compiling again is always right.
        cache.reject(key);
      }
    }
    byte[] artifact = engine.precompileModule(wasm);
    try {
      return Module.deserializeFile(engine, cache.put(key, artifact));
    } catch (IOException e) {
      // A full disk costs the next run its cache hit, and nothing else.
      return Module.deserialize(engine, artifact);
    }
  }
}

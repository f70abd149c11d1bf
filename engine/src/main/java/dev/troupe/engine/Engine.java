package dev.troupe.engine;

import dev.troupe.engine.artifact.ArtifactKey;
import dev.troupe.engine.artifact.ArtifactKeyFile;
import dev.troupe.engine.artifact.ArtifactKind;
import dev.troupe.engine.artifact.ArtifactReader;
import dev.troupe.engine.artifact.EngineMetadata;
import dev.troupe.engine.artifact.ModuleDigest;
import dev.troupe.engine.contract.CompileMeter;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.CompilerService;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.ModuleLoader;
import dev.troupe.engine.runtime.VmEngine;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.runtime.stub.CpuFeatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration with everything that modules and stores share. Thread-safe. One per process is
 * usual. Closing it releases native structures and needs all stores to be closed.
 */
public final class Engine implements AutoCloseable {
  private static final class Compiler {
    static final Optional<CompilerService> FOUND =
        ServiceLoader.load(CompilerService.class, Engine.class.getClassLoader()).findFirst();
  }

  private final EngineConfig config;
  private final Set<IsaFeature> isa;
  private final VmEngine internal;
  private final ModuleLoader loader;

  private Engine(EngineConfig config) {
    this.config = config;
    Set<IsaFeature> wanted = config.isa();
    this.isa = wanted != null ? wanted : CpuFeatures.probe().isaFeatures();
    this.internal =
        new VmEngine(
            config.tunables(),
            config.memoryAllocator(),
            config.stackAllocator(),
            config.timers(),
            config.collectedHeaps());
    this.loader =
        new ModuleLoader(
            internal,
            EngineMetadata.current(isa, config.tunables(), config.features()),
            EngineMetadata.current(
                CpuFeatures.probe().isaFeatures(), config.tunables(), config.features()),
            keyOf(config),
            config.anonymousCode());
    GuestCode.instance().installHandlers(config.tunables());
  }

  private static @Nullable ArtifactKey keyOf(EngineConfig config) {
    Path file = config.artifactKeyFile();
    if (file == null) {
      return null;
    }
    try {
      return ArtifactKeyFile.loadOrCreate(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the artifact key file " + file, e);
    }
  }

  /** An engine with the default configuration. */
  public static Engine create() {
    return new Engine(EngineConfig.defaults());
  }

  /**
   * An engine.
   *
   * @throws dev.troupe.engine.os.UnsupportedPlatformException when this machine cannot run guests
   */
  public static Engine create(EngineConfig config) {
    return new Engine(config);
  }

  public EngineConfig config() {
    return config;
  }

  /** Processor features that modules are compiled for. */
  public Set<IsaFeature> isa() {
    return isa;
  }

  /**
   * Compiles a module in the binary format to an artifact, for {@link Module#deserialize}.
   *
   * @throws dev.troupe.engine.wasm.MalformedException when the bytes are not a module
   * @throws dev.troupe.engine.wasm.InvalidException when the module is not valid
   * @throws IllegalStateException when there is no compiler on the class path
   */
  public byte[] precompileModule(byte[] wasm) {
    return precompileModule(wasm, CompileMeter.unlimited());
  }

  /**
   * As above, with a meter of the processor time of all threads that take part.
   *
   * @throws dev.troupe.engine.wasm.WasmException also when the meter's limit is exceeded, which is
   *     looked at between functions
   */
  public byte[] precompileModule(byte[] wasm, CompileMeter meter) {
    CompilerService compiler =
        Compiler.FOUND.orElseThrow(() ->
            new IllegalStateException(
                "there is no compiler on the class path; load precompiled artifacts instead"));
    byte[] artifact =
        compiler.compile(
            new CompileRequest(
                wasm,
                config.features(),
                config.limits(),
                config.tunables(),
                isa,
                config.compileThreads(),
                config.debugChecks(),
                config.withoutPasses()),
            meter);
    return loader.sign(artifact);
  }

  /** What some bytes are; the first bytes of a file are enough. Says nothing of their validity. */
  public static Precompiled detectPrecompiled(byte[] bytes) {
    ArtifactKind kind = ArtifactReader.detect(bytes);
    if (kind == null) {
      return Precompiled.NONE;
    }
    return kind == ArtifactKind.MODULE ? Precompiled.MODULE : Precompiled.COMPONENT;
  }

  /**
   * Identifies what artifacts this engine can load: engines with equal hashes load each other's
   * artifacts. Hexadecimal.
   */
  public String compatibilityHash() {
    return loader.compatibilityHash();
  }

  /**
   * Names the artifact of a module in a cache: depends on engine settings and module. Hexadecimal.
   */
  public String cacheKey(byte[] wasm) {
    return cacheKey(ModuleDigest.of(wasm));
  }

  /** As above, of a module whose digest is known. */
  public String cacheKey(ModuleDigest module) {
    return loader.cacheKey(module);
  }

  /** Attaches to the calling platform thread, so that {@link Invocation}s can run on it. */
  public Carrier attachCarrier() {
    return Carrier.attach(config.tunables().preemption());
  }

  /** Stores that are not closed. */
  public int openStores() {
    return internal.openStores();
  }

  /** Stores that may have a collected heap at once. */
  public int collectedHeaps() {
    return internal.collectedHeaps();
  }

  /** How many more stores can have one now. */
  public int freeCollectedHeaps() {
    return internal.freeCollectedHeaps();
  }

  /** Runs an action whenever a collected heap becomes free: on any thread, under no lock. */
  public void whenCollectedHeapIsFreed(Runnable action) {
    internal.whenCollectedHeapIsFreed(action);
  }

  VmEngine internal() {
    return internal;
  }

  ModuleLoader loader() {
    return loader;
  }

  /**
   * Releases native structures. Modules should be closed before.
   *
   * @throws IllegalStateException when a store is still open
   */
  @Override
  public void close() {
    internal.close();
  }
}

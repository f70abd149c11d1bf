package dev.troupe.engine.fuzz;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Module;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one engine makes of a case, for all subjects that run the same code in their own ways: a
 * case is compiled once, and kept until the next one comes.
 */
final class Compilation implements AutoCloseable {
  /** From a case to the artifact of its module. */
  interface Compiler {
    byte[] artifact(FuzzCase fuzzCase);
  }

  private final Engine engine;
  private final Compiler compiler;
  private @Nullable FuzzCase compiled;
  private byte @Nullable [] artifact;
  private @Nullable Module module;

  /**
   * A compilation by the engine itself.
   *
   * @param engine closed with it
   */
  Compilation(Engine engine) {
    this(engine, fuzzCase -> engine.precompileModule(fuzzCase.wasm()));
  }

  /**
   * A compilation.
   *
   * @param engine loads what the compiler makes; closed with it
   */
  Compilation(Engine engine, Compiler compiler) {
    this.engine = engine;
    this.compiler = compiler;
  }

  Engine engine() {
    return engine;
  }

  /** The artifact of a case. */
  byte[] artifact(FuzzCase fuzzCase) {
    if (!fuzzCase.equals(compiled)) {
      forget();
      artifact = compiler.artifact(fuzzCase);
      compiled = fuzzCase;
    }
    return Objects.requireNonNull(artifact);
  }

  /** The module of a case, loaded. */
  Module module(FuzzCase fuzzCase) {
    byte[] bytes = artifact(fuzzCase);
    if (module == null) {
      module = Module.deserialize(engine, bytes);
    }
    return module;
  }

  private void forget() {
    compiled = null;
    artifact = null;
    if (module != null) {
      module.close();
      module = null;
    }
  }

  @Override
  public void close() {
    forget();
    engine.close();
  }
}

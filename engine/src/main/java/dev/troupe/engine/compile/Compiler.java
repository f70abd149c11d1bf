package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.ArtifactWriter;
import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.contract.CompileMeter;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.CompilerService;

/** The compiler as a service: modules in, artifacts out. */
public final class Compiler implements CompilerService {
  /** For the service loader. */
  public Compiler() {}

  @Override
  public byte[] compile(CompileRequest request, CompileMeter meter) {
    CompiledModule module =
        ModuleCompiler.compile(request, CompileLimits.DEFAULT, meter, Compiler::start);
    try (CompileMeter.Stopwatch _ = meter.start()) {
      return ArtifactWriter.write(module);
    }
  }

  private static void start(Runnable task) {
    Thread.ofPlatform().name("troupe-compile").daemon(true).start(task);
  }
}

package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.ArtifactWriter;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.CompilerService;

/** The compiler as a service: modules in, artifacts out. */
public final class Compiler implements CompilerService {
  /** For the service loader. */
  public Compiler() {}

  @Override
  public byte[] compile(CompileRequest request) {
    return ArtifactWriter.write(
        ModuleCompiler.compile(request, CompileLimits.DEFAULT, Compiler::start));
  }

  private static void start(Runnable task) {
    Thread.ofPlatform().name("troupe-compile").daemon(true).start(task);
  }
}

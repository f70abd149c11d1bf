package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.compile.ModuleCompiler;
import dev.troupe.engine.compile.Snapshot;
import dev.troupe.engine.contract.CompileRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code troupe compile}. */
final class CompileCommand {
  private static final String HELP =
      """
      Usage: troupe compile FILE -o OUT
             troupe compile FILE --print STAGE [--func N]
      Compiles a module (.wasm or .wat) to an ELF artifact, or prints a stage of the compilation.

        -o OUT           the artifact to write
        --print STAGE    ssa: as translated; opt: after the passes; induction: what loops advance
                         by; mach: instructions over virtual registers; asm: machine code; or the
                         name of a pass (a wrong one lists them), with :N for the Nth time that it
                         runs
        --func N         only the function with this index
        --key FILE       sign the artifact with this key (made when missing)
        --fuel           code that counts fuel
        --epoch          code that looks at a flag, for hosts without preemption signals
        --explicit       code with compiled checks, for hosts without trap signals
        --no-spectre     do not mask indexes against speculation
        --no-opt         without the optimizing passes
      """
          + EngineOptions.HELP
          + "  --verbose        show stack traces of errors";

  private final PrintStream out;

  CompileCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<String> args) throws UsageException, IOException {
    Options options =
        Options.parse(
            args,
            EngineOptions.flags(
                "--help",
                "--verbose",
                "--fuel",
                "--epoch",
                "--explicit",
                "--no-spectre",
                "--no-opt"),
            EngineOptions.valued("-o", "--print", "--func", "--key"),
            false);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().size() != 1) {
      throw new UsageException("name one module: troupe compile FILE -o OUT");
    }
    String target = options.value("-o");
    String stage = options.value("--print");
    if (target == null && stage == null) {
      throw new UsageException("say what to make: -o OUT or --print STAGE");
    }
    byte[] wasm = ModuleFile.readBinary(Path.of(options.operands().getFirst()));
    try (Engine engine = Engine.create(EngineOptions.config(options).build())) {
      if (stage != null) {
        print(engine, wasm, stage, options);
      }
      if (target != null) {
        Files.write(Path.of(target), engine.precompileModule(wasm));
      }
    }
    return 0;
  }

  private void print(Engine engine, byte[] wasm, String stageName, Options options)
      throws UsageException {
    EngineConfig config = engine.config();
    CompileRequest request =
        new CompileRequest(
            wasm, config.features(), config.limits(), config.tunables(), engine.isa(), 1, false);
    try {
      Snapshot point = Snapshot.of(stageName, config.tunables().optimize());
      long function = options.number("--func", -1);
      out.print(
          function < 0
              ? ModuleCompiler.printAll(request, point)
              : ModuleCompiler.print(request, point, Math.toIntExact(function)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}

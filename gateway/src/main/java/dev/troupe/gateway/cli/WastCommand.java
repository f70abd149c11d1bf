package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.wast.EngineHost;
import dev.troupe.engine.wast.WastFiles;
import dev.troupe.engine.wast.WastRunner;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code troupe wast}. */
final class WastCommand {
  private static final String HELP =
      """
      Usage: troupe wast [OPTIONS] FILE...
      Runs WebAssembly test scripts, all in one process. Prints each failing directive as
      FILE:LINE: MESSAGE and last: N passed, M failed, K skipped. Exit status 1 if any failed.

        --epoch, --explicit, --no-spectre, --no-opt   as for troupe compile
      """
          + EngineOptions.HELP
          + "  --verbose        show stack traces of errors";

  private final PrintStream out;

  WastCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<String> args) throws UsageException {
    Options options =
        Options.parse(
            args,
            EngineOptions.flags(
                "--help", "--verbose", "--epoch", "--explicit", "--no-spectre", "--no-opt"),
            EngineOptions.valued(),
            false);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().isEmpty()) {
      throw new UsageException("name at least one script: troupe wast FILE...");
    }
    try (Engine engine = Engine.create(EngineOptions.config(options).build())) {
      WastRunner runner = new WastRunner(() -> EngineHost.open(engine));
      return WastFiles.run(runner, options.operands().stream().map(Path::of).toList(), out);
    }
  }
}

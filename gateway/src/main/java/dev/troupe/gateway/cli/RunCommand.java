package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code troupe run}: exit 0, 1 on an error, 134 on a trap. */
final class RunCommand {
  private static final int TRAP_STATUS = 134;
  private static final String HELP =
      """
      Usage: troupe run [OPTIONS] FILE [ARGS]
      Runs an exported function of a module and prints its results, one a line.
      FILE is a module (.wasm), its text (.wat) or an artifact made by troupe compile.

        --invoke NAME    the exported function (default: _start, main, or the only one)
        --fuel N         trap after so much fuel (about one per instruction)
        --timeout D      trap after a time such as 500ms, 10s or 2m
        --cache DIR      folder of compiled artifacts (default: ~/.cache/troupe)
        --no-cache       compile anew, write nothing
        --verbose        show stack traces of errors

      Exit status: 0; 1 on an error; 134 on a trap, with kind and backtrace on stderr.\
      """;

  private final PrintStream out;
  private final PrintStream err;

  RunCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<String> args) throws UsageException, ValueText.BadValueException, IOException {
    Options options =
        Options.parse(
            args,
            Set.of("--help", "--no-cache", "--verbose"),
            Set.of("--invoke", "--fuel", "--timeout", "--cache"),
            true);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().isEmpty()) {
      throw new UsageException("name a module: troupe run FILE [ARGS]");
    }
    Path file = Path.of(options.operands().getFirst());
    List<String> arguments = options.operands().subList(1, options.operands().size());
    long fuel = options.number("--fuel", -1);
    long timeoutNanos = options.durationNanos("--timeout", -1);
    ModuleOpener opener = ModuleOpener.of(options);
    EngineConfig.Builder config = EngineConfig.builder().fuel(fuel >= 0);
    opener.keyFile().ifPresent(config::artifactKeyFile);
    try (Engine engine = Engine.create(config.build());
        Module module = opener.open(engine, file);
        Store<String> store = Store.create(engine, "")) {
      if (fuel >= 0) {
        store.setFuel(fuel);
      }
      if (timeoutNanos >= 0) {
        store.deadlineIn(Duration.ofNanos(timeoutNanos));
      }
      return call(store, module, options.value("--invoke"), arguments);
    }
  }

  private int call(
      Store<String> store, Module module, @Nullable String export, List<String> arguments)
      throws UsageException, ValueText.BadValueException {
    EntryPoint entry = EntryPoint.of(module, export);
    try {
      Instance instance = Linker.<String>create(store.engine()).instantiate(store, module);
      if (entry == null) {
        return 0;
      }
      for (Value result : instance.func(entry.name()).call(entry.values(arguments))) {
        out.println(EntryPoint.print(result));
      }
      return 0;
    } catch (TrapException e) {
      return trapped(e);
    } catch (InstantiationException e) {
      if (e.getCause() instanceof TrapException trap) {
        return trapped(trap);
      }
      throw e;
    }
  }

  private int trapped(TrapException trap) {
    err.println("troupe: trap " + trap.kind() + ": " + trap.getMessage());
    return TRAP_STATUS;
  }
}

package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.StoreLimits;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code troupe run}: exit 0 or as the guest says, 1 on an error, 134 on a trap. */
final class RunCommand {
  private static final int TRAP_STATUS = 134;
  private static final String HELP =
      """
      Usage: troupe run [OPTIONS] FILE [ARGS]
      Runs an exported function of a module and prints its results, one a line. A WASI command
      (_start) gets ARGS, standard input, output and error, and its status becomes the command's.
      FILE is a module (.wasm), its text (.wat) or an artifact made by troupe compile.

        --invoke NAME    the exported function (default: _start, main, or the only one); _initialize
                         is called before it when the module exports that
        --dir HOST[::GUEST][:ro]   a folder for a guest that imports WASI, under the name GUEST (default:
                         HOST); :ro to read only; may be repeated
        --overlay HOST[::GUEST]    the same folder, but what the guest changes stays in memory and is lost
                         at the end: 256 MiB, 100,000 names; may be repeated
        --env NAME=VALUE an environment variable for it; NAME alone for this process's; may be repeated
        --inherit-env    all environment variables of this process for it
        --stdin FILE     its standard input (default: this process's)
        --fuel N         trap after so much fuel (about one per instruction)
        --timeout D      trap after a time such as 500ms, 10s or 2m, also while it waits
        --max-memory N   memory that it gets at most, such as 64MiB: more is refused
        --cache DIR      folder of compiled artifacts (default: ~/.cache/troupe)
        --cache-size N   what the folder holds at most (default: 1GiB); what was not run for the
                         longest goes first
        --no-cache       compile anew, write nothing
        --profile perf   write /tmp/perf-PID.map and jit-PID.dump, from which perf has names of functions
        --profile guest  sample the guest every millisecond, for profiler.firefox.com;
                         --profile-out FILE (default: troupe-guest-profile.json)
        --coredump FILE  on a trap, write frames, memories and globals as a WebAssembly core dump
      """
          + EngineOptions.HELP
          + """
            --verbose        show stack traces of errors

          Exit status: 0, or what the guest gave to proc_exit; 1 on an error; 134 on a trap, with kind
          and backtrace on stderr; 130 after Ctrl-C.\
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
            EngineOptions.flags("--help", "--no-cache", "--verbose", "--inherit-env"),
            EngineOptions.valued(
                "--invoke",
                "--fuel",
                "--timeout",
                "--max-memory",
                "--cache",
                "--cache-size",
                "--dir",
                "--overlay",
                "--env",
                "--stdin",
                "--profile",
                "--profile-out",
                "--coredump"),
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
    ModuleOpener opener = ModuleOpener.of(options);
    ModuleReading reading = ModuleReading.begin(file, opener.knownFiles());
    EngineConfig.Builder config =
        EngineOptions.config(options).anonymousCode(Diagnostics.wantsPerf(options));
    opener.keyFile().ifPresent(config::artifactKeyFile);
    try (Engine engine = Engine.create(config.build());
        Module module = opener.open(engine, reading.await())) {
      EntryPoint entry = EntryPoint.of(module, options.value("--invoke"));
      boolean command = entry != null && entry.isCommand();
      List<Value> values = entry == null || command ? List.of() : entry.values(arguments);
      if (!WasiOptions.importsWasi(module)) {
        if (command && !arguments.isEmpty()) {
          throw new UsageException("_start takes no arguments, and the module imports no WASI");
        }
        WasiOptions.check(options, file);
        return run(options, file, Linker.<String>create(engine), "", module, entry, values);
      }
      Linker<WasiContext> linker = Linker.create(engine);
      Wasi.addTo(linker, Function.identity());
      try (WasiContext world =
          WasiOptions.streams(options, WasiOptions.builder(options, file, arguments)).build()) {
        return run(options, file, linker, world, module, entry, values);
      }
    }
  }

  private <T> int run(
      Options options,
      Path file,
      Linker<T> linker,
      T data,
      Module module,
      @Nullable EntryPoint entry,
      List<Value> arguments)
      throws UsageException, IOException {
    StoreLimits limits =
        StoreLimits.UNLIMITED.withMaxMemoryBytes(options.bytes("--max-memory", Long.MAX_VALUE));
    try (Store<T> store = Store.create(linker.engine(), data, limits)) {
      if (options.has("--fuel")) {
        store.setFuel(options.number("--fuel", 0));
      }
      long timeoutNanos = options.durationNanos("--timeout", -1);
      if (timeoutNanos >= 0) {
        store.deadlineIn(Duration.ofNanos(timeoutNanos));
      }
      Diagnostics diagnostics = new Diagnostics(options, file, err);
      diagnostics.begin(module);
      try {
        return run(linker, store, module, entry, arguments, diagnostics);
      } catch (TrapException e) {
        return ended(store, e, diagnostics);
      } catch (InstantiationException e) {
        if (e.getCause() instanceof TrapException trap) {
          return ended(store, trap, diagnostics);
        }
        throw e;
      }
    }
  }

  private <T> int run(
      Linker<T> linker,
      Store<T> store,
      Module module,
      @Nullable EntryPoint entry,
      List<Value> arguments,
      Diagnostics diagnostics)
      throws IOException {
    Instance instance = linker.instantiate(store, module);
    if (entry != null && entry.needsInitialization(module)) {
      List<Value> _ = instance.func(EntryPoint.INITIALIZE).call();
    }
    if (entry != null) {
      for (Value result : diagnostics.call(instance.func(entry.name()), arguments)) {
        out.println(EntryPoint.print(result));
      }
    }
    return 0;
  }

  private int ended(Store<?> store, TrapException trap, Diagnostics diagnostics)
      throws IOException {
    OptionalInt status = Wasi.exitCode(trap);
    if (status.isPresent()) {
      return status.getAsInt();
    }
    diagnostics.trapped(store, trap);
    return TRAP_STATUS;
  }
}

package dev.troupe.engine.fuzz;

import dev.troupe.engine.wasm.WasmOp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code ./troupe fuzz}: fuzzes for a while, from a seed that it prints. */
public final class FuzzMain {
  private static final String HELP =
      """
      Usage: troupe fuzz [--seconds N] [--seed S] [--configurations N] [--damaged]
                   [--binaryen] [--only NAME] [--out FOLDER]
             troupe fuzz FILE.wat ...
      Random modules in the engine and in other engines; see docs/TESTING.md.

        --seconds N          how long (60)
        --seed S             the first module's seed (a fresh one)
        --configurations N   kinds of code that the engine makes of a module, in turn (2)
        --binaryen           modules of wasm-opt -ttf, which TROUPE_WASM_OPT names, instead
        --damaged            damaged modules and texts, for validators, instead
        --only NAME          in this configuration only, or in v8, endive
        --out FOLDER         where findings go (target/fuzz)
        FILE.wat             runs kept cases in all configurations instead\
      """;

  /** Between two lines on how far it is. */
  private static final long REPORT_NANOS = 30_000_000_000L;

  private FuzzMain() {}

  public static void main(String[] args) throws Exception {
    long seconds = 60;
    long seed = System.nanoTime() >>> 8;
    int configurations = 2;
    Path out = Path.of("target/fuzz");
    String only = "";
    boolean damaged = false;
    boolean binaryen = false;
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--seconds" -> seconds = Long.parseLong(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--configurations" -> configurations = Integer.parseInt(args[++i]);
        case "--damaged" -> damaged = true;
        case "--binaryen" -> binaryen = true;
        case "--only" -> only = args[++i];
        case "--out" -> out = Path.of(args[++i]);
        case "--help" -> {
          System.out.println(HELP);
          return;
        }
        default -> {
          if (args[i].startsWith("-")) {
            System.err.println("unknown option " + args[i] + "; see troupe fuzz --help");
            System.exit(2);
          }
          files.add(Path.of(args[i]));
        }
      }
    }
    @Nullable V8 v8 = V8.find();
    if (damaged) {
      damaged(v8, seconds, seed, out);
      return;
    }
    try (Fuzzer fuzzer = new Fuzzer(Subjects.foreign(v8), out)) {
      fuzzer.only(only);
      if (binaryen) {
        binaryen(fuzzer, seconds, seed);
      } else if (files.isEmpty()) {
        run(fuzzer, seconds, seed, configurations);
      } else {
        kept(fuzzer, files);
      }
      System.out.println(fuzzer.report());
      if (!fuzzer.found().isEmpty()) {
        System.exit(1);
      }
    }
  }

  private static void run(Fuzzer fuzzer, long seconds, long seed, int configurations) {
    System.out.println("seed " + seed);
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    long nextReport = start + REPORT_NANOS;
    long next = seed;
    int printed = 0;
    while (System.nanoTime() < end) {
      fuzzer.generated(next++, configurations);
      printed = print(fuzzer, printed);
      if (System.nanoTime() > nextReport) {
        System.out.println("at seed " + next + ": " + rates(fuzzer, start));
        nextReport += REPORT_NANOS;
      }
    }
    fuzzer.finish();
    int unused = print(fuzzer, printed);
    List<String> missing =
        Arrays.stream(WasmOp.values())
            .filter(op -> FuzzCase.FEATURES.contains(op.feature()) && !fuzzer.seen().contains(op))
            .map(WasmOp::mnemonic)
            .toList();
    System.out.println(fuzzer.seen().size() + " instructions, not " + missing);
    System.out.println(rates(fuzzer, start));
  }

  private static void binaryen(Fuzzer fuzzer, long seconds, long seed) throws IOException {
    Binaryen binaryen = Binaryen.find();
    long start = System.nanoTime();
    System.out.println("seed " + seed);
    int printed = 0;
    for (long next = seed;
        binaryen != null && System.nanoTime() - start < seconds * 1_000_000_000L;
        next++) {
      fuzzer.foreign(binaryen.module(next), next);
      printed = print(fuzzer, printed);
    }
    System.out.println(rates(fuzzer, start));
  }

  private static int print(Fuzzer fuzzer, int printed) {
    List<String> found = fuzzer.found();
    found.subList(printed, found.size()).forEach(line -> System.out.println("FINDING " + line));
    return found.size();
  }

  /**
   * Executions for each second of the clock and of the processor time of this process and of V8.
   */
  private static String rates(Fuzzer fuzzer, long start) {
    ProcessHandle self = ProcessHandle.current();
    long cpuNanos = cpuNanos(self) + self.children().mapToLong(FuzzMain::cpuNanos).sum();
    return String.format(
        Locale.ROOT,
        "%d executions by the engine in %.0f s, %.0f of them of a processor: %.0f and %.0f a"
            + " second",
        fuzzer.engineExecutions(),
        (System.nanoTime() - start) / 1e9,
        cpuNanos / 1e9,
        fuzzer.engineExecutions() * 1e9 / (System.nanoTime() - start),
        fuzzer.engineExecutions() * 1e9 / cpuNanos);
  }

  private static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static void damaged(@Nullable V8 v8, long seconds, long seed, Path out)
      throws IOException {
    List<Validator> validators = new ArrayList<>();
    if (v8 != null) {
      validators.add(new V8Validator(v8));
    }
    WasmtimeValidator wasmtime = WasmtimeValidator.find();
    if (wasmtime != null) {
      validators.add(wasmtime);
    }
    try (AcceptanceFuzzer fuzzer = new AcceptanceFuzzer(validators, out)) {
      System.out.println("seed " + seed + ", " + fuzzer.texts() + " modules to damage");
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      int printed = 0;
      for (long next = seed; System.nanoTime() < end; next++) {
        fuzzer.damaged(next);
        for (; printed < fuzzer.found().size(); printed++) {
          System.out.println("FINDING " + fuzzer.found().get(printed));
        }
      }
      System.out.println(fuzzer.report());
      if (printed > 0) {
        System.exit(1);
      }
    }
  }

  private static void kept(Fuzzer fuzzer, List<Path> files) throws Exception {
    for (Path file : files) {
      int before = fuzzer.found().size();
      fuzzer.kept(KeptCase.read(file), file.toString());
      for (String finding : fuzzer.found().subList(before, fuzzer.found().size())) {
        System.out.println("FINDING " + finding);
      }
    }
  }
}

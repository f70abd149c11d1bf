package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.Module;
import dev.troupe.engine.Precompiled;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.profile.GuestProfile;
import dev.troupe.engine.profile.JitDump;
import dev.troupe.engine.profile.PerfMap;
import dev.troupe.engine.profile.SourceLines;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.runtime.exec.WasmFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What {@code troupe run} shows of a guest beside its results: maps for perf, samples, core dumps,
 * source lines. Nothing of it is loaded when nobody asks.
 */
final class Diagnostics {
  private static final long SAMPLE_NANOS = 1_000_000;
  private static final String PERF = "perf";
  private static final String GUEST = "guest";

  private final Options options;
  private final Path file;
  private final PrintStream err;

  Diagnostics(Options options, Path file, PrintStream err) {
    this.options = options;
    this.file = file;
    this.err = err;
  }

  /** Whether perf is to find names, which it looks for in code that belongs to no file. */
  static boolean wantsPerf(Options options) {
    return PERF.equals(options.value("--profile"));
  }

  /** Checks what was asked for, and writes the maps for perf. */
  void begin(Module module) throws UsageException, IOException {
    // Before the guest runs: afterwards there would be nowhere to put what it has shown.
    checkFolder("--coredump");
    checkFolder("--profile-out");
    String profile = options.value("--profile");
    if (options.has("--profile-out") && !GUEST.equals(profile)) {
      throw new UsageException("--profile-out goes with --profile guest");
    }
    if (profile == null) {
      return;
    }
    switch (profile) {
      case PERF -> {
        PerfMap.write(module, PerfMap.path());
        JitDump.write(module, JitDump.path(Path.of("")));
      }
      case GUEST -> {}
      default -> throw new UsageException("--profile takes perf or guest, not '" + profile + "'");
    }
  }

  private void checkFolder(String option) throws UsageException {
    String target = options.value(option);
    if (target != null && !Files.isDirectory(Path.of(target).toAbsolutePath().resolveSibling(""))) {
      throw new UsageException(option + ": there is no folder for " + target);
    }
  }

  /** Calls a function, taking samples if that was asked for. */
  List<Value> call(Func function, List<Value> arguments) throws IOException {
    if (!GUEST.equals(options.value("--profile"))) {
      return function.call(arguments);
    }
    String given = options.value("--profile-out");
    Path target = Path.of(given == null ? "troupe-guest-profile.json" : given);
    String name = String.valueOf(file.getFileName());
    GuestProfile profile = new GuestProfile(name, SAMPLE_NANOS / 1e6, lines());
    try {
      return sampled(function.start(arguments), profile);
    } finally {
      Path _ = Files.writeString(target, profile.toJson());
      err.println(
          "troupe: " + profile.samples() + " samples in " + target + ", for profiler.firefox.com");
    }
  }

  private static List<Value> sampled(Invocation call, GuestProfile profile) {
    try (Carrier carrier = call.store().engine().attachCarrier()) {
      long start = System.nanoTime();
      while (!call.isFinished()) {
        carrier.preemptAfter(SAMPLE_NANOS);
        SliceOutcome outcome = call.runSlice(carrier);
        if (outcome == SliceOutcome.PREEMPTED) {
          profile.sample((System.nanoTime() - start) / 1e6, call.backtrace());
        } else if (outcome == SliceOutcome.PARKED) {
          awaitWake(call);
        }
      }
    }
    return call.results();
  }

  private static void awaitWake(Invocation call) {
    CountDownLatch woken = new CountDownLatch(1);
    call.onWake(woken::countDown);
    try {
      if (!woken.await(call.store().remainingNanos(), TimeUnit.NANOSECONDS)) {
        // The deadline: the next slice ends the call.
        return;
      }
    } catch (InterruptedException e) {
      call.drop("interrupted");
      Thread.currentThread().interrupt();
    }
  }

  /** Says how a trap came about; before, if that was asked for, writes its core dump. */
  void trapped(Store<?> store, TrapException trap) throws IOException {
    String target = options.value("--coredump");
    if (target != null) {
      // First: source lines are looked for in what the module says of itself.
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(target)))) {
        store.writeCoreDump(String.valueOf(file.getFileName()), trap, out);
      }
    }
    err.println("troupe: " + describe(trap));
    if (target != null) {
      err.println("troupe: core dump in " + target);
    }
  }

  /** A trap as text, with source lines where the module has them. */
  private String describe(TrapException trap) {
    SourceLines lines = lines();
    StringBuilder text = new StringBuilder();
    text.append("trap ").append(trap.kind()).append(": ").append(trap.text());
    for (WasmFrame frame : trap.frames()) {
      text.append("\n    at ").append(frame);
      SourceLines.Place place = lines.at(frame.wasmOffset());
      if (place != null) {
        text.append(" (").append(place).append(')');
      }
    }
    return text.toString();
  }

  private SourceLines lines() {
    try {
      byte[] bytes = Files.readAllBytes(file);
      boolean wasm = Engine.detectPrecompiled(bytes) == Precompiled.NONE && bytes.length > 8;
      return SourceLines.of(wasm && bytes[0] == 0 ? bytes : new byte[0]);
    } catch (IOException e) {
      // Gone since it was compiled: then without lines.
      return SourceLines.of(new byte[0]);
    }
  }
}

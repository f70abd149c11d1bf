package dev.troupe.actors;

import dev.troupe.actors.port.BadArtifactException;
import dev.troupe.actors.port.BadModuleException;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.FunctionRuntime;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.actors.port.ModuleDescription.ExportedFunction;
import dev.troupe.actors.port.NoRoomException;
import dev.troupe.actors.port.Opened;
import dev.troupe.actors.port.WasmType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A runtime whose modules are texts like {@code fake;memory=65536;salt=1}. The exported functions
 * do what their names say; see {@link FakeFiber}.
 */
final class FakeRuntime implements FunctionRuntime {
  private static final String ARTIFACT = "ARTIFACT ";

  private final String setting;
  final AtomicInteger compilations = new AtomicInteger();
  final AtomicInteger live = new AtomicInteger();
  final AtomicInteger closedModules = new AtomicInteger();
  final AtomicInteger opened = new AtomicInteger();

  /** Sums of all runs of {@code add}, in their order. */
  final Queue<Integer> sums = new ConcurrentLinkedQueue<>();

  final Set<String> guestThreads = ConcurrentHashMap.newKeySet();

  /** Instances that may be open at once. */
  final Semaphore slots = new Semaphore(1_000_000);

  /** Completed and replaced whenever a slot is freed. */
  private CompletableFuture<Boolean> slotFreed = new CompletableFuture<>();

  /** What {@code wait} waits for. */
  volatile CompletableFuture<Boolean> hostCall = new CompletableFuture<>();

  /** What {@code compile} waits for. */
  volatile CompletableFuture<Boolean> compilerGate = CompletableFuture.completedFuture(true);

  FakeRuntime(String setting) {
    this.setting = setting;
  }

  static byte[] module(String options) {
    return ("fake;" + options).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String artifactKey(byte[] module) {
    return Hex.sha256((setting + "\n" + text(module)).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] compile(byte[] module, long cpuLimitNanos, LongConsumer spent)
      throws BadModuleException {
    compilations.incrementAndGet();
    boolean _ = compilerGate.join();
    String text = text(module);
    long cost = option(text, "cost", 0);
    spent.accept(cost);
    if (cost > cpuLimitNanos) {
      throw new BadModuleException(
          BadModuleException.Phase.LIMIT, BadModuleException.NO_OFFSET, "too slow");
    }
    if (!text.startsWith("fake")) {
      throw new BadModuleException(BadModuleException.Phase.MALFORMED, 3, "magic header not found");
    }
    String body = setting + "\n" + text;
    return (ARTIFACT + Hex.sha256(body.getBytes(StandardCharsets.UTF_8)) + "\n" + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public LoadedModule load(Path artifact) throws BadArtifactException, BadModuleException {
    String text;
    try {
      text = Files.readString(artifact);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String[] parts = text.split("\n", 2);
    if (parts.length < 2
        || !parts[0].equals(ARTIFACT + Hex.sha256(parts[1].getBytes(StandardCharsets.UTF_8)))) {
      throw new BadArtifactException("the digest of " + artifact.getFileName() + " is wrong");
    }
    if (parts[1].contains("unlinkable")) {
      throw new BadModuleException(
          BadModuleException.Phase.UNLINKABLE, BadModuleException.NO_OFFSET, "unknown import");
    }
    if (parts[1].contains("no-room")) {
      throw new NoRoomException("the code region is full", new IllegalStateException());
    }
    return new FakeModule(option(parts[1], "memory", 0));
  }

  private static String text(byte[] module) {
    return new String(module, StandardCharsets.UTF_8);
  }

  private static long option(String text, String name, long otherwise) {
    int at = text.indexOf(name + "=");
    return at < 0
        ? otherwise
        : Long.parseLong(text.substring(at + name.length() + 1).split(";")[0]);
  }

  private static ExportedFunction export(
      String name, List<WasmType> parameters, List<WasmType> results) {
    return new ExportedFunction(name, parameters, results);
  }

  synchronized void slotFreed() {
    slots.release();
    CompletableFuture<Boolean> waiters = slotFreed;
    slotFreed = new CompletableFuture<>();
    boolean _ = waiters.complete(true);
  }

  private synchronized CompletionStage<Boolean> whenSlotFree() {
    return slots.availablePermits() > 0 ? CompletableFuture.completedFuture(true) : slotFreed;
  }

  /** A module that was loaded. */
  private final class FakeModule implements LoadedModule {
    private final ModuleDescription description;
    private volatile boolean closed;

    FakeModule(long memoryBytes) {
      List<WasmType> none = List.of();
      List<WasmType> i32 = List.of(WasmType.I32);
      List<WasmType> i64 = List.of(WasmType.I64);
      description =
          new ModuleDescription(
              List.of(
                  export("add", List.of(WasmType.I32, WasmType.I32), i32),
                  export("spin", none, none),
                  export("trap", none, none),
                  export("wait", none, i32),
                  export("grow", i64, i64),
                  export("calls", none, i32),
                  export("fail", none, none),
                  export("troupe_alloc", i32, i32),
                  export("handle", List.of(WasmType.I32, WasmType.I32), i64)),
              true,
              memoryBytes,
              false);
    }

    @Override
    public ModuleDescription description() {
      return description;
    }

    @Override
    public Opened open(MemoryGate memory, Claimant claimant, @Nullable CompletionStage<?> turn) {
      if (closed) {
        return new Opened.Gone();
      }
      if (!slots.tryAcquire()) {
        return new Opened.Full(whenSlotFree());
      }
      boolean granted = memory.tryGrow(description.initialMemoryBytes());
      opened.incrementAndGet();
      live.incrementAndGet();
      return new Opened.Ready(new FakeInstance(FakeRuntime.this, description, memory, granted));
    }

    @Override
    public void close() {
      closed = true;
      closedModules.incrementAndGet();
    }
  }
}

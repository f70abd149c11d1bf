package dev.troupe.engine;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.runtime.MemoryAllocator;
import dev.troupe.engine.runtime.OnDemandMemoryAllocator;
import dev.troupe.engine.runtime.OnDemandStackAllocator;
import dev.troupe.engine.runtime.StackAllocator;
import dev.troupe.engine.runtime.VmEngine;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * How an engine compiles and runs. Immutable; made by a {@linkplain #builder() builder} whose
 * setters accept anything, checked once by {@link Builder#build()}.
 */
public final class EngineConfig {
  /** Most collected heaps that an engine can have. */
  public static final int MOST_COLLECTED_HEAPS = VmEngine.MOST_COLLECTED_HEAPS;

  private static final long MIN_STACK_BYTES = 16 << 10;
  private static final long MAX_STACK_BYTES = 256 << 20;
  private static final long PAGE_BYTES = 65_536;
  private static final long MAX_MEMORY64_BYTES = 1L << 40;

  private final WasmFeatures features;
  private final WasmLimits limits;
  private final Tunables tunables;
  private final @Nullable Set<IsaFeature> isa;
  private final long stackBytes;
  private final MemoryAllocator memoryAllocator;
  private final StackAllocator stackAllocator;
  private final @Nullable ScheduledExecutorService timers;
  private final int collectedHeaps;
  private final int compileThreads;
  private final boolean debugChecks;
  private final Set<String> withoutPasses;
  private final @Nullable Path artifactKeyFile;
  private final boolean anonymousCode;

  private EngineConfig(Builder b) {
    features = b.features;
    limits = b.limits;
    tunables = b.tunables;
    isa = b.isa == null ? null : Set.copyOf(b.isa);
    stackBytes = b.stackBytes;
    memoryAllocator = b.memoryAllocator == null ? new OnDemandMemoryAllocator() : b.memoryAllocator;
    stackAllocator =
        b.stackAllocator == null ? new OnDemandStackAllocator(stackBytes) : b.stackAllocator;
    timers = b.timers;
    collectedHeaps = b.collectedHeaps;
    compileThreads = b.compileThreads;
    debugChecks = b.debugChecks;
    withoutPasses = b.withoutPasses;
    artifactKeyFile = b.artifactKeyFile;
    anonymousCode = b.anonymousCode;
  }

  /** The defaults. */
  public static EngineConfig defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** What modules may use. */
  public WasmFeatures features() {
    return features;
  }

  /** Bounds on modules. */
  public WasmLimits limits() {
    return limits;
  }

  /** The choices that compiled code depends on. */
  public Tunables tunables() {
    return tunables;
  }

  /** Processor features to compile for; null for those of this machine. */
  public @Nullable Set<IsaFeature> isa() {
    return isa;
  }

  /** Stack that a guest may use, bytes; of no effect on a stack allocator that was given. */
  public long stackBytes() {
    return stackBytes;
  }

  /** Where linear memories come from. */
  public MemoryAllocator memoryAllocator() {
    return memoryAllocator;
  }

  /** Where fibers' stacks come from. */
  public StackAllocator stackAllocator() {
    return stackAllocator;
  }

  /** What ends parked waits at shared memories in time; null for a thread of the engine's own. */
  public @Nullable ScheduledExecutorService timers() {
    return timers;
  }

  /** Stores that may have a collected heap at once. */
  public int collectedHeaps() {
    return collectedHeaps;
  }

  /** Most threads that one compilation uses. */
  public int compileThreads() {
    return compileThreads;
  }

  /** Whether the compiler checks its own intermediate results. */
  public boolean debugChecks() {
    return debugChecks;
  }

  /** See {@link Builder#withoutPasses}. */
  public Set<String> withoutPasses() {
    return withoutPasses;
  }

  /** The key that artifacts are signed and checked with, or null for unsigned artifacts. */
  public @Nullable Path artifactKeyFile() {
    return artifactKeyFile;
  }

  /** Whether code is copied to memory that belongs to no file. */
  public boolean anonymousCode() {
    return anonymousCode;
  }

  /** Collects settings. */
  public static final class Builder {
    private WasmFeatures features = WasmFeatures.DEFAULT;
    private WasmLimits limits = WasmLimits.DEFAULT;
    private Tunables tunables = Tunables.DEFAULT;
    private @Nullable Set<IsaFeature> isa;
    private long stackBytes = OnDemandStackAllocator.DEFAULT_USABLE_BYTES;
    private @Nullable MemoryAllocator memoryAllocator;
    private @Nullable StackAllocator stackAllocator;
    private @Nullable ScheduledExecutorService timers;
    private int collectedHeaps = MOST_COLLECTED_HEAPS;
    private int compileThreads = Runtime.getRuntime().availableProcessors();
    private boolean debugChecks;
    private Set<String> withoutPasses = Set.of();
    private @Nullable Path artifactKeyFile;
    private boolean anonymousCode;

    private Builder() {}

    /** What modules may use. */
    public Builder features(WasmFeatures value) {
      features = value;
      return this;
    }

    /** Bounds on modules. */
    public Builder limits(WasmLimits value) {
      limits = value;
      return this;
    }

    /** All choices that compiled code depends on at once. */
    public Builder tunables(Tunables value) {
      tunables = value;
      return this;
    }

    /** How traps are noticed. */
    public Builder traps(TrapMode value) {
      tunables = tunables.withTraps(value);
      return this;
    }

    /** How running guests are asked to leave. */
    public Builder preemption(PreemptionMode value) {
      tunables = tunables.withPreemption(value);
      return this;
    }

    /** Whether checked indexes are masked against speculation. */
    public Builder spectre(boolean value) {
      tunables = tunables.withSpectre(value);
      return this;
    }

    /** Whether guests consume fuel. */
    public Builder fuel(boolean value) {
      tunables = tunables.withFuel(value);
      return this;
    }

    /** Whether the optimizing passes run. */
    public Builder optimize(boolean value) {
      tunables = tunables.withOptimize(value);
      return this;
    }

    /** Whether relaxed vector instructions give the same results on every processor. */
    public Builder relaxedSimdDeterministic(boolean value) {
      tunables = tunables.withRelaxedSimdDeterministic(value);
      return this;
    }

    /** Whether NaNs that instructions make have one bit pattern. */
    public Builder nanCanonicalization(boolean value) {
      tunables = tunables.withNanCanonicalization(value);
      return this;
    }

    /** Inaccessible address space behind memories, bytes; a multiple of 64 KiB. */
    public Builder guardBytes(long value) {
      tunables = tunables.withGuardBytes(value);
      return this;
    }

    /** Address space of a memory with 64-bit indexes and so the most that it can grow to, bytes. */
    public Builder memory64ReservationBytes(long value) {
      tunables = tunables.withMemory64ReservationBytes(value);
      return this;
    }

    /** Processor features to compile for, instead of those of this machine. */
    public Builder isa(Set<IsaFeature> value) {
      EnumSet<IsaFeature> copy = EnumSet.noneOf(IsaFeature.class);
      copy.addAll(value);
      isa = copy;
      return this;
    }

    /** Stack that a guest may use, bytes. */
    public Builder stackBytes(long value) {
      stackBytes = value;
      return this;
    }

    /** Where linear memories come from. The engine does not close it. */
    public Builder memoryAllocator(MemoryAllocator value) {
      memoryAllocator = value;
      return this;
    }

    /** Where fibers' stacks come from. The engine does not close it. */
    public Builder stackAllocator(StackAllocator value) {
      stackAllocator = value;
      return this;
    }

    /**
     * What ends parked waits at shared memories in time: its threads only wake calls up. The engine
     * does not close it.
     */
    public Builder timers(ScheduledExecutorService value) {
      timers = value;
      return this;
    }

    /** Stores that may have a collected heap at once; each takes mappings of the process. */
    public Builder collectedHeaps(int value) {
      collectedHeaps = value;
      return this;
    }

    /** Most threads that one compilation uses. */
    public Builder compileThreads(int value) {
      compileThreads = value;
      return this;
    }

    /** Whether the compiler checks its own intermediate results: slow, for tests. */
    public Builder debugChecks(boolean value) {
      debugChecks = value;
      return this;
    }

    /**
     * Optimizations to leave out, by the names that {@code --print} takes, and {@code inlining}:
     * for tests that compare. Artifacts are loaded by engines with other ones.
     */
    public Builder withoutPasses(Set<String> names) {
      withoutPasses = Set.copyOf(names);
      return this;
    }

    /** The key file that artifacts are signed and checked with. */
    public Builder artifactKeyFile(Path value) {
      artifactKeyFile = value;
      return this;
    }

    /**
     * Whether code is copied to memory of its own instead of mapped from its artifact. perf has
     * names from a map for such memory only; each module takes its size.
     */
    public Builder anonymousCode(boolean value) {
      anonymousCode = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public EngineConfig build() {
      Objects.requireNonNull(features, "features");
      Objects.requireNonNull(limits, "limits");
      Objects.requireNonNull(tunables, "tunables");
      require(
          stackBytes >= MIN_STACK_BYTES && stackBytes <= MAX_STACK_BYTES,
          "stackBytes must be between 16 KiB and 256 MiB, not " + stackBytes);
      require(
          collectedHeaps >= 1 && collectedHeaps <= MOST_COLLECTED_HEAPS,
          "collectedHeaps must be between 1 and "
              + MOST_COLLECTED_HEAPS
              + ", not "
              + collectedHeaps);
      require(compileThreads >= 1, "compileThreads must be positive, not " + compileThreads);
      require(
          tunables.guardBytes() >= PAGE_BYTES && tunables.guardBytes() % PAGE_BYTES == 0,
          "guardBytes must be a positive multiple of 64 KiB, not " + tunables.guardBytes());
      require(
          tunables.memoryReservationBytes() >= PAGE_BYTES
              && tunables.memoryReservationBytes() % PAGE_BYTES == 0,
          "memoryReservationBytes must be a positive multiple of 64 KiB, not "
              + tunables.memoryReservationBytes());
      require(
          tunables.memory64ReservationBytes() >= PAGE_BYTES
              && tunables.memory64ReservationBytes() <= MAX_MEMORY64_BYTES
              && tunables.memory64ReservationBytes() % PAGE_BYTES == 0,
          "memory64ReservationBytes must be a multiple of 64 KiB up to 1 TiB, not "
              + tunables.memory64ReservationBytes());
      return new EngineConfig(this);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}

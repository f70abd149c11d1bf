package dev.troupe.actors.engine;

import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.actors.port.ModuleDescription.ExportedFunction;
import dev.troupe.actors.port.Opened;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.engine.Engine;
import dev.troupe.engine.ExportType;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.StoreLimits;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.ExhaustedException;
import dev.troupe.engine.runtime.GrowthGate;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A module of the engine, linked and ready to make instances. */
final class EngineModule implements LoadedModule {
  private final Engine engine;
  private final InstancePre<GuestSlot> linked;
  private final GuestWorlds worlds;
  private final WorkerCarriers carriers;
  private final EngineRuntime.Lines lines;
  private final ModuleDescription description;

  /** Places of the memories' line that an instance takes. */
  private final int memories;

  private final boolean usesHeap;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Whoever opens an instance just now, and one more until the module is closed. */
  private final AtomicInteger users = new AtomicInteger(1);

  private int live;
  private int mostLive;

  EngineModule(
      Engine engine,
      InstancePre<GuestSlot> linked,
      GuestWorlds worlds,
      WorkerCarriers carriers,
      EngineRuntime.Lines lines) {
    this.engine = engine;
    this.linked = linked;
    this.worlds = worlds;
    this.carriers = carriers;
    this.lines = lines;
    this.description = describe(linked.module(), worlds.importModule());
    this.memories = linked.module().memoriesPerInstance();
    this.usesHeap = linked.module().usesCollectedHeap();
  }

  private static ModuleDescription describe(Module module, String worldName) {
    List<ExportedFunction> functions = new ArrayList<>();
    boolean memory = false;
    for (ExportType export : module.exports()) {
      if (export.type() instanceof FuncType type) {
        functions.add(
            new ExportedFunction(
                export.name(),
                EngineValues.types(type.params()),
                EngineValues.types(type.results())));
      } else if (export.type() instanceof MemoryType && export.name().equals("memory")) {
        memory = true;
      }
    }
    boolean wasi = module.imports().stream().anyMatch(wanted -> wanted.module().equals(worldName));
    return new ModuleDescription(functions, memory, module.initialMemoryBytes(), wasi);
  }

  @Override
  public ModuleDescription description() {
    return description;
  }

  @Override
  public Opened open(MemoryGate memory, Claimant claimant, @Nullable CompletionStage<?> turn) {
    int places = lines.memories().places();
    if (memories > places) {
      return new Opened.Refused(
          "an instance has " + memories + " memories, and the server has " + places);
    }
    try {
      Opened.Full full = full(claimant, turn);
      if (full != null) {
        return full;
      }
      if (!tryUse()) {
        return new Opened.Gone();
      }
      try {
        return openInUse(memory, claimant);
      } finally {
        endUse();
      }
    } finally {
      if (turn != null) {
        lines.memories().served(turn);
        lines.heaps().served(turn);
      }
    }
  }

  /**
   * The line that a call has to join before it asks the allocators, or null. Whoever has his turn
   * in one line may have to wait in the other, and gives up his turn: nobody keeps a place that he
   * cannot use. While memories and heaps are both used up for long, who needs one of each may so
   * alternate until his deadline.
   */
  private Opened.@Nullable Full full(Claimant claimant, @Nullable CompletionStage<?> turn) {
    if (memories > 0 && mustWait(lines.memories(), turn)) {
      return waitFor(lines.memories(), claimant, memories);
    }
    if (usesHeap && mustWait(lines.heaps(), turn)) {
      return waitFor(lines.heaps(), claimant, 1);
    }
    return null;
  }

  private static boolean mustWait(PlaceLine line, @Nullable CompletionStage<?> turn) {
    return (turn == null || !line.isTurn(turn)) && line.mustWait();
  }

  private static Opened.Full waitFor(PlaceLine line, Claimant claimant, int places) {
    return new Opened.Full(line.join(claimant, places));
  }

  private Opened openInUse(MemoryGate memory, Claimant claimant) {
    Gate gate = new Gate(memory);
    GuestSlot slot = new GuestSlot();
    Store<GuestSlot> store = newStore(slot, gate);
    boolean opened = false;
    try {
      InstancePre.Prepared prepared = linked.prepare(store);
      EngineInstance instance =
          new EngineInstance(this, store, prepared, memory, claimant, takesWarmSlot());
      opened = true;
      return new Opened.Ready(instance);
    } catch (InstantiationException e) {
      // Now: whoever joins a line is called for what this attempt had.
      opened = true;
      store.close();
      GuestTrap trap = trapOf(e, gate);
      if (trap != null) {
        return new Opened.Ready(new TrappedInstance(trap));
      }
      gate.giveBackAll();
      return refused(claimant, e);
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  /** An instance that an allocator refused. */
  private Opened refused(Claimant claimant, InstantiationException refusal) {
    if (refusal.getCause() instanceof ExhaustedException exhausted) {
      return switch (exhausted.kind()) {
        case MEMORY -> waitFor(lines.memories(), claimant, memories);
        case COLLECTED_HEAP -> waitFor(lines.heaps(), claimant, 1);
        case STACK -> throw new IllegalStateException("an instance has no stack", refusal);
      };
    }
    return new Opened.Refused(String.valueOf(refusal.getMessage()));
  }

  /** The module's code stays as long as somebody opens an instance of it. */
  private boolean tryUse() {
    int before = users.get();
    while (before > 0) {
      if (users.compareAndSet(before, before + 1)) {
        return true;
      }
      before = users.get();
    }
    return false;
  }

  private void endUse() {
    if (users.decrementAndGet() == 0) {
      linked.module().close();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      endUse();
    }
  }

  private Store<GuestSlot> newStore(GuestSlot slot, Gate gate) {
    Store<GuestSlot> store =
        Store.create(engine, slot, StoreLimits.UNLIMITED.withTrapOnGrowthFailure(true));
    store.growthGate(gate);
    return store;
  }

  /** The trap that the instantiation came to, or null when a place is missing. */
  private static @Nullable GuestTrap trapOf(InstantiationException failure, Gate gate) {
    if (failure.getCause() instanceof TrapException trap) {
      return EngineValues.trap(trap);
    }
    if (gate.refused || !(failure.getCause() instanceof AllocationException)) {
      return new GuestTrap(
          gate.refused ? TrapReason.MEMORY_LIMIT : TrapReason.HOST_ERROR,
          String.valueOf(failure.getMessage()),
          List.of());
    }
    return null;
  }

  /**
   * Whether the allocator can have a slot that held this module before: as long as no more
   * instances live than ever lived at once.
   */
  private synchronized boolean takesWarmSlot() {
    live++;
    if (live <= mostLive) {
      return true;
    }
    mostLive = live;
    return false;
  }

  synchronized void instanceClosed() {
    live--;
  }

  GuestWorlds worlds() {
    return worlds;
  }

  WorkerCarriers carriers() {
    return carriers;
  }

  EngineRuntime.Lines lines() {
    return lines;
  }

  /** Passes the questions of one store on. */
  private static final class Gate implements GrowthGate {
    private final MemoryGate memory;
    private long grantedBytes;
    private boolean refused;

    Gate(MemoryGate memory) {
      this.memory = memory;
    }

    @Override
    public boolean tryGrow(long bytes) {
      if (!memory.tryGrow(bytes)) {
        refused = true;
        return false;
      }
      grantedBytes += bytes;
      return true;
    }

    @Override
    public void giveBack(long bytes) {
      grantedBytes -= bytes;
      memory.giveBack(bytes);
    }

    void giveBackAll() {
      memory.giveBack(grantedBytes);
      grantedBytes = 0;
    }
  }
}

package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GcRoots;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.ReferenceMap;
import dev.troupe.engine.runtime.VmStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the fibers of one store: plain calls on the caller's thread, and {@linkplain FiberRun runs}
 * in slices for schedulers. Used by one thread at a time.
 */
public final class StoreExecution implements AutoCloseable, GcRoots {
  private static final int DONE = ExitCode.DONE.ordinal();

  private static final class Blocking {
    static final Executor VIRTUAL_THREADS = Executors.newVirtualThreadPerTaskExecutor();
  }

  private final VmStore store;
  private final long context;
  private final Interruption interruption = new Interruption();
  private final ExitLoop exits;
  private @Nullable Executor blockingExecutor;

  /** A fiber whose call is over, kept for the next call. */
  private @Nullable Fiber idle;

  /** The fiber that the store context describes. */
  private @Nullable Fiber loaded;

  /** The fiber that is in guest code, or whose inline host function runs. */
  private @Nullable Fiber active;

  private @Nullable Carrier carrier;
  private int liveFibers;

  /** The blocking host function that has the store, on a thread of its own. */
  private @Nullable BlockingCall lent;

  /** The thread of a plain call's blocking host function, which has the store until it ends. */
  private @Nullable Thread holder;

  /** Those with a call that is not over. */
  private final List<Fiber> calls = new ArrayList<>();

  /** Runs with references among arguments or results, for as long as somebody has them. */
  private final Set<FiberRun> runs = Collections.newSetFromMap(new WeakHashMap<>());

  /** The execution of a new store. */
  public StoreExecution(VmStore store) {
    this.store = store;
    this.context = store.context();
    this.exits = new ExitLoop(this);
    store.collected().addRoots(this);
  }

  /** Whether no fiber stands where its references cannot be told. */
  @Override
  public boolean areKnown() {
    for (Fiber fiber : calls) {
      if (fiber.started && !fiber.atSafepoint) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void update(ReferenceMap map) {
    for (Fiber fiber : calls) {
      if (fiber.started) {
        fiber.update(map, fiber == loaded);
      }
    }
    for (FiberRun run : runs) {
      run.update(map);
    }
  }

  /** From now on the store is this body's, until it has ended. */
  void lend(BlockingCall body) {
    lent = body;
  }

  /** The body that has the store now, or null. */
  @Nullable BlockingCall lentTo() {
    BlockingCall body = lent;
    if (body != null && body.isOver()) {
      lent = null;
      return null;
    }
    return body;
  }

  /**
   * Makes the store the calling thread's, for a blocking host function of a plain call.
   *
   * @return whose it was, for {@link #giveBack}
   */
  @Nullable Thread hold() {
    Thread outer = holder;
    holder = Thread.currentThread();
    return outer;
  }

  /** The blocking host function has ended. */
  void giveBack(@Nullable Thread outer) {
    holder = outer;
  }

  /**
   * Refuses whoever may not call into the store now. Before anything is written: the value area is
   * part of the call that runs.
   *
   * @throws IllegalStateException while another call runs, or a blocking host function of another
   *     thread has the store
   */
  void requireFree() {
    if (active != null) {
      throw new IllegalStateException(
          "the store is running: an inline host function may not call the guest (make it"
              + " blocking), and a store is used by one thread at a time");
    }
    requireOwned();
  }

  /**
   * Refuses every thread but that of the blocking host function that has the store, if one has.
   *
   * @throws IllegalStateException when the store is another thread's
   */
  public void requireOwned() {
    if (holder != null || lent != null) {
      requireHolder();
    }
  }

  private void requireHolder() {
    BlockingCall body = lentTo();
    Thread thread = holder;
    boolean isOthers =
        thread == null ? body != null && !body.isHere() : !thread.equals(Thread.currentThread());
    if (isOthers) {
      throw new IllegalStateException(
          "the store belongs to a blocking host function on another thread until that has ended:"
              + " only that thread may call into it");
    }
  }

  /** Where a call's arguments go, for whoever may call now: see {@link #requireFree}. */
  public long values() {
    requireFree();
    return store.values();
  }

  /** A run that may hold references while it is not in guest code. */
  void remember(FiberRun run) {
    runs.add(run);
  }

  public VmStore store() {
    return store;
  }

  /** Deadline and cancellation of this store's calls. */
  public Interruption interruption() {
    return interruption;
  }

  /** Runs blocking host functions of sliced runs elsewhere than on virtual threads. */
  public void blockingExecutor(Executor executor) {
    blockingExecutor = executor;
  }

  Executor blockingExecutor() {
    Executor chosen = blockingExecutor;
    return chosen != null ? chosen : Blocking.VIRTUAL_THREADS;
  }

  /**
   * Calls a function on the calling thread, which waits for asynchronous host functions too. The
   * arguments are in the store's value area, and so are the results afterwards.
   *
   * @return null when it returned, or the trap
   */
  public @Nullable Trap call(CallTarget target) {
    Fiber fiber = start(target);
    active = fiber;
    boolean over = false;
    try {
      Trap trap;
      if (interruption.hasDeadline() || interruption.cancelReason() != null) {
        trap = callInterruptibly(fiber);
      } else {
        fiber.started = true;
        int exit = Entry.enter(context);
        boolean done = exit == DONE || exits.serve(fiber, exit, null) == FiberState.DONE;
        trap = done ? null : exits.trapOf(fiber);
      }
      over = true;
      return trap;
    } finally {
      if (!over) {
        exits.abandon(fiber);
      }
      end(fiber);
    }
  }

  /** A plain call is over. What runs meanwhile, against the rules, stays as it is. */
  @SuppressWarnings("ReferenceEquality") // a fiber is its identity
  private void end(Fiber fiber) {
    if (active == fiber) {
      active = null;
    }
    finish(fiber);
  }

  private @Nullable Trap callInterruptibly(Fiber fiber) {
    if (!Thread.currentThread().isVirtual()) {
      return callOnThisThread(fiber);
    }
    // A virtual thread has no kernel identity that a timer could signal.
    CompletableFuture<@Nullable Trap> result = new CompletableFuture<>();
    Thread helper =
        Thread.ofPlatform()
            .name("troupe-call")
            .unstarted(() -> result.completeAsync(() -> callOnThisThread(fiber), Runnable::run));
    helper.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  private @Nullable Trap callOnThisThread(Fiber fiber) {
    try (Carrier carrier = Carrier.attach(store.engine().tunables().preemption())) {
      FiberState state = exits.runToEnd(fiber, carrier);
      return state == FiberState.DONE ? null : exits.trapOf(fiber);
    }
  }

  /**
   * A fiber ready to run this function; the caller has put, or will put, the arguments in place.
   */
  Fiber start(CallTarget target) {
    requireFree();
    requireSound();
    Fiber fiber = idle;
    idle = null;
    if (fiber == null) {
      store.checkOpen();
      fiber = new Fiber(store, store.engine().stackAllocator().allocate());
      liveFibers++;
    }
    if (loaded != fiber) {
      unload();
      loaded = fiber;
      fiber.loadLimit();
    }
    fiber.begin(target);
    calls.add(fiber);
    return fiber;
  }

  /**
   * Refuses a store in which guest code stopped half-way.
   *
   * @throws IllegalStateException when it is poisoned
   */
  void requireSound() {
    if (store.isPoisoned()) {
      throw new IllegalStateException(
          "the store is poisoned: a call in it was stopped in the middle of guest code");
    }
  }

  /** Puts the fiber's registers into the store context. */
  void load(Fiber fiber) {
    if (loaded != fiber) {
      unload();
      loaded = fiber;
      fiber.load();
    }
  }

  private void unload() {
    Fiber before = loaded;
    if (before != null) {
      before.save();
    }
    loaded = null;
  }

  /** The fiber is over: keeps it for the next call, or releases its stack. */
  void finish(Fiber fiber) {
    calls.remove(fiber);
    fiber.slots().clear();
    PendingCall abandoned = fiber.pending;
    if (abandoned != null) {
      // Nobody waits for it any more. It has touched nothing since the fiber parked.
      boolean _ = abandoned.stage().toCompletableFuture().cancel(false);
    }
    fiber.pending = null;
    fiber.pendingFunction = null;
    if (fiber.preempted) {
      store.poison();
    }
    if (idle == null && !store.isClosed()) {
      idle = fiber;
      return;
    }
    if (loaded == fiber) {
      loaded = null;
    }
    liveFibers--;
    fiber.stack().close();
  }

  /** The fiber in guest code or in an inline host function. */
  @Nullable Fiber active() {
    return active;
  }

  void active(@Nullable Fiber fiber) {
    active = fiber;
  }

  /**
   * Guests of this store run on this carrier from now on, or on none that could ask them to leave.
   *
   * @return the carrier before
   */
  @Nullable Carrier runOn(@Nullable Carrier next) {
    Carrier before = carrier;
    carrier = next;
    interruption.runningOn(next);
    RawMemory.putLong(
        context + StoreContext.PREEMPT_FLAG, next == null ? store.quietFlag() : next.flag());
    return before;
  }

  /** The guest goes on although it was asked to leave. */
  void clearRequest() {
    RawMemory.putIntVolatile(RawMemory.getLong(context + StoreContext.PREEMPT_FLAG), 0);
  }

  ExitLoop exits() {
    return exits;
  }

  /** Fibers that exist, the idle one included. */
  public int liveFibers() {
    return liveFibers;
  }

  /** Gives the kept stack back: an idle store owns none. */
  public void trim() {
    Fiber fiber = idle;
    idle = null;
    if (fiber != null) {
      if (loaded == fiber) {
        loaded = null;
      }
      liveFibers--;
      fiber.stack().close();
    }
  }

  /**
   * Releases the kept stack. The store itself is closed by its owner.
   *
   * @throws IllegalStateException when a fiber is running or was not dropped
   */
  @Override
  public void close() {
    if (active != null) {
      throw new IllegalStateException("a fiber of the store is running");
    }
    trim();
    if (liveFibers != 0) {
      throw new IllegalStateException(liveFibers + " calls of the store are not finished");
    }
  }
}

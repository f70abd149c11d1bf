package dev.troupe.wasi;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.PollFd;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the process that waits for descriptors of the host, for all guests. It knows
 * numbers of descriptors and futures, and nothing of guests. Begins with the first wait.
 *
 * <p>The kernel is asked about each descriptor once, however many wait for it: it refuses to look
 * at more than the process may have open. Where it fails, nobody waits any longer, and the thread
 * sleeps until somebody wants to again: a failure that stays costs one system call for each wait.
 */
final class Poller {
  private static final class Shared {
    static final OnDemand POLLER =
        new OnDemand(
            FileCalls::openCounter,
            Thread.ofPlatform().daemon().name("troupe-wasi-poller").factory());
  }

  /** The shared one once it runs; a process that never waits does without {@link Shared}, too. */
  private static volatile @Nullable Poller begun;

  /** A poller from the first wait on. What the process lacks for it now it may have later. */
  static final class OnDemand {
    private final LongSupplier openCounter;
    private final ThreadFactory threads;
    private @Nullable Poller poller;

    /**
     * None yet.
     *
     * @param openCounter see {@link FileCalls#openCounter}
     * @param threads gives the thread that runs it
     */
    OnDemand(LongSupplier openCounter, ThreadFactory threads) {
      this.openCounter = openCounter;
      this.threads = threads;
    }

    /**
     * The one that runs.
     *
     * @throws WasiError when there is none and the process has no descriptor or no thread for one;
     *     the next call tries again
     */
    synchronized Poller get() {
      Poller known = poller;
      if (known == null) {
        int counter = (int) WasiError.checkHost(openCounter.getAsLong());
        known = new Poller(FileCalls::poll, counter);
        try {
          threads.newThread(known::run).start();
        } catch (OutOfMemoryError noThread) {
          long _ = FileCalls.close(counter);
          throw WasiError.of(WasiErrno.NOMEM);
        }
        poller = known;
      }
      return known;
    }
  }

  /** What the kernel does: see {@link FileCalls#poll}. */
  @FunctionalInterface
  interface Kernel {
    long poll(long polls, int count, long timeout);
  }

  /**
   * Completes with true when the descriptor is ready or is closed, with false when nobody knows.
   */
  private final class Wait extends CompletableFuture<Boolean> {
    private final int descriptor;
    private final int events;

    Wait(int descriptor, int events) {
      this.descriptor = descriptor;
      this.events = events;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      // The poller finds out when it wakes the next time.
      forget(this);
      return super.cancel(mayInterrupt);
    }
  }

  /** By descriptor: never an empty set. */
  private final Map<Integer, Set<Wait>> waits = new LinkedHashMap<>();

  private final Kernel kernel;
  private final int wakeUps;

  /** Whether the counter was raised since the poller last looked at the waits. */
  private boolean woken;

  /**
   * A poller whose thread is yet to {@link #run}.
   *
   * @param counter of {@link FileCalls#openCounter}, from now on the poller's
   */
  Poller(Kernel kernel, int counter) {
    this.kernel = kernel;
    this.wakeUps = counter;
  }

  /**
   * The process's one.
   *
   * @throws WasiError when it cannot begin now
   */
  static Poller shared() {
    Poller known = begun;
    if (known == null) {
      known = Shared.POLLER.get();
      begun = known;
    }
    return known;
  }

  /**
   * Waits for a descriptor.
   *
   * @param events of {@link PollFd}
   */
  CompletableFuture<Boolean> await(int descriptor, int events) {
    Wait wait = new Wait(descriptor, events);
    synchronized (this) {
      boolean _ = waits.computeIfAbsent(descriptor, _ -> new LinkedHashSet<>()).add(wait);
      wakeUp();
    }
    return wait;
  }

  private synchronized void forget(Wait wait) {
    Set<Wait> same = waits.get(wait.descriptor);
    if (same != null && same.remove(wait) && same.isEmpty()) {
      waits.remove(wait.descriptor);
    }
  }

  /** A descriptor is about to be closed: who waits for it goes on, and finds out. */
  static void closing(int descriptor) {
    Poller known = begun;
    if (known != null) {
      known.forget(descriptor);
    }
  }

  /** The kernel holds open what it looks at, so it has to look away. */
  private void forget(int descriptor) {
    Set<Wait> gone;
    synchronized (this) {
      gone = waits.remove(descriptor);
      if (gone == null) {
        return;
      }
      wakeUp();
    }
    complete(gone, true);
  }

  /** Waits now. */
  synchronized int waiting() {
    return waits.values().stream().mapToInt(Set::size).sum();
  }

  /** With the lock. */
  private void wakeUp() {
    notifyAll();
    if (!woken) {
      woken = true;
      FileCalls.count(wakeUps);
    }
  }

  private static void complete(Iterable<Wait> ended, boolean ready) {
    for (Wait wait : ended) {
      boolean _ = wait.complete(ready);
    }
  }

  // ---------------------------------------------------------------- the thread

  /** Serves waits until it is interrupted. */
  void run() {
    try {
      while (true) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // it is told to run, and it ends
  private void look() throws InterruptedException {
    try {
      poll(watched());
    } catch (RuntimeException | OutOfMemoryError e) {
      fail();
    }
  }

  /** A descriptor, and what those who wait for it want. */
  private record Watched(int descriptor, int events) {}

  private synchronized List<Watched> watched() throws InterruptedException {
    while (waits.isEmpty()) {
      wait();
    }
    List<Watched> watched = new ArrayList<>(waits.size());
    waits.forEach((descriptor, all) -> {
      int events = 0;
      for (Wait wait : all) {
        events |= wait.events;
      }
      watched.add(new Watched(descriptor, events));
    });
    return watched;
  }

  /** Sleeps until one is ready, or somebody has something new, and tells who waits. */
  private void poll(List<Watched> watched) {
    try (Arena arena = Arena.ofConfined()) {
      long polls = arena.allocate((watched.size() + 1L) * PollFd.BYTES, 8).address();
      PollFd.put(polls, wakeUps, PollFd.IN);
      for (int i = 0; i < watched.size(); i++) {
        Watched one = watched.get(i);
        PollFd.put(polls + (i + 1L) * PollFd.BYTES, one.descriptor(), one.events());
      }
      long result = kernel.poll(polls, watched.size() + 1, 0);
      if (result == -Errno.EINTR) {
        return;
      }
      if (result < 0) {
        fail();
        return;
      }
      List<Wait> ready = new ArrayList<>();
      synchronized (this) {
        beAwake();
        for (int i = 0; i < watched.size(); i++) {
          int found = PollFd.found(polls + (i + 1L) * PollFd.BYTES);
          takeReady(watched.get(i).descriptor(), found, ready);
        }
      }
      complete(ready, true);
    }
  }

  /** With the lock: the counter and what it stands for change together. */
  private void beAwake() {
    if (woken) {
      woken = false;
      try (Arena arena = Arena.ofConfined()) {
        long count = arena.allocate(Long.BYTES, 8).address();
        long _ = FileCalls.read(wakeUps, count, Long.BYTES);
      }
    }
  }

  /** With the lock: takes out those who wanted what was found; errors are for all. */
  private void takeReady(int descriptor, int found, List<Wait> ready) {
    Set<Wait> all = waits.get(descriptor);
    if (found == 0 || all == null) {
      return;
    }
    for (Wait wait : List.copyOf(all)) {
      if ((found & PollFd.answering(wait.events)) != 0) {
        boolean _ = all.remove(wait);
        ready.add(wait);
      }
    }
    if (all.isEmpty()) {
      waits.remove(descriptor);
    }
  }

  private void fail() {
    List<Wait> all = new ArrayList<>();
    synchronized (this) {
      waits.values().forEach(all::addAll);
      waits.clear();
    }
    complete(all, false);
  }
}

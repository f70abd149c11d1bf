package dev.troupe.wasi;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.PollFd;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One thread of the process that waits for descriptors of the host, for all guests. It knows
 * numbers of descriptors and futures, and nothing of guests. Begins with the first wait.
 */
final class Poller {
  private static final class Shared {
    static final Poller POLLER = new Poller();
  }

  private static volatile boolean begun;

  /** Completes when the descriptor is ready, or is closed. */
  private final class Wait extends CompletableFuture<Boolean> {
    private final int descriptor;
    private final int events;

    Wait(int descriptor, int events) {
      this.descriptor = descriptor;
      this.events = events;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // this one and no other
    public boolean cancel(boolean mayInterrupt) {
      synchronized (Poller.this) {
        // The poller finds out when it wakes the next time.
        boolean _ = waits.removeIf(wait -> wait == this);
      }
      return super.cancel(mayInterrupt);
    }
  }

  private final List<Wait> waits = new ArrayList<>();
  private final int wakeUps = (int) FileCalls.openCounter();

  private Poller() {
    if (wakeUps < 0) {
      throw new IllegalStateException("eventfd2: " + Errno.describe(-wakeUps));
    }
    begun = true;
    Thread _ = Thread.ofPlatform().daemon().name("troupe-wasi-poller").start(this::run);
  }

  /** The process's one. */
  static Poller shared() {
    return Shared.POLLER;
  }

  /**
   * Waits for a descriptor.
   *
   * @param events of {@link PollFd}
   */
  CompletableFuture<Boolean> await(int descriptor, int events) {
    Wait wait = new Wait(descriptor, events);
    synchronized (this) {
      waits.add(wait);
    }
    wakeUp();
    return wait;
  }

  /** A descriptor is about to be closed: who waits for it goes on, and finds out. */
  static void closing(int descriptor) {
    if (begun) {
      shared().forget(descriptor);
    }
  }

  private void forget(int descriptor) {
    List<Wait> woken = new ArrayList<>();
    synchronized (this) {
      boolean _ = waits.removeIf(wait -> wait.descriptor == descriptor && woken.add(wait));
    }
    complete(woken);
  }

  /** Waits now. */
  synchronized int waiting() {
    return waits.size();
  }

  private void wakeUp() {
    FileCalls.count(wakeUps);
  }

  private static void complete(List<Wait> woken) {
    for (Wait wait : woken) {
      boolean _ = wait.complete(Boolean.TRUE);
    }
  }

  private void run() {
    while (true) {
      List<Wait> looked;
      synchronized (this) {
        looked = List.copyOf(waits);
      }
      complete(poll(looked));
    }
  }

  /** Sleeps until one is ready, or somebody has something new: those that are ready. */
  private List<Wait> poll(List<Wait> looked) {
    List<Wait> ready = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      long polls = arena.allocate((looked.size() + 1L) * PollFd.BYTES, 8).address();
      PollFd.put(polls, wakeUps, PollFd.IN);
      for (int i = 0; i < looked.size(); i++) {
        PollFd.put(polls + (i + 1L) * PollFd.BYTES, looked.get(i).descriptor, looked.get(i).events);
      }
      long result = FileCalls.poll(polls, looked.size() + 1, 0);
      if (result <= 0) {
        return ready;
      }
      if (PollFd.found(polls) != 0) {
        long count = arena.allocate(Long.BYTES, 8).address();
        long _ = FileCalls.read(wakeUps, count, Long.BYTES);
      }
      synchronized (this) {
        for (int i = 0; i < looked.size(); i++) {
          if (PollFd.found(polls + (i + 1L) * PollFd.BYTES) != 0 && waits.remove(looked.get(i))) {
            ready.add(looked.get(i));
          }
        }
      }
    }
    return ready;
  }
}

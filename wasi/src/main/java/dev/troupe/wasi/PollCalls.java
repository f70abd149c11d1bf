package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.PollFd;
import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code poll_oneoff}: waits for the first of several clocks and descriptors. It keeps
 * what the guest asked for, looks, and looks again when something may have happened; between two
 * looks the guest is parked and nothing of it is touched.
 *
 * <pre>
 *  subscription  0 userdata | 8 kind | 16 clock id or descriptor | 24 time | 32 precision | 40 flags
 *  event         0 userdata | 8 errno | 10 kind | 16 bytes | 24 flags
 * </pre>
 */
final class PollCalls {
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int TIMESPEC_BYTES = 16;

  /** More than a guest has descriptors and clocks; bounds what one call costs. */
  private static final int MOST_SUBSCRIPTIONS = 4096;

  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSOLUTE = 1;
  private static final int HANGUP = 1;

  private static final long NEVER = Long.MAX_VALUE;

  /**
   * What the guest asked for once; a copy, because events may lie over it.
   *
   * @param ringsAtNanos when its clock rings, by the monotonic clock; {@link #NEVER} without
   * @param errno the error that it ends with at once, or 0
   */
  private record Subscription(long userdata, int kind, int fd, long ringsAtNanos, int errno) {}

  private final List<Subscription> subscriptions = new ArrayList<>();

  /** Of a clock that does not go by itself: what passes in the wait that has begun. */
  private long passingNanos;

  private @Nullable CompletableFuture<Boolean> timer;

  /** Reads (subscriptions, events, count, events that happened). */
  PollCalls(WasiContext context, GuestMemory memory, HostCall call) {
    int count = call.i32(2);
    if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long given = memory.address(call.i32(0), (long) count * SUBSCRIPTION_BYTES);
    long _ = memory.address(call.i32(1), (long) count * EVENT_BYTES);
    long _ = memory.address(call.i32(3), Integer.BYTES);
    for (int i = 0; i < count; i++) {
      subscriptions.add(read(context, given + (long) i * SUBSCRIPTION_BYTES));
    }
  }

  private static Subscription read(WasiContext context, long address) {
    long userdata = RawMemory.getLong(address);
    int kind = RawMemory.getByte(address + 8);
    int fd = RawMemory.getInt(address + 16);
    int errno = WasiErrno.SUCCESS;
    long rings = NEVER;
    try {
      switch (kind) {
        case CLOCK -> rings = ringsAt(context, address);
        case FD_READ -> require(context, fd, Rights.FD_READ);
        case FD_WRITE -> require(context, fd, Rights.FD_WRITE);
        default -> errno = WasiErrno.INVAL;
      }
    } catch (WasiError e) {
      errno = e.errno();
    }
    return new Subscription(userdata, kind, fd, rings, errno);
  }

  private static long ringsAt(WasiContext context, long subscription) {
    int clock = Clocks.checked(RawMemory.getInt(subscription + 16));
    long time = RawMemory.getLong(subscription + 24);
    boolean absolute = (RawMemory.getShort(subscription + 40) & ABSOLUTE) != 0;
    long left = time < 0 ? NEVER : time;
    if (absolute && left != NEVER) {
      left = Math.max(0, left - context.clock().nanos(clock));
    }
    long now = context.clock().nanos(WasiClock.MONOTONIC);
    return left >= NEVER - now ? NEVER - 1 : now + left;
  }

  private static void require(WasiContext context, int fd, long right) {
    if ((context.descriptors().get(fd).base() & (right | Rights.POLL_FD_READWRITE)) == 0) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
  }

  /**
   * Looks at everything once.
   *
   * @return null when something has happened and the guest has been told, else what to wait for
   */
  @Nullable CompletableFuture<Boolean> look(
      WasiContext context, GuestMemory memory, HostCall call) {
    long events = memory.address(call.i32(1), (long) subscriptions.size() * EVENT_BYTES);
    long result = memory.address(call.i32(3), Integer.BYTES);
    endTimer(context);
    int[] found = hostEvents(context);
    int count = report(context, events, found);
    if (count == 0 && !waitsForDescriptors() && context.clock().pass(nanosToFirstRing(context))) {
      count = report(context, events, found);
    }
    if (count == 0) {
      return wait(context);
    }
    RawMemory.putInt(result, count);
    return null;
  }

  /**
   * After a wait for descriptors, a clock that does not go by itself shows the time of the wait.
   */
  private void endTimer(WasiContext context) {
    CompletableFuture<Boolean> ended = timer;
    timer = null;
    if (ended != null && ended.isDone() && !ended.isCancelled()) {
      boolean _ = context.clock().pass(passingNanos);
    }
  }

  private boolean waitsForDescriptors() {
    return subscriptions.stream().anyMatch(wanted -> wanted.kind() != CLOCK);
  }

  private long nanosToFirstRing(WasiContext context) {
    long first = NEVER;
    for (Subscription wanted : subscriptions) {
      first = Math.min(first, wanted.ringsAtNanos());
    }
    return first == NEVER ? NEVER : Math.max(0, first - context.clock().nanos(WasiClock.MONOTONIC));
  }

  /** By subscription: what the kernel says about its descriptor now; 0 for others. */
  private int[] hostEvents(WasiContext context) {
    int[] found = new int[subscriptions.size()];
    // The kernel looks at no more descriptors than a process may have open: at each of them once.
    Map<Integer, Integer> asked = new LinkedHashMap<>();
    for (Subscription wanted : subscriptions) {
      int descriptor = hostDescriptor(context, wanted);
      if (descriptor != Descriptor.NO_HOST) {
        var _ = asked.merge(descriptor, events(wanted), (one, other) -> one | other);
      }
    }
    if (asked.isEmpty()) {
      return found;
    }
    Map<Integer, Integer> answers = poll(asked);
    for (int i = 0; i < found.length; i++) {
      Subscription wanted = subscriptions.get(i);
      int answer = answers.getOrDefault(hostDescriptor(context, wanted), 0);
      found[i] = answer & PollFd.answering(events(wanted));
    }
    return found;
  }

  private static int events(Subscription wanted) {
    return wanted.kind() == FD_READ ? PollFd.IN : PollFd.OUT;
  }

  /** Asks for the events of descriptors: those that are there now. */
  private static Map<Integer, Integer> poll(Map<Integer, Integer> asked) {
    int count = asked.size();
    try (Arena arena = Arena.ofConfined()) {
      long polls =
          arena.allocate((long) count * PollFd.BYTES + TIMESPEC_BYTES, PollFd.BYTES).address();
      long at = polls;
      for (Map.Entry<Integer, Integer> one : asked.entrySet()) {
        PollFd.put(at, one.getKey(), one.getValue());
        at += PollFd.BYTES;
      }
      long result;
      do {
        result = FileCalls.poll(polls, count, at);
      } while (result == -Errno.EINTR);
      WasiError.checkHost(result);
      Map<Integer, Integer> answers = new HashMap<>();
      for (long one = polls; one < at; one += PollFd.BYTES) {
        var _ = answers.put(RawMemory.getInt(one), PollFd.found(one));
      }
      return answers;
    }
  }

  private static int hostDescriptor(WasiContext context, Subscription wanted) {
    Descriptor descriptor = descriptor(context, wanted);
    return descriptor == null ? Descriptor.NO_HOST : descriptor.pollable();
  }

  /** What a subscription waits for; null for a clock, an error, or what was closed meanwhile. */
  private static @Nullable Descriptor descriptor(WasiContext context, Subscription wanted) {
    return wanted.kind() == CLOCK || wanted.errno() != 0
        ? null
        : context.descriptors().find(wanted.fd());
  }

  // ---------------------------------------------------------------- telling

  private int report(WasiContext context, long events, int[] found) {
    long now = context.clock().nanos(WasiClock.MONOTONIC);
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      Subscription wanted = subscriptions.get(i);
      long event = events + (long) count * EVENT_BYTES;
      if (wanted.errno() != 0) {
        put(event, wanted, wanted.errno(), 0, 0);
      } else if (wanted.kind() == CLOCK) {
        if (wanted.ringsAtNanos() > now) {
          continue;
        }
        put(event, wanted, 0, 0, 0);
      } else if (!ready(context, event, wanted, found[i])) {
        continue;
      }
      count++;
    }
    return count;
  }

  private static boolean ready(WasiContext context, long event, Subscription wanted, int found) {
    Descriptor descriptor = descriptor(context, wanted);
    if (descriptor == null) {
      put(event, wanted, WasiErrno.BADF, 0, 0);
      return true;
    }
    boolean reading = wanted.kind() == FD_READ;
    boolean host = descriptor.pollable() != Descriptor.NO_HOST;
    if (host ? found == 0 : !descriptor.isReady(reading)) {
      return false;
    }
    boolean failed = (found & PollFd.ERROR) != 0 && (found & (PollFd.IN | PollFd.OUT)) == 0;
    int flags = (found & PollFd.HANGUP) != 0 ? HANGUP : 0;
    long bytes = reading ? descriptor.readable() : 0;
    put(event, wanted, failed ? WasiErrno.IO : 0, bytes, flags);
    return true;
  }

  private static void put(long event, Subscription wanted, int errno, long bytes, int flags) {
    RawMemory.fill(event, EVENT_BYTES, (byte) 0);
    RawMemory.putLong(event, wanted.userdata());
    RawMemory.putShort(event + 8, (short) errno);
    RawMemory.putByte(event + 10, (byte) wanted.kind());
    RawMemory.putLong(event + 16, bytes);
    RawMemory.putShort(event + 24, (short) flags);
  }

  // ---------------------------------------------------------------- waiting

  /** A descriptor, and what is waited for. */
  private record Awaited(Descriptor descriptor, boolean reading) {}

  /** Completes when the first of all of them may have happened; cancelling it ends all waits. */
  private CompletableFuture<Boolean> wait(WasiContext context) {
    Set<Awaited> awaited = new LinkedHashSet<>();
    for (Subscription wanted : subscriptions) {
      Descriptor descriptor = descriptor(context, wanted);
      if (descriptor != null) {
        boolean _ = awaited.add(new Awaited(descriptor, wanted.kind() == FD_READ));
      }
    }
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    try {
      for (Awaited one : awaited) {
        parts.add(one.descriptor().whenReady(one.reading()));
      }
    } catch (WasiError e) {
      cancel(parts);
      throw e;
    }
    long nanos = nanosToFirstRing(context);
    if (nanos != NEVER) {
      CompletableFuture<Boolean> ring = new CompletableFuture<>();
      timer = ring;
      passingNanos = nanos;
      parts.add(ring.completeOnTimeout(Boolean.TRUE, nanos, TimeUnit.NANOSECONDS));
    }
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    for (CompletableFuture<Boolean> part : parts) {
      var _ = part.whenComplete((ready, _) -> first.complete(!Boolean.FALSE.equals(ready)));
    }
    var _ = first.whenComplete((_, _) -> cancel(parts));
    return first;
  }

  private static void cancel(List<CompletableFuture<Boolean>> waits) {
    for (CompletableFuture<Boolean> wait : waits) {
      boolean _ = wait.cancel(false);
    }
  }
}

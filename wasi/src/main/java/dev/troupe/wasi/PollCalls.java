package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.Arena;

/**
 * {@code poll_oneoff}: waits for the first of several clocks and descriptors.
 *
 * <pre>
 *  subscription  0 userdata | 8 kind | 16 clock id or descriptor | 24 time | 32 precision | 40 flags
 *  event         0 userdata | 8 errno | 10 kind | 16 bytes | 24 flags
 *  pollfd        0 descriptor | 4 wanted | 6 found
 * </pre>
 */
final class PollCalls {
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int POLLFD_BYTES = 8;
  private static final int TIMESPEC_BYTES = 16;

  /** More than a guest has descriptors and clocks; bounds what one call costs. */
  private static final int MOST_SUBSCRIPTIONS = 4096;

  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSOLUTE = 1;
  private static final int HANGUP = 1;

  private static final int POLLIN = 1;
  private static final int POLLOUT = 4;
  private static final int POLLERR = 8;
  private static final int POLLHUP = 16;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final WasiContext context;
  private final long subscriptions;
  private final long events;
  private final int count;
  private final long polls;
  private final long timeout;

  /** By subscription: when its clock rings, by the monotonic clock; {@link #NEVER} without. */
  private final long[] ringsAtNanos;

  /** By subscription: the error that it ends with at once, or 0. */
  private final int[] errors;

  private int eventCount;

  private PollCalls(
      WasiContext context, long subscriptions, long events, int count, long polls, long timeout) {
    this.context = context;
    this.subscriptions = subscriptions;
    this.events = events;
    this.count = count;
    this.polls = polls;
    this.timeout = timeout;
    this.ringsAtNanos = new long[count];
    this.errors = new int[count];
  }

  /** (subscriptions, events, count, events that happened). */
  static void pollOneoff(WasiContext context, GuestMemory memory, HostCall call) {
    int count = call.i32(2);
    if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long given = memory.address(call.i32(0), (long) count * SUBSCRIPTION_BYTES);
    long events = memory.address(call.i32(1), (long) count * EVENT_BYTES);
    long result = memory.address(call.i32(3), Integer.BYTES);
    try (Arena arena = Arena.ofConfined()) {
      // Events may lie over the subscriptions.
      long subscriptions = arena.allocate((long) count * SUBSCRIPTION_BYTES, 8).address();
      RawMemory.copy(subscriptions, given, (long) count * SUBSCRIPTION_BYTES);
      long polls = arena.allocate((long) count * POLLFD_BYTES + TIMESPEC_BYTES, 8).address();
      long timeout = polls + (long) count * POLLFD_BYTES;
      PollCalls poll = new PollCalls(context, subscriptions, events, count, polls, timeout);
      RawMemory.putInt(result, poll.run());
    }
  }

  private int run() {
    int waits = 0;
    boolean now = false;
    for (int i = 0; i < count; i++) {
      int poll = prepare(i);
      RawMemory.putInt(polls + (long) i * POLLFD_BYTES, poll);
      waits += poll >= 0 ? 1 : 0;
      now |= errors[i] != 0 || kind(i) != CLOCK && poll < 0;
    }
    while (true) {
      long waitNanos = now ? 0 : nanosToFirstRing();
      boolean found = waits > 0 ? pollHost(waitNanos) : sleep(waitNanos);
      report(found);
      if (eventCount > 0) {
        return eventCount;
      }
    }
  }

  private int kind(int index) {
    return RawMemory.getByte(subscriptions + (long) index * SUBSCRIPTION_BYTES + 8);
  }

  /** Looks at one subscription: the descriptor of the host to wait for, or a negative number. */
  private int prepare(int index) {
    long subscription = subscriptions + (long) index * SUBSCRIPTION_BYTES;
    ringsAtNanos[index] = NEVER;
    try {
      return switch (kind(index)) {
        case CLOCK -> {
          ringsAtNanos[index] = ringsAt(subscription);
          yield Descriptor.ALWAYS_READY;
        }
        case FD_READ -> wanted(index, subscription, Rights.FD_READ, POLLIN);
        case FD_WRITE -> wanted(index, subscription, Rights.FD_WRITE, POLLOUT);
        default -> throw WasiError.of(WasiErrno.INVAL);
      };
    } catch (WasiError e) {
      errors[index] = e.errno();
      return Descriptor.ALWAYS_READY;
    }
  }

  private long ringsAt(long subscription) {
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

  private int wanted(int index, long subscription, long right, int events) {
    Descriptor descriptor = context.descriptors().get(RawMemory.getInt(subscription + 16));
    if ((descriptor.base() & (right | Rights.POLL_FD_READWRITE)) == 0) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
    RawMemory.putShort(polls + (long) index * POLLFD_BYTES + 4, (short) events);
    return descriptor.pollable();
  }

  private long nanosToFirstRing() {
    long first = NEVER;
    for (long rings : ringsAtNanos) {
      first = Math.min(first, rings);
    }
    if (first == NEVER) {
      return NEVER;
    }
    long now = context.clock().nanos(WasiClock.MONOTONIC);
    return Math.max(0, first - now);
  }

  private boolean sleep(long nanos) {
    if (nanos > 0) {
      context.clock().sleep(nanos);
      if (Thread.interrupted()) {
        // By the embedder, who has the thread.
        Thread.currentThread().interrupt();
        throw WasiError.of(WasiErrno.INTR);
      }
    }
    return false;
  }

  /** Whether one of the host's descriptors is ready. */
  private boolean pollHost(long nanos) {
    RawMemory.putLong(timeout, nanos / NANOS_PER_SECOND);
    RawMemory.putLong(timeout + 8, nanos % NANOS_PER_SECOND);
    long result = FileCalls.poll(polls, count, nanos == NEVER ? 0 : timeout);
    if (result == -Errno.EINTR) {
      return false;
    }
    if (WasiError.checkHost(result) > 0) {
      return true;
    }
    context.clock().waited(nanos);
    return false;
  }

  private void report(boolean hostReady) {
    long now = context.clock().nanos(WasiClock.MONOTONIC);
    for (int i = 0; i < count; i++) {
      long poll = polls + (long) i * POLLFD_BYTES;
      boolean always = RawMemory.getInt(poll) < 0;
      int found = hostReady && !always ? RawMemory.getShort(poll + 6) : 0;
      if (errors[i] != 0) {
        event(i, errors[i], 0, 0);
      } else if (kind(i) == CLOCK) {
        if (ringsAtNanos[i] <= now) {
          event(i, 0, 0, 0);
        }
      } else if (always || found != 0) {
        ready(i, found);
      }
    }
  }

  private void ready(int index, int found) {
    int fd = RawMemory.getInt(subscriptions + (long) index * SUBSCRIPTION_BYTES + 16);
    long bytes = kind(index) == FD_READ ? context.descriptors().get(fd).readable() : 0;
    boolean failed = (found & POLLERR) != 0 && (found & (POLLIN | POLLOUT)) == 0;
    event(index, failed ? WasiErrno.IO : 0, bytes, (found & POLLHUP) != 0 ? HANGUP : 0);
  }

  private void event(int index, int errno, long bytes, int flags) {
    long event = events + (long) eventCount * EVENT_BYTES;
    RawMemory.fill(event, EVENT_BYTES, (byte) 0);
    RawMemory.putLong(event, RawMemory.getLong(subscriptions + (long) index * SUBSCRIPTION_BYTES));
    RawMemory.putShort(event + 8, (short) errno);
    RawMemory.putByte(event + 10, (byte) kind(index));
    RawMemory.putLong(event + 16, bytes);
    RawMemory.putShort(event + 24, (short) flags);
    eventCount++;
  }
}

package dev.troupe.gateway.server;

import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.GuestLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what programs write to their standard error into the server's log, too, where it also is
 * when nobody took the answer: a line for each call, with tenant, function and the number that the
 * answer has. Bounded for each call and for each tenant, by bytes, lines and places in the queue; a
 * tenant that says too much is left out, not others. Who answers a call never waits for the log: a
 * thread of its own writes it.
 */
final class ProgramLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramLog.class);
  private static final int MOST_WAITING = 256;

  /** Of one tenant: whoever is quick leaves room for others while the log is slow. */
  private static final int MOST_WAITING_OF_TENANT = 32;

  /** What a line costs a tenant besides its text: time, name, number. */
  static final int LINE_BYTES = 128;

  private static final int MOST_TENANTS = 1024;
  private static final Duration LONGEST_LINE = Duration.ofSeconds(10);
  private static final double NANOS_PER_SECOND = 1e9;

  /** A line that waits to be written. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(Allowance of, String function, String id, byte[] text, boolean truncated) {}

  /** What a tenant may still say, at one time, and its lines that wait. */
  private static final class Allowance {
    double bytes;
    long atNanos;
    int waiting;
  }

  private final ProgramLogSettings settings;
  private final LongSupplier nanoClock;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong nextId = new AtomicLong();
  private final String prefix = UUID.randomUUID().toString().substring(0, 8);
  private final Thread writer;

  /** By tenant, the one that spoke last at the end; guarded by itself. */
  private final Map<String, Allowance> allowances =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Allowance> eldest) {
          return size() > MOST_TENANTS;
        }
      };

  /** A log whose thread runs until {@link #close}. */
  ProgramLog(ProgramLogSettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.writer = Thread.ofPlatform().name("troupe-program-log").daemon().unstarted(this::write);
    if (settings.enabled()) {
      writer.start();
    }
  }

  /**
   * Takes what a call has said, if it has said anything. Never blocks.
   *
   * @return the number that stands in the log; empty when nothing does
   */
  String take(CallableName name, CallAnswer answer) {
    if (!settings.enabled()) {
      return "";
    }
    GuestLog log = logOf(answer);
    int length = Math.min(log.bytes().length, settings.bytesPerCall());
    if (length == 0) {
      return "";
    }
    String id = prefix + "-" + nextId.incrementAndGet();
    String function = name.tenant() + "/" + name.functionId();
    boolean truncated = log.truncated() || length < log.bytes().length;
    if (offer(name.tenant(), function, id, Arrays.copyOf(log.bytes(), length), truncated)) {
      return id;
    }
    var _ = leftOut.incrementAndGet();
    return "";
  }

  private static GuestLog logOf(CallAnswer answer) {
    CallStats stats =
        switch (answer) {
          case CallAnswer.Returned returned -> returned.stats();
          case CallAnswer.Trapped trapped -> trapped.stats();
          case CallAnswer.Refused _,
              CallAnswer.NotFound _,
              CallAnswer.Invalid _,
              CallAnswer.TooLate _,
              CallAnswer.Cancelled _,
              CallAnswer.Unavailable _,
              CallAnswer.Failed _ ->
              null;
        };
    return stats == null ? GuestLog.EMPTY : stats.log();
  }

  /** Charges a line that found a place; one that did not costs nothing. */
  private boolean offer(String tenant, String function, String id, byte[] text, boolean truncated) {
    int cost = text.length + LINE_BYTES;
    synchronized (allowances) {
      Allowance of = allowance(tenant);
      if (of.bytes < cost
          || of.waiting >= MOST_WAITING_OF_TENANT
          || !waiting.offer(new Entry(of, function, id, text, truncated))) {
        return false;
      }
      of.bytes -= cost;
      of.waiting++;
      return true;
    }
  }

  /** As of now; with the lock. */
  private Allowance allowance(String tenant) {
    long now = nanoClock.getAsLong();
    double most = Math.max(settings.bytesPerSecond(), settings.bytesPerCall() + LINE_BYTES);
    Allowance left = allowances.get(tenant);
    if (left == null) {
      left = new Allowance();
      left.bytes = most;
      left.atNanos = now;
      var _ = allowances.put(tenant, left);
    }
    double gained = (now - left.atNanos) / NANOS_PER_SECOND * settings.bytesPerSecond();
    left.bytes = Math.min(most, left.bytes + gained);
    left.atNanos = now;
    return left;
  }

  /** On the thread of its own. */
  private void write() {
    try {
      while (true) {
        Entry entry = waiting.take();
        synchronized (allowances) {
          entry.of().waiting--;
        }
        LOG.info(
            "{} call {}: {}{}",
            entry.function(),
            entry.id(),
            printable(entry.text(), entry.text().length),
            entry.truncated() ? " ..." : "");
        long lost = leftOut.getAndSet(0);
        if (lost > 0) {
          LOG.info("logs of {} calls were left out: their tenants say too much", lost);
        }
      }
    } catch (InterruptedException closed) {
      // The server ends.
      Thread.currentThread().interrupt();
    }
  }

  /** One line, whatever the guest wrote: it must not write lines of ours, nor steer terminals. */
  static String printable(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8).stripTrailing();
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (point == '\n') {
            line.append("\\n");
          } else if (point == '\\') {
            line.append("\\\\");
          } else if (isPrintable(point)) {
            line.appendCodePoint(point);
          } else {
            line.append(String.format("\\u{%x}", point));
          }
        });
    return line.toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** Ends the thread; what still waits is not written, and after this nothing is. */
  @Override
  public void close() {
    writer.interrupt();
    try {
      boolean _ = !settings.enabled() || writer.join(LONGEST_LINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.troupe.gateway.server;

import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.GuestLog;
import java.nio.charset.StandardCharsets;
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
 * answer has. Bounded for each call and for each tenant; a tenant that says too much is left out,
 * not others. Who answers a call never waits for the log: a thread of its own writes it.
 */
final class ProgramLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramLog.class);
  private static final int MOST_WAITING = 256;
  private static final int MOST_TENANTS = 1024;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A line that waits to be written. */
  private record Entry(String function, String id, byte[] text, int length, boolean truncated) {}

  /** What a tenant may still say, at one time. */
  private static final class Allowance {
    double bytes;
    long atNanos;
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
    if (isAllowed(name.tenant(), length)
        && waiting.offer(new Entry(function, id, log.bytes(), length, truncated))) {
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

  private boolean isAllowed(String tenant, int bytes) {
    long now = nanoClock.getAsLong();
    double most = Math.max(settings.bytesPerSecond(), settings.bytesPerCall());
    synchronized (allowances) {
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
      if (left.bytes < bytes) {
        return false;
      }
      left.bytes -= bytes;
      return true;
    }
  }

  /** On the thread of its own. */
  private void write() {
    try {
      while (true) {
        Entry entry = waiting.take();
        LOG.info(
            "{} call {}: {}{}",
            entry.function(),
            entry.id(),
            printable(entry.text(), entry.length()),
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

  /** Ends the thread; what still waits is not written. */
  @Override
  public void close() {
    writer.interrupt();
  }
}

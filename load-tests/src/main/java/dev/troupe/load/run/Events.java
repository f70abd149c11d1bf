package dev.troupe.load.run;

import dev.troupe.load.client.Window;
import dev.troupe.load.scenario.Scenario.Event;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Makes the events of a phase happen, each on a thread of its own. */
final class Events {
  private static final long JOIN_MILLIS = 300_000;

  private final List<Thread> threads = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private long done;
  private long slowestNanos;

  private Events() {}

  static Events start(List<Event> events, Window window, Stage stage, Target target) {
    Events result = new Events();
    for (Event event : events) {
      result.threads.add(
          Thread.ofVirtual()
              .name("load-event")
              .start(() -> result.repeat(event, window, stage, target)));
    }
    return result;
  }

  /** Waits for what is going on, and adds what happened to the metrics. */
  void stop(String phase, Map<String, Double> metrics) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(JOIN_MILLIS);
    }
    if (!threads.isEmpty()) {
      synchronized (this) {
        metrics.put(phase + ".events.done", (double) done);
        metrics.put(phase + ".events.failed", (double) failures.size());
        metrics.put(phase + ".events.slowest-ms", slowestNanos / 1e6);
      }
      failures.stream().limit(3).forEach(failure -> System.err.println("  event: " + failure));
    }
  }

  private void repeat(Event event, Window window, Stage stage, Target target) {
    long due = window.startNanos() + event.atNanos();
    while (window.endNanos() - due > 0) {
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
      happen(event, stage, target);
      if (event.everyNanos() == 0) {
        return;
      }
      due = Math.max(due + event.everyNanos(), System.nanoTime());
    }
  }

  private void happen(Event event, Stage stage, Target target) {
    long start = System.nanoTime();
    try {
      switch (event) {
        case Event.Deploy deploy -> stage.deploy(deploy.function(), deploy.versions());
        case Event.Restart restart -> {
          target.restart();
          stage.rebuild();
        }
        case Event.Quotas change -> stage.changeQuotas(change.tenants(), change.quotas());
      }
      succeeded(System.nanoTime() - start);
    } catch (IOException | StatusRuntimeException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed("interrupted");
    }
  }

  private synchronized void succeeded(long nanos) {
    done++;
    slowestNanos = Math.max(slowestNanos, nanos);
  }

  private synchronized void failed(String failure) {
    failures.add(failure);
  }
}

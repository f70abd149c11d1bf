package dev.troupe.actors;

import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallStreams;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.scheduler.DurationHistogram;
import dev.troupe.scheduler.DurationSnapshot;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of a tenant. Thread-safe. */
final class TenantMetrics {
  private static final double SERVICE_TIME_SMOOTHING = 0.1;

  private final DurationHistogram latency = new DurationHistogram();
  private final Map<TrapReason, Long> traps = new EnumMap<>(TrapReason.class);
  private final Map<Quota, Long> refusals = new EnumMap<>(Quota.class);
  private final LongAdder arrived = new LongAdder();
  private long completed;
  private long trapped;
  private long refused;
  private long abandoned;
  private long coldStarts;
  private long requestBytes;
  private long responseBytes;
  private long fuel;
  private double meanRunNanos;

  /** What has been counted. */
  record Snapshot(
      long arrived,
      long completed,
      long trapped,
      long refused,
      long abandoned,
      long coldStarts,
      long requestBytes,
      long responseBytes,
      long fuel,
      DurationSnapshot latency,
      Map<TrapReason, Long> traps,
      Map<Quota, Long> refusals) {}

  void arrived() {
    arrived.increment();
  }

  synchronized void answered(CallAnswer answer, long latencyNanos) {
    switch (answer) {
      case CallAnswer.Returned returned -> {
        completed++;
        ran(returned.stats(), latencyNanos);
      }
      case CallAnswer.Trapped stopped -> {
        trapped++;
        traps.merge(stopped.trap().reason(), 1L, Long::sum);
        ran(stopped.stats(), latencyNanos);
      }
      case CallAnswer.Refused refusal -> refused(refusal.refusal());
      case CallAnswer.NotFound _,
          CallAnswer.Invalid _,
          CallAnswer.TooLate _,
          CallAnswer.Cancelled _,
          CallAnswer.Unavailable _,
          CallAnswer.Failed _ ->
          abandoned++;
    }
  }

  /** What a call that ran took in, used and gave, however it ended. */
  synchronized void ran(Call call, CallAnswer answer, long usedFuel) {
    CallInput input = call.request().input();
    requestBytes += input.byteCount();
    fuel += usedFuel;
    if (input instanceof CallInput.Streams(CallStreams streams)) {
      responseBytes += streams.bytesOut();
    } else if (answer instanceof CallAnswer.Returned returned) {
      responseBytes += returned.output().byteCount();
    }
  }

  private void refused(Refusal refusal) {
    refused++;
    refusals.merge(refusal.quota(), 1L, Long::sum);
  }

  private void ran(CallStats stats, long latencyNanos) {
    latency.record(latencyNanos);
    meanRunNanos += SERVICE_TIME_SMOOTHING * (stats.runNanos() - meanRunNanos);
    if (stats.coldStart()) {
      coldStarts++;
    }
  }

  /** Smoothed time from the first slice of a call to its end. */
  synchronized double meanRunNanos() {
    return meanRunNanos;
  }

  synchronized Snapshot snapshot() {
    return new Snapshot(
        arrived.sum(),
        completed,
        trapped,
        refused,
        abandoned,
        coldStarts,
        requestBytes,
        responseBytes,
        fuel,
        latency.snapshot(),
        new EnumMap<>(traps),
        new EnumMap<>(refusals));
  }
}

package dev.troupe.load.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream of calls over all event loops. An open stream deals its arrivals out to the loops in
 * turn, so that together they keep the schedule to the call.
 */
public final class CallStream {
  private static final long SAMPLE_SECONDS = 30;
  private static final long POLL_NANOS = 5_000_000;

  private final List<Lane> lanes = new ArrayList<>();

  private CallStream() {}

  /** Starts calling; ends by itself at the window's end. */
  public static CallStream start(Connections connections, CallPlan plan, Window window) {
    CallStream stream = new CallStream();
    List<Connections.Loop> loops = connections.loops();
    for (int i = 0; i < loops.size(); i++) {
      stream.lanes.add(new Lane(loops.get(i), plan, window, i, loops.size()));
    }
    stream.lanes.forEach(Lane::start);
    return stream;
  }

  /** Starts no more calls; those in flight end by themselves. */
  public void stop() {
    lanes.forEach(Lane::stop);
  }

  /** A consistent look per event loop. Its interval begins where that of the last one ended. */
  public StreamSample sample() {
    List<CompletableFuture<StreamSample>> parts = lanes.stream().map(Lane::sample).toList();
    StreamSample sum = null;
    for (CompletableFuture<StreamSample> part : parts) {
      StreamSample sample = part.orTimeout(SAMPLE_SECONDS, TimeUnit.SECONDS).join();
      sum = sum == null ? sample : sum.plus(sample);
    }
    if (sum == null) {
      throw new IllegalStateException("a stream has a lane");
    }
    return sum;
  }

  /** Stops, waits so long for answers, and gives up what is left. */
  public StreamSample drain(long patienceNanos) {
    stop();
    long deadline = System.nanoTime() + patienceNanos;
    StreamSample sample = sample();
    while (sample.inFlight() > 0
        && deadline - System.nanoTime() > 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL_NANOS);
      sample = sample.plusLater(sample());
    }
    if (sample.inFlight() > 0) {
      lanes.forEach(Lane::abandon);
      sample = sample.plusLater(sample());
    }
    return sample;
  }
}

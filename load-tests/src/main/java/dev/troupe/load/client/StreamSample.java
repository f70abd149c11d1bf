package dev.troupe.load.client;

import org.HdrHistogram.Histogram;

/**
 * A look at a stream.
 *
 * @param counts what became of its calls so far
 * @param inFlight calls without an answer
 * @param interval latencies since the last look, nanoseconds
 */
public record StreamSample(CallCounts counts, int inFlight, Histogram interval) {
  StreamSample plus(StreamSample other) {
    CallCounts sum = counts.copy();
    sum.add(other.counts);
    Histogram both = interval.copy();
    both.add(other.interval);
    return new StreamSample(sum, inFlight + other.inFlight, both);
  }

  /** The later look, with the latencies of both intervals. */
  StreamSample plusLater(StreamSample later) {
    Histogram both = interval.copy();
    both.add(later.interval);
    return new StreamSample(later.counts, later.inFlight, both);
  }
}

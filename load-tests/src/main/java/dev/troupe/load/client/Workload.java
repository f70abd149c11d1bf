package dev.troupe.load.client;

import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;

/** What a stream of calls sends, and what it expects. */
public interface Workload {
  /** The request of the call with this number, counted from 0. */
  InvokeRequest request(long number);

  /** Whether the answer to this call is what an independent implementation says. */
  boolean isRight(long number, InvokeResponse response);
}

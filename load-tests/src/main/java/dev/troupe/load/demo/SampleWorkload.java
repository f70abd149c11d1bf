package dev.troupe.load.demo;

import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.load.client.Workload;
import java.util.ArrayList;
import java.util.List;

/** Sends samples in turn and compares answers byte by byte. */
final class SampleWorkload implements Workload {
  private final List<Samples> samples;
  private final List<InvokeRequest> requests = new ArrayList<>();

  SampleWorkload(String functionName, List<Samples> samples) {
    this.samples = List.copyOf(samples);
    for (Samples sample : samples) {
      requests.add(
          InvokeRequest.newBuilder().setName(functionName).setPayload(sample.payload()).build());
    }
  }

  @Override
  public InvokeRequest request(long number) {
    return requests.get((int) (number % requests.size()));
  }

  @Override
  public boolean isRight(long number, InvokeResponse response) {
    return samples.get((int) (number % samples.size())).expected().equals(response.getPayload());
  }
}

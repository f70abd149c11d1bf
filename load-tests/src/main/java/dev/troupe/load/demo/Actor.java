package dev.troupe.load.demo;

import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Values;
import dev.troupe.load.client.Workload;
import java.util.List;

/**
 * One tenant's part in the demo.
 *
 * @param tenant its id
 * @param role what it does, for the table
 * @param module the resource that is deployed
 * @param weight its CPU share
 * @param inFlight calls that it keeps in flight
 * @param concurrency its quota of calls that run
 * @param saturated whether it always has more work than it gets CPU for
 * @param workload its calls
 */
record Actor(
    String tenant,
    String role,
    String module,
    int weight,
    int inFlight,
    int concurrency,
    boolean saturated,
    Workload workload) {
  private static final int WORKER_CALLS = 280;
  private static final int RUNNING_CALLS = 12;

  /** The whole cast: ten tenants, 2,000 calls in flight and a few more. */
  static List<Actor> cast() {
    List<Samples> hash = Samples.sha256();
    List<Samples> json = Samples.redact();
    List<Samples> tile = Samples.mandelbrot();
    return List.of(
        worker("ada", "sha256.wat", 1, hash),
        worker("brouwer", "redact.wat", 1, json),
        worker("curry", "mandelbrot.wat", 2, tile),
        worker("dedekind", "sha256.wat", 2, hash),
        worker("euler", "redact.wat", 3, json),
        worker("frege", "mandelbrot.wat", 4, tile),
        worker("godel", "mandelbrot.wat", 6, tile),
        new Actor("hilbert", "rate 2/s", "sha256.wat", 2, 40, 4, false, calls("hilbert", hash)),
        new Actor("spinner", "spins", "spin.wat", 2, 2, 2, true, entry("spinner", "spin")),
        new Actor("hog", "8 MiB", "hog.wat", 2, 1, 1, false, entry("hog", "hog")));
  }

  private static Actor worker(String tenant, String module, int weight, List<Samples> samples) {
    return new Actor(
        tenant,
        module.replace(".wat", ""),
        module,
        weight,
        WORKER_CALLS,
        RUNNING_CALLS,
        true,
        calls(tenant, samples));
  }

  private static Workload calls(String tenant, List<Samples> samples) {
    return new SampleWorkload(functionName(tenant), samples);
  }

  private static Workload entry(String tenant, String export) {
    InvokeRequest request =
        InvokeRequest.newBuilder()
            .setName(functionName(tenant))
            .setEntryPoint(export)
            .setValues(Values.getDefaultInstance())
            .build();
    return new Workload() {
      @Override
      public InvokeRequest request(long number) {
        return request;
      }

      @Override
      public boolean isRight(long number, InvokeResponse response) {
        // Neither the spinner nor the hog may ever return.
        return false;
      }
    };
  }

  private static String functionName(String tenant) {
    return "tenants/" + tenant + "/functions/main";
  }
}

package dev.troupe.load.run;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Values;
import dev.troupe.load.client.CallPlan;
import dev.troupe.load.client.Pace;
import dev.troupe.load.client.Workload;
import dev.troupe.load.scenario.ScenarioException;
import dev.troupe.load.scenario.StreamSpec;
import dev.troupe.load.scenario.StreamSpec.Answer;
import dev.troupe.load.scenario.StreamSpec.Input;
import dev.troupe.load.scenario.StreamSpec.PaceSpec;
import dev.troupe.load.scenario.StreamSpec.Popularity;
import dev.troupe.load.schedule.Arrivals;
import dev.troupe.load.schedule.RateProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Turns what a scenario says of a stream into a plan: rates become numbers, requests are built. */
final class Plans {
  private static final int CHOICES = 1 << 16;

  private Plans() {}

  /**
   * The plan.
   *
   * @param metrics what earlier phases measured
   * @param functions full names of the functions that are called
   */
  static CallPlan plan(
      StreamSpec spec, List<String> functions, Map<String, Double> metrics, long seed)
      throws ScenarioException {
    return new CallPlan(
        workload(spec, functions, seed),
        pace(spec.pace(), metrics, seed),
        spec.maxOutstanding(),
        spec.deadlineNanos(),
        spec.cancelAfterNanos(),
        spec.cancelFraction(),
        spec.readDelayNanos());
  }

  private static Pace pace(PaceSpec pace, Map<String, Double> metrics, long seed)
      throws ScenarioException {
    return switch (pace) {
      case PaceSpec.Constant(var rate, var poisson) ->
          open(new RateProfile.Constant(rate.value(metrics)), poisson, seed);
      case PaceSpec.Ramp(var from, var to, var seconds, var poisson) ->
          open(
              new RateProfile.Ramp(from.value(metrics), to.value(metrics), seconds), poisson, seed);
      case PaceSpec.Steps(var from, var to, var by, var seconds, var poisson) -> {
        double first = from.value(metrics);
        double last = to.value(metrics);
        double step = Math.copySign(by.value(metrics), last - first);
        if (step == 0) {
          throw new ScenarioException("steps of 0 calls a second lead nowhere");
        }
        yield open(new RateProfile.Steps(first, last, step, seconds), poisson, seed);
      }
      case PaceSpec.Burst(var calls, var every) ->
          open(new RateProfile.Burst(calls, every), false, seed);
      case PaceSpec.Closed(var callers, var think) -> new Pace.Closed(callers, think);
    };
  }

  private static Pace open(RateProfile profile, boolean poisson, long seed) {
    return new Pace.Open(new Arrivals(profile, poisson, seed));
  }

  private static Workload workload(StreamSpec spec, List<String> functions, long seed) {
    List<InvokeRequest> requests = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    ByteString payload = payload(spec.input(), random);
    for (String function : functions) {
      InvokeRequest.Builder request =
          InvokeRequest.newBuilder().setName(function).setEntryPoint(spec.entryPoint());
      switch (spec.input()) {
        case Input.Values values ->
            request.setValues(Values.newBuilder().addAllValues(values.values()));
        case Input.Payload bytes -> request.setPayload(payload);
        case Input.RandomPayload bytes -> request.setPayload(payload);
      }
      if (spec.limits() != null) {
        request.setLimits(spec.limits());
      }
      requests.add(request.build());
    }
    int[] order = order(spec.popularity(), requests.size(), random);
    InvokeRequest[] ready = requests.toArray(InvokeRequest[]::new);
    return new Workload() {
      @Override
      public InvokeRequest request(long number) {
        return ready[order[(int) (number % order.length)]];
      }

      @Override
      public boolean isRight(long number, InvokeResponse response) {
        return switch (spec.answer()) {
          case Answer.Any any -> true;
          case Answer.Echo echo -> response.getPayload().equals(payload);
          case Answer.Values values ->
              response.getResults().getValuesList().equals(values.values());
        };
      }
    };
  }

  private static ByteString payload(Input input, SplittableRandom random) {
    return switch (input) {
      case Input.Values values -> ByteString.EMPTY;
      case Input.Payload payload -> payload.bytes();
      case Input.RandomPayload size -> {
        byte[] bytes = new byte[size.bytes()];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
    };
  }

  /** Which request the calls take, in turn. */
  private static int[] order(Popularity popularity, int requests, SplittableRandom random) {
    return switch (popularity) {
      case Popularity.RoundRobin inTurn -> {
        int[] order = new int[requests];
        Arrays.setAll(order, i -> i);
        yield order;
      }
      case Popularity.Zipf zipf -> {
        double[] upTo = new double[requests];
        double total = 0;
        for (int i = 0; i < requests; i++) {
          total += 1 / Math.pow(i + 1, zipf.exponent());
          upTo[i] = total;
        }
        int[] order = new int[CHOICES];
        for (int i = 0; i < CHOICES; i++) {
          int at = Arrays.binarySearch(upTo, random.nextDouble() * total);
          order[i] = Math.min(requests - 1, at < 0 ? -at - 1 : at);
        }
        yield order;
      }
    };
  }
}

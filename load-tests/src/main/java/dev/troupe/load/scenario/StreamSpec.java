package dev.troupe.load.scenario;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationLimits;
import dev.troupe.functions.v1.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream of calls.
 *
 * @param name its name in metrics
 * @param function what is called: a function group, or the full name of a function that exists
 * @param entryPoint exported function; empty: {@code handle}
 * @param input what is sent
 * @param answer what must come back
 * @param pace when calls start
 * @param popularity which tenant and function a call goes to
 * @param connections connections of its own; 0: those that all streams share
 * @param maxOutstanding most calls without an answer
 * @param deadlineNanos gRPC deadline; 0: none
 * @param cancelAfterNanos when calls are cancelled; 0: never
 * @param cancelFraction how many of them, 0 to 1
 * @param readDelayNanos how long answers are left unread; 0: not at all
 * @param limits limits that each call asks for; null: none
 */
public record StreamSpec(
    String name,
    String function,
    String entryPoint,
    Input input,
    Answer answer,
    PaceSpec pace,
    Popularity popularity,
    int connections,
    int maxOutstanding,
    long deadlineNanos,
    long cancelAfterNanos,
    double cancelFraction,
    long readDelayNanos,
    @Nullable InvocationLimits limits) {
  /** What a call sends. */
  public sealed interface Input {
    /** WebAssembly values. */
    record Values(List<Value> values) implements Input {}

    /** These bytes. */
    record Payload(ByteString bytes) implements Input {}

    /** So many random bytes. */
    record RandomPayload(int bytes) implements Input {}
  }

  /** What an answer is compared with. */
  public sealed interface Answer {
    /** Nothing: any result will do. */
    record Any() implements Answer {}

    /** The payload that was sent. */
    record Echo() implements Answer {}

    /** These values. */
    record Values(List<Value> values) implements Answer {}
  }

  /** Which of several functions a call goes to. */
  public sealed interface Popularity {
    /** One after the other. */
    record RoundRobin() implements Popularity {}

    /** The k-th with a probability proportional to {@code 1 / k^exponent}. */
    record Zipf(double exponent) implements Popularity {}
  }

  /** When calls start; rates in calls per second may depend on what was measured before. */
  public sealed interface PaceSpec {
    /** Always the same rate. */
    record Constant(Quantity rate, boolean poisson) implements PaceSpec {}

    /** From one rate to another, linearly. */
    record Ramp(Quantity from, Quantity to, double seconds, boolean poisson) implements PaceSpec {}

    /** From one rate to another in steps. */
    record Steps(Quantity from, Quantity to, Quantity by, double seconds, boolean poisson)
        implements PaceSpec {}

    /** Many at once; {@code everySeconds} is infinite for a single burst. */
    record Burst(int calls, double everySeconds) implements PaceSpec {}

    /** Callers that wait for their answers. */
    record Closed(int callers, long thinkNanos) implements PaceSpec {}
  }
}

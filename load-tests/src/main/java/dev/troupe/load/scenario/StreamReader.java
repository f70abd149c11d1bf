package dev.troupe.load.scenario;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationLimits;
import dev.troupe.functions.v1.Value;
import dev.troupe.load.scenario.StreamSpec.Answer;
import dev.troupe.load.scenario.StreamSpec.Input;
import dev.troupe.load.scenario.StreamSpec.PaceSpec;
import dev.troupe.load.scenario.StreamSpec.Popularity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the blocks of {@code streams}. */
final class StreamReader {
  private static final int MAX_CONNECTIONS = 1000;
  private static final int MAX_CALLERS = 100_000;
  private static final int MAX_PAYLOAD_BYTES = 64 << 20;
  private static final long MAX_NANOS = 3_600_000_000_000L;
  private static final double MAX_RATE = 1e7;

  private StreamReader() {}

  static StreamSpec read(String name, Block block, Map<String, ?> functions)
      throws ScenarioException {
    String function = block.text("function");
    if (!functions.containsKey(function) && !function.startsWith("tenants/")) {
      throw block.wrong(
          "function", "names no function of this scenario; there are " + functions.keySet());
    }
    Input input = input(block);
    Block limits = block.blockIfPresent("limits");
    StreamSpec spec =
        new StreamSpec(
            name,
            function,
            block.text("entry-point", ""),
            input,
            answer(block, input),
            pace(block),
            popularity(block),
            (int) block.count("connections", 0, 0, MAX_CONNECTIONS),
            (int) block.count("max-outstanding", 20_000, 1, MAX_CALLERS),
            block.duration("deadline", 0, MAX_NANOS),
            block.duration("cancel-after", 0, MAX_NANOS),
            block.number("cancel-fraction", 1, 0, 1),
            block.duration("read-delay", 0, MAX_NANOS),
            limits == null ? null : ProtoBlock.read(limits, InvocationLimits.newBuilder()).build());
    block.end();
    return spec;
  }

  private static Input input(Block block) throws ScenarioException {
    int kinds = 0;
    for (String key : List.of("values", "payload", "payload-bytes")) {
      kinds += block.has(key) ? 1 : 0;
    }
    if (kinds > 1) {
      throw block.wrong("payload", "excludes payload-bytes and values: a call has one input");
    }
    if (block.has("payload")) {
      return new Input.Payload(ByteString.copyFromUtf8(block.text("payload")));
    }
    if (block.has("payload-bytes")) {
      long bytes = block.bytes("payload-bytes");
      if (bytes < 0 || bytes > MAX_PAYLOAD_BYTES) {
        throw block.wrong("payload-bytes", "must be 0 to 64 MiB");
      }
      return new Input.RandomPayload((int) bytes);
    }
    return new Input.Values(values(block, "values"));
  }

  private static Answer answer(Block block, Input input) throws ScenarioException {
    if (!block.has("answer")) {
      return new Answer.Any();
    }
    if (!block.text("answer").equals("payload")) {
      return new Answer.Values(List.of(value(block, "answer", block.text("answer"))));
    }
    return switch (input) {
      case Input.Payload payload -> new Answer.Echo();
      case Input.RandomPayload payload -> new Answer.Echo();
      case Input.Values values ->
          throw block.wrong("answer", "can only be the payload when a payload is sent");
    };
  }

  private static List<Value> values(Block block, String key) throws ScenarioException {
    List<Value> values = new ArrayList<>();
    for (String text : block.texts(key)) {
      values.add(value(block, key, text));
    }
    return List.copyOf(values);
  }

  private static Value value(Block block, String key, String text) throws ScenarioException {
    int colon = text.indexOf(':');
    String type = colon < 0 ? "" : text.substring(0, colon);
    String number = text.substring(colon + 1);
    try {
      return switch (type) {
        case "i32" -> Value.newBuilder().setI32(Integer.parseInt(number)).build();
        case "i64" -> Value.newBuilder().setI64(Long.parseLong(number)).build();
        case "f32" -> Value.newBuilder().setF32(Float.parseFloat(number)).build();
        case "f64" -> Value.newBuilder().setF64(Double.parseDouble(number)).build();
        default -> throw new NumberFormatException("no type");
      };
    } catch (NumberFormatException e) {
      throw block.wrong(key, "has '" + text + "'; values are written i32:5, i64:-1 or f64:0.5");
    }
  }

  private static PaceSpec pace(Block stream) throws ScenarioException {
    Block block = stream.block("arrivals");
    String model = block.text("model");
    PaceSpec pace =
        switch (model) {
          case "constant" -> new PaceSpec.Constant(rate(block, "rate"), block.flag("poisson"));
          case "poisson" -> new PaceSpec.Constant(rate(block, "rate"), true);
          case "ramp" ->
              new PaceSpec.Ramp(
                  rate(block, "from"),
                  rate(block, "to"),
                  seconds(block, "over"),
                  block.flag("poisson"));
          case "steps" -> steps(block);
          case "burst" ->
              new PaceSpec.Burst(
                  (int) block.count("calls", 1, 1, MAX_CALLERS),
                  block.has("every") ? seconds(block, "every") : Double.POSITIVE_INFINITY);
          case "closed" ->
              new PaceSpec.Closed(
                  (int) block.count("callers", 1, 1, MAX_CALLERS),
                  block.duration("think", 0, MAX_NANOS));
          default ->
              throw block.wrong(
                  "model", "must be constant, poisson, steps, ramp, burst or closed, not " + model);
        };
    block.end();
    return pace;
  }

  private static PaceSpec steps(Block block) throws ScenarioException {
    Quantity from = rate(block, "from");
    Quantity to = rate(block, "to");
    Quantity by = block.quantity("by");
    boolean plain = from.metric() == null && to.metric() == null && by.metric() == null;
    if (plain && by.factor() * Math.signum(to.factor() - from.factor()) <= 0) {
      throw block.wrong("by", "must lead from " + from + " to " + to);
    }
    return new PaceSpec.Steps(from, to, by, seconds(block, "every"), block.flag("poisson"));
  }

  private static Quantity rate(Block block, String key) throws ScenarioException {
    Quantity rate = block.quantity(key);
    if (rate.metric() == null && !(rate.factor() >= 0 && rate.factor() <= MAX_RATE)) {
      throw block.wrong(key, "must be 0 to 10000000 calls a second, not " + rate);
    }
    return rate;
  }

  private static double seconds(Block block, String key) throws ScenarioException {
    if (!block.has(key)) {
      throw block.wrong(key, "is missing: it takes a duration such as 5 s");
    }
    long nanos = block.duration(key, 0, MAX_NANOS);
    if (nanos == 0) {
      throw block.wrong(key, "must be longer than nothing");
    }
    return nanos / 1e9;
  }

  private static Popularity popularity(Block block) throws ScenarioException {
    if (!block.has("popularity")) {
      return new Popularity.RoundRobin();
    }
    if (!block.isBlock("popularity")) {
      if (block.text("popularity").equals("round-robin")) {
        return new Popularity.RoundRobin();
      }
      throw block.wrong("popularity", "must be round-robin or { zipf = 1.1 }");
    }
    Block inner = block.block("popularity");
    if (!inner.has("zipf")) {
      throw block.wrong("popularity", "must be round-robin or { zipf = 1.1 }");
    }
    Popularity zipf = new Popularity.Zipf(inner.number("zipf", 1, 0, 10));
    inner.end();
    return zipf;
  }
}

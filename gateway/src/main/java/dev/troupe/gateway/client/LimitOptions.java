package dev.troupe.gateway.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options for limits that functions and tenants both have. Collects what was named by the name
 * of the field, which is the same in both messages; what is not named stays as it is.
 */
class LimitOptions {
  private final Map<String, Object> values = new TreeMap<>();

  @Option(names = "--concurrency", paramLabel = "N", description = "Calls at once.")
  void concurrency(int count) {
    put("concurrency", count);
  }

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "Longest time of a call: 500ms, 10s, 2m.")
  void deadline(String text) {
    put("deadline", duration(text));
  }

  @Option(
      names = "--queue-wait",
      paramLabel = "DURATION",
      description = "Longest time that a call may wait for a place.")
  void queueWait(String text) {
    put("queue_wait", duration(text));
  }

  @Option(
      names = "--cpu-time",
      paramLabel = "DURATION",
      description = "Processor time of one call.")
  void cpuTime(String text) {
    put("cpu_time", duration(text));
  }

  @Option(
      names = "--fuel",
      paramLabel = "N",
      description = "Fuel of one call, where it is metered.")
  void fuel(long amount) {
    put("fuel", amount);
  }

  @Option(
      names = "--instance-memory",
      paramLabel = "BYTES",
      description = "Memories and tables of one instance; 64MiB and the like are understood.")
  void instanceMemory(String text) {
    put("instance_memory_bytes", bytes(text));
  }

  @Option(names = "--request", paramLabel = "BYTES", description = "Payload of one call.")
  void request(String text) {
    put("request_bytes", bytes(text));
  }

  @Option(names = "--response", paramLabel = "BYTES", description = "Answer of one call.")
  void response(String text) {
    put("response_bytes", bytes(text));
  }

  final void put(String field, Object value) {
    values.put(field, value);
  }

  static long bytes(String text) {
    try {
      return Quantities.bytes(text);
    } catch (ClientCommand.UsageException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  static Duration duration(String text) {
    try {
      return Quantities.duration(text);
    } catch (ClientCommand.UsageException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Puts what several options say together. */
  void combine() throws ClientCommand.UsageException {
    // Here every option says it alone.
  }

  /** Whether nothing was named. */
  final boolean isEmpty() throws ClientCommand.UsageException {
    combine();
    return values.isEmpty();
  }

  /** Sets what was named. */
  final <B extends Message.Builder> B applyTo(B builder) throws ClientCommand.UsageException {
    combine();
    values.forEach((name, value) -> {
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(name);
      builder.setField(field, value);
    });
    return builder;
  }

  /** The fields that were named, below {@code parent}. */
  final FieldMask.Builder mask(String parent) throws ClientCommand.UsageException {
    combine();
    FieldMask.Builder mask = FieldMask.newBuilder();
    values.keySet().forEach(name -> mask.addPaths(parent + "." + name));
    return mask;
  }
}

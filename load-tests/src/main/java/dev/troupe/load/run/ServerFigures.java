package dev.troupe.load.run;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.TenantStatistics;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a server says of itself, flattened: {@code scheduler.live}, {@code pool.slots-in-use}. Goes
 * by the descriptors of the messages, so that a statistic that the protocol gains is in every
 * report from then on. Durations are milliseconds.
 *
 * @param atNanos when it answered, on the clock of {@link System#nanoTime}
 * @param values by name; what is repeated (tenants) is left out
 * @param groupCpuNanos processor time by group of tenants of this run
 */
record ServerFigures(
    long atNanos, SortedMap<String, Double> values, SortedMap<String, Long> groupCpuNanos) {
  static ServerFigures of(ServerStatistics statistics, Stage stage) {
    SortedMap<String, Double> values = new TreeMap<>();
    flatten("", statistics, values);
    SortedMap<String, Long> cpu = new TreeMap<>();
    for (TenantStatistics tenant : statistics.getTenantsList()) {
      String group = stage.groupOfTenant(tenant.getName());
      if (group != null) {
        cpu.merge(group, Durations.toNanos(tenant.getCpuTime()), Long::sum);
      }
    }
    return new ServerFigures(System.nanoTime(), values, cpu);
  }

  /** Nothing is known: the server does not answer. */
  static ServerFigures unknown() {
    return new ServerFigures(System.nanoTime(), new TreeMap<>(), new TreeMap<>());
  }

  double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  private static void flatten(String prefix, Message message, SortedMap<String, Double> into) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        continue;
      }
      String name = prefix + field.getName().replace('_', '-');
      switch (field.getJavaType()) {
        case INT, LONG, FLOAT, DOUBLE ->
            into.put(name, ((Number) message.getField(field)).doubleValue());
        case MESSAGE -> {
          Message inner = (Message) message.getField(field);
          if (inner instanceof Duration duration) {
            into.put(name + "-ms", Durations.toNanos(duration) / 1e6);
          } else if (message.hasField(field)) {
            flatten(name + ".", inner, into);
          }
        }
        case BOOLEAN, STRING, BYTE_STRING, ENUM -> {
          // No numbers.
        }
      }
    }
  }
}

package dev.troupe.gateway.server;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Limits between the protocol and the actors. The fields of a message are found by the names of the
 * {@link Quota}s, so that one table says it all: {@code cpu.burst} is field {@code burst} of field
 * {@code cpu}.
 */
final class LimitMessages {
  private static final double MICROS = 1e6;

  private LimitMessages() {}

  /** Where a quota is in messages and in the configuration. */
  static String path(Quota quota) {
    return quota == Quota.RATE ? "rate.calls_per_second" : quota.publicName();
  }

  /** Sets the fields of all limits that the message knows. */
  static <B extends Message.Builder> B write(B builder, Limits limits) {
    for (Quota quota : Quota.values()) {
      String[] parts = path(quota).split("\\.", 2);
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(parts[0]);
      if (field == null || !limits.has(quota)) {
        continue;
      }
      if (parts.length == 1) {
        builder.setField(field, toField(field, quota, limits.get(quota)));
      } else {
        Message.Builder group = builder.getFieldBuilder(field);
        FieldDescriptor leaf = group.getDescriptorForType().findFieldByName(parts[1]);
        group.setField(leaf, toField(leaf, quota, limits.get(quota)));
      }
    }
    return builder;
  }

  private static Object toField(FieldDescriptor field, Quota quota, long value) {
    return switch (quota.unit()) {
      case COUNT, BYTES, FUEL ->
          field.getJavaType() == FieldDescriptor.JavaType.INT
              ? (Object) Math.toIntExact(value)
              : (Object) value;
      case SECONDS, CPU_SECONDS_PER_SECOND -> Times.nanos(value);
      case CALLS_PER_SECOND -> value / MICROS;
    };
  }

  /** The names of the fields that are present. */
  static Set<String> present(Message message) {
    Set<String> present = new TreeSet<>();
    message.getAllFields().keySet().forEach(field -> present.add(field.getName()));
    return present;
  }

  /**
   * {@code base} with the named fields of the message; a named field that is absent takes the value
   * of {@code otherwise}.
   *
   * @param where name of the message in the request, for errors
   */
  static Limits merge(
      Limits base, Limits otherwise, Message message, Set<String> fields, String where) {
    Limits result = base;
    for (String name : fields) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
      if (field == null) {
        throw Statuses.invalidArgument(
            "update_mask",
            "there is no '" + name + "' in " + where + ": name one of " + names(message));
      }
      for (Quota quota : Quota.values()) {
        String[] parts = path(quota).split("\\.", 2);
        if (!parts[0].equals(name)) {
          continue;
        }
        if (message.hasField(field)) {
          result = set(result, quota, read(message, field, parts, quota, where), where);
        } else {
          result = set(result, quota, otherwise.get(quota), where);
        }
      }
    }
    return result;
  }

  private static List<String> names(Message message) {
    Descriptor descriptor = message.getDescriptorForType();
    return descriptor.getFields().stream().map(FieldDescriptor::getName).toList();
  }

  private static Limits set(Limits limits, Quota quota, long value, String where) {
    if (value == Limits.NONE) {
      return limits.without(quota);
    }
    try {
      return limits.with(quota, value);
    } catch (IllegalArgumentException e) {
      throw Statuses.invalidArgument(where + "." + path(quota), String.valueOf(e.getMessage()));
    }
  }

  private static long read(
      Message message, FieldDescriptor field, String[] parts, Quota quota, String where) {
    Object value = message.getField(field);
    if (parts.length == 2 && value instanceof Message group) {
      value = group.getField(group.getDescriptorForType().findFieldByName(parts[1]));
    }
    return switch (value) {
      case Integer number -> number.longValue();
      case Long number -> number == Limits.NONE ? Limits.NONE - 1 : number;
      case Double number -> Math.min(Limits.NONE - 1, Math.round(number * MICROS));
      case Duration duration -> nanos(where + "." + path(quota), duration);
      default ->
          throw new IllegalStateException(
              String.format(Locale.ROOT, "field %s has a type of its own", field.getFullName()));
    };
  }

  private static long nanos(String field, Duration duration) {
    try {
      return Times.fromMessage(field, duration).toNanos();
    } catch (ArithmeticException tooLong) {
      return Limits.NONE - 1;
    }
  }
}

package dev.troupe.gateway.server;

import com.google.protobuf.FieldMask;
import dev.troupe.actors.admission.TenantQuotas.RateQuota;
import dev.troupe.functions.v1.TenantQuotas;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Quotas between the protocol and the actors. */
final class QuotaMessages {
  private static final List<String> FIELDS =
      List.of(
          "memory_bytes",
          "instances",
          "concurrency",
          "weight",
          "rate",
          "deadline",
          "queue_length",
          "instance_memory_bytes",
          "module_bytes",
          "functions");

  private QuotaMessages() {}

  static TenantQuotas toMessage(dev.troupe.actors.admission.TenantQuotas quotas) {
    TenantQuotas.Builder message =
        TenantQuotas.newBuilder()
            .setMemoryBytes(quotas.memoryBytes())
            .setInstances(quotas.instances())
            .setConcurrency(quotas.concurrency())
            .setWeight(quotas.weight())
            .setDeadline(Times.toMessage(quotas.deadline()))
            .setQueueLength(quotas.queueLength())
            .setInstanceMemoryBytes(quotas.instanceMemoryBytes())
            .setModuleBytes(quotas.moduleBytes())
            .setFunctions(quotas.functions());
    RateQuota rate = quotas.rate();
    if (rate != null) {
      message.setRate(
          dev.troupe.functions.v1.RateQuota.newBuilder()
              .setCallsPerSecond(rate.callsPerSecond())
              .setBurst(rate.burst()));
    }
    return message.build();
  }

  /** {@code base} with the fields that the message has. */
  static dev.troupe.actors.admission.TenantQuotas merge(
      dev.troupe.actors.admission.TenantQuotas base, TenantQuotas message) {
    Set<String> present = new TreeSet<>();
    message.getAllFields().keySet().forEach(field -> present.add(field.getName()));
    return merge(base, message, present);
  }

  /**
   * {@code base} with the named fields of the message; a named field that is absent is an error but
   * for the rate, whose absence means no limit.
   */
  static dev.troupe.actors.admission.TenantQuotas merge(
      dev.troupe.actors.admission.TenantQuotas base, TenantQuotas message, Set<String> fields) {
    for (String field : fields) {
      var descriptor = TenantQuotas.getDescriptor().findFieldByName(field);
      if (descriptor == null) {
        throw Statuses.invalidArgument("update_mask", "there is no quota '" + field + "'");
      }
      if (!field.equals("rate") && !message.hasField(descriptor)) {
        throw Statuses.invalidArgument(
            "quotas." + field, "the update mask names quota '" + field + "' but it has no value");
      }
    }
    try {
      return new dev.troupe.actors.admission.TenantQuotas(
          fields.contains("memory_bytes") ? message.getMemoryBytes() : base.memoryBytes(),
          fields.contains("instances") ? message.getInstances() : base.instances(),
          fields.contains("concurrency") ? message.getConcurrency() : base.concurrency(),
          fields.contains("weight") ? message.getWeight() : base.weight(),
          fields.contains("rate") ? rate(message) : base.rate(),
          fields.contains("deadline") ? deadline(message) : base.deadline(),
          fields.contains("queue_length") ? message.getQueueLength() : base.queueLength(),
          fields.contains("instance_memory_bytes")
              ? message.getInstanceMemoryBytes()
              : base.instanceMemoryBytes(),
          fields.contains("module_bytes") ? message.getModuleBytes() : base.moduleBytes(),
          fields.contains("functions") ? message.getFunctions() : base.functions());
    } catch (IllegalArgumentException e) {
      throw Statuses.invalidArgument("quotas", String.valueOf(e.getMessage()));
    }
  }

  /** The quota fields that an update mask names; an empty mask means those that are present. */
  static Set<String> fields(FieldMask mask, TenantQuotas message) {
    Set<String> fields = new TreeSet<>();
    if (mask.getPathsCount() == 0) {
      message.getAllFields().keySet().forEach(field -> fields.add(field.getName()));
      return fields;
    }
    for (String path : mask.getPathsList()) {
      if (path.equals("*") || path.equals("quotas")) {
        fields.addAll(FIELDS);
      } else if (path.startsWith("quotas.")) {
        fields.add(path.substring("quotas.".length()));
      } else if (!path.equals("display_name")) {
        throw Statuses.invalidArgument(
            "update_mask", "'" + path + "' cannot be updated: name display_name or quotas.*");
      }
    }
    return fields;
  }

  private static @Nullable RateQuota rate(TenantQuotas message) {
    return message.hasRate()
        ? new RateQuota(message.getRate().getCallsPerSecond(), message.getRate().getBurst())
        : null;
  }

  private static Duration deadline(TenantQuotas message) {
    return Times.fromMessage("quotas.deadline", message.getDeadline());
  }
}

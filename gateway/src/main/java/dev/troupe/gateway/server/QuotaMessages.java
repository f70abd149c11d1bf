package dev.troupe.gateway.server;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.functions.v1.FunctionLimits;
import java.util.Set;
import java.util.TreeSet;

/** Quotas of tenants and limits of functions, in requests and answers. */
final class QuotaMessages {
  private QuotaMessages() {}

  static dev.troupe.functions.v1.TenantQuotas toMessage(TenantQuotas quotas) {
    return LimitMessages.write(dev.troupe.functions.v1.TenantQuotas.newBuilder(), quotas.limits())
        .build();
  }

  static FunctionLimits toMessage(Limits limits) {
    return LimitMessages.write(FunctionLimits.newBuilder(), limits).build();
  }

  /** {@code base} with the fields that the message has. */
  static TenantQuotas merge(TenantQuotas base, dev.troupe.functions.v1.TenantQuotas message) {
    return merge(base, base, message, LimitMessages.present(message));
  }

  /** {@code base} with the named fields; those that the message lacks become the default. */
  static TenantQuotas merge(
      TenantQuotas base,
      TenantQuotas defaults,
      dev.troupe.functions.v1.TenantQuotas message,
      Set<String> fields) {
    return new TenantQuotas(
        LimitMessages.merge(base.limits(), defaults.limits(), message, fields, "quotas"));
  }

  /** The limits of a function that has none. */
  static Limits limits(FunctionLimits message) {
    return LimitMessages.merge(
        Limits.EMPTY, Limits.EMPTY, message, LimitMessages.present(message), "limits");
  }

  /** {@code base} with the named fields; those that the message lacks are taken away. */
  static Limits merge(Limits base, FunctionLimits message, Set<String> fields) {
    return LimitMessages.merge(base, Limits.EMPTY, message, fields, "limits");
  }

  /**
   * The fields of {@code message} that an update mask names; an empty mask means those that are
   * present.
   *
   * @param field name of the field of the resource that holds the message
   * @param others fields of the resource that may be named besides
   */
  static Set<String> fields(FieldMask mask, String field, Message message, Set<String> others) {
    if (mask.getPathsCount() == 0) {
      return LimitMessages.present(message);
    }
    Set<String> fields = new TreeSet<>();
    for (String path : mask.getPathsList()) {
      if (path.equals("*") || path.equals(field)) {
        fields.addAll(all(message.getDescriptorForType()));
      } else if (path.startsWith(field + ".")) {
        fields.add(path.substring(field.length() + 1));
      } else if (!others.contains(path)) {
        throw Statuses.invalidArgument(
            "update_mask", "'" + path + "' cannot be updated: name " + field + ".*" + or(others));
      }
    }
    return fields;
  }

  private static String or(Set<String> others) {
    return others.isEmpty() ? "" : " or " + String.join(", ", others);
  }

  private static Set<String> all(Descriptor message) {
    Set<String> names = new TreeSet<>();
    for (FieldDescriptor field : message.getFields()) {
      names.add(field.getName());
    }
    return names;
  }
}

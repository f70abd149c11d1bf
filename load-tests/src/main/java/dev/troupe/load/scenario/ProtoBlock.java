package dev.troupe.load.scenario;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;

/**
 * Fills a message of the API from a block, by the names of its fields: a quota that the protocol
 * gains can be used in scenarios without a line here. Fields of type Duration take {@code 5 ms},
 * fields that end with {@code _bytes} take {@code 64 KiB}; dashes may stand for underscores.
 */
final class ProtoBlock {
  private static final long MAX_NANOS = 86_400_000_000_000L;

  private ProtoBlock() {}

  static <B extends Message.Builder> B read(Block block, B builder) throws ScenarioException {
    for (String key : block.keys()) {
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(key.replace('-', '_'));
      if (field == null || field.isRepeated()) {
        throw block.wrong(
            key,
            "is not known here; known are "
                + String.join(
                    ", ",
                    builder.getDescriptorForType().getFields().stream()
                        .map(FieldDescriptor::getName)
                        .toList()));
      }
      builder.setField(field, value(block, key, field, builder));
    }
    return builder;
  }

  private static Object value(
      Block block, String key, FieldDescriptor field, Message.Builder builder)
      throws ScenarioException {
    return switch (field.getJavaType()) {
      case INT -> Math.toIntExact(block.count(key, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case LONG ->
          field.getName().endsWith("_bytes")
              ? block.bytes(key)
              : block.count(key, 0, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT -> (float) block.number(key, 0, -Float.MAX_VALUE, Float.MAX_VALUE);
      case DOUBLE -> block.number(key, 0, -Double.MAX_VALUE, Double.MAX_VALUE);
      case BOOLEAN -> block.flag(key);
      case STRING -> block.text(key);
      case MESSAGE ->
          field.getMessageType().getFullName().equals(Duration.getDescriptor().getFullName())
              ? Durations.fromNanos(block.duration(key, 0, MAX_NANOS))
              : read(block.block(key), builder.newBuilderForField(field)).build();
      case BYTE_STRING, ENUM -> throw block.wrong(key, "is of a type that scenarios cannot set");
    };
  }
}

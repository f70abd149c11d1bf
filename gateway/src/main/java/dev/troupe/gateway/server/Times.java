package dev.troupe.gateway.server;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import java.time.Duration;
import java.time.Instant;

/** Times between the protocol and Java. */
final class Times {
  private Times() {}

  static com.google.protobuf.Duration toMessage(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static com.google.protobuf.Duration nanos(long nanos) {
    return Durations.fromNanos(nanos);
  }

  static Duration fromMessage(String field, com.google.protobuf.Duration duration) {
    if (!Durations.isValid(duration) || Durations.isNegative(duration)) {
      throw Statuses.invalidArgument(field, "is not a valid, positive duration");
    }
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  static Timestamp toMessage(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}

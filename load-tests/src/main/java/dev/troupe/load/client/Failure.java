package dev.troupe.load.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;

/**
 * A call that ended with an error, in the terms of AIP-193.
 *
 * @param code canonical code
 * @param reason ErrorInfo's reason, or the code's name when there is none
 * @param quota the quota that refused, for a typed RESOURCE_EXHAUSTED; else empty
 * @param retryNanos RetryInfo's delay; -1 when there is none
 * @param message for people; may be empty
 */
record Failure(Status.Code code, String reason, String quota, long retryNanos, String message) {
  private static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

  static Failure of(Status status, Metadata trailers) {
    String reason = status.getCode().name();
    String quota = "";
    long retryNanos = -1;
    com.google.rpc.Status details = trailers.get(DETAILS);
    if (details != null) {
      for (Any any : details.getDetailsList()) {
        try {
          if (any.is(ErrorInfo.class)) {
            ErrorInfo info = any.unpack(ErrorInfo.class);
            reason = info.getReason();
            quota = info.getMetadataOrDefault("quota", "");
          } else if (any.is(RetryInfo.class)) {
            retryNanos = Durations.toNanos(any.unpack(RetryInfo.class).getRetryDelay());
          }
        } catch (InvalidProtocolBufferException e) {
          reason = "DAMAGED_DETAILS";
        }
      }
    }
    String description = status.getDescription();
    return new Failure(
        status.getCode(), reason, quota, retryNanos, description == null ? "" : description);
  }

  boolean isShed() {
    return code == Status.Code.RESOURCE_EXHAUSTED;
  }

  /** The name under which a refusal is counted. */
  String shedName() {
    return quota.isEmpty() ? "UNTYPED" : quota;
  }
}

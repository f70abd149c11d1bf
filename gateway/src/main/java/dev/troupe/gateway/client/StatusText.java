package dev.troupe.gateway.client;

import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/** A failed call as one sentence: what happened and what to do about it. */
final class StatusText {
  private StatusText() {}

  static String sentence(Status status, Throwable error, String server) {
    String description = status.getDescription();
    if (status.getCode() == Status.Code.UNAVAILABLE && isConnectFailure(status)) {
      return "no server answers at "
          + server
          + ": start one with ./troupe serve, or name it with --server";
    }
    StringBuilder text = new StringBuilder(description == null ? "no details" : description);
    com.google.rpc.Status details = StatusProto.fromThrowable(error);
    if (details != null) {
      for (com.google.protobuf.Any any : details.getDetailsList()) {
        append(text, any);
      }
    }
    return status.getCode() + ": " + text;
  }

  private static void append(StringBuilder text, com.google.protobuf.Any any) {
    try {
      if (any.is(QuotaFailure.class)) {
        for (QuotaFailure.Violation violation :
            any.unpack(QuotaFailure.class).getViolationsList()) {
          text.append(" [QuotaFailure ")
              .append(violation.getSubject())
              .append(": ")
              .append(violation.getDescription())
              .append(']');
        }
      } else if (any.is(RetryInfo.class)) {
        var delay = any.unpack(RetryInfo.class).getRetryDelay();
        long millis = delay.getSeconds() * 1000 + delay.getNanos() / 1_000_000;
        text.append(" [retry in ").append(millis).append(" ms]");
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      text.append(" [unreadable detail ").append(any.getTypeUrl()).append(']');
    }
  }

  private static boolean isConnectFailure(Status status) {
    for (@Nullable Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.ConnectException
          || cause instanceof java.net.UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}

package dev.troupe.gateway.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.troupe.actors.Rejection;
import dev.troupe.actors.admission.QuotaUnit;
import dev.troupe.actors.admission.Refusal;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors as AIP-193 wants them: a canonical code, one sentence, an ErrorInfo with a stable reason
 * and every variable of the sentence, and what the code calls for: QuotaFailure and RetryInfo for
 * refusals, BadRequest for fields, ResourceInfo for what does not exist.
 */
final class Statuses {
  /** Domain of every {@link ErrorInfo}. */
  static final String DOMAIN = "functions.troupe.dev";

  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);
  private static final java.time.Duration SOON = java.time.Duration.ofSeconds(1);

  /** Where clients look for the details of an error. */
  private static final Metadata.Key<Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin", ProtoUtils.metadataMarshaller(Status.getDefaultInstance()));

  private Statuses() {}

  static StatusRuntimeException of(Rejection rejection, String tenant) {
    String message = rejection.message();
    return switch (rejection) {
      case Rejection.NotFound missing -> notFound(missing.resource());
      case Rejection.AlreadyExists existing ->
          error(
              Code.ALREADY_EXISTS,
              "ALREADY_EXISTS",
              message,
              Map.of("resource", existing.resource()));
      case Rejection.Invalid invalid -> invalidArgument(invalid.field(), message);
      case Rejection.BadModule bad -> badModule(bad);
      case Rejection.Stale stale ->
          error(
              Code.ABORTED,
              "ETAG_MISMATCH",
              message,
              Map.of("resource", stale.resource(), "etag", stale.currentEtag()));
      case Rejection.Precondition precondition ->
          error(Code.FAILED_PRECONDITION, "PRECONDITION_FAILED", message, Map.of());
      case Rejection.OverQuota over -> overQuota(over.refusal(), tenant);
      case Rejection.Unavailable unavailable -> unavailable(message);
      case Rejection.Internal internal -> internal(internal.cause());
    };
  }

  private static StatusRuntimeException badModule(Rejection.BadModule bad) {
    Map<String, String> facts = new HashMap<>();
    var _ = facts.put("phase", bad.phase().name().toLowerCase(Locale.ROOT));
    var _ = facts.put("offset", Long.toString(bad.byteOffset()));
    String message = bad.message();
    String missing = bad.missingFeature();
    if (missing != null) {
      var _ = facts.put("missing_feature", missing);
      message += "; the server allows it with engine.features = [" + missing + "]";
    }
    return error(Code.INVALID_ARGUMENT, "MODULE_" + bad.phase().name(), message, facts);
  }

  /** A quota said no. */
  static StatusRuntimeException overQuota(Refusal refusal, String tenant) {
    String quota = refusal.quota().publicName();
    QuotaUnit unit = refusal.quota().unit();
    String limit = unit.text(refusal.limit());
    String usage = unit.text(refusal.usage());
    Status.Builder status =
        builder(
            Code.RESOURCE_EXHAUSTED,
            "QUOTA_EXCEEDED",
            refusal.message(),
            Map.of(
                "tenant",
                tenant,
                "quota",
                quota,
                "level",
                refusal.level().publicName(),
                "limit",
                limit,
                "usage",
                usage,
                "unit",
                unit.publicName()));
    status.addDetails(
        Any.pack(
            QuotaFailure.newBuilder()
                .addViolations(
                    QuotaFailure.Violation.newBuilder()
                        .setSubject("tenants/" + tenant)
                        .setQuotaId(quota)
                        .putQuotaDimensions("level", refusal.level().publicName())
                        .setQuotaValue(refusal.limit())
                        .setDescription(quota + ": limit " + limit + ", usage " + usage))
                .build()));
    java.time.Duration retry = refusal.retryAfter();
    if (retry != null) {
      status.addDetails(Any.pack(retryAfter(retry)));
    }
    return exception(status.build());
  }

  static StatusRuntimeException notFound(String resource) {
    Status.Builder status =
        builder(
            Code.NOT_FOUND,
            "NOT_FOUND",
            resource + " does not exist: create or deploy it first, or check its name",
            Map.of("resource", resource));
    status.addDetails(Any.pack(ResourceInfo.newBuilder().setResourceName(resource).build()));
    return exception(status.build());
  }

  static StatusRuntimeException invalidArgument(String field, String message) {
    Status.Builder status =
        builder(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", message, Map.of("field", field));
    status.addDetails(
        Any.pack(
            BadRequest.newBuilder()
                .addFieldViolations(
                    BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message))
                .build()));
    return exception(status.build());
  }

  /** Not now: the same request may be good in a moment, or on another server. */
  static StatusRuntimeException unavailable(String message) {
    return exception(
        builder(Code.UNAVAILABLE, "UNAVAILABLE", message, Map.of())
            .addDetails(Any.pack(retryAfter(SOON)))
            .build());
  }

  /** Other uploads hold all bytes that uploads may hold. */
  static StatusRuntimeException uploadsFull(long usedBytes) {
    return exception(
        builder(
                Code.RESOURCE_EXHAUSTED,
                "UPLOADS_FULL",
                "other uploads hold " + usedBytes + " bytes, as many as they may: try again later",
                Map.of("usage", Long.toString(usedBytes)))
            .addDetails(Any.pack(retryAfter(SOON)))
            .build());
  }

  /** A request whose messages did not come in time. */
  static StatusRuntimeException requestTooSlow(java.time.Duration timeout) {
    return error(
        Code.DEADLINE_EXCEEDED,
        "REQUEST_TOO_SLOW",
        "the request was not complete after " + timeout.toSeconds() + " s",
        Map.of("limit", Long.toString(timeout.toSeconds())));
  }

  /** An upload that {@code what}. */
  static StatusRuntimeException uploadTooSlow(String what, long receivedBytes) {
    return error(
        Code.DEADLINE_EXCEEDED,
        "UPLOAD_TOO_SLOW",
        "the upload " + what + ", after " + receivedBytes + " bytes",
        Map.of("received", Long.toString(receivedBytes)));
  }

  private static RetryInfo retryAfter(java.time.Duration delay) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder().setSeconds(delay.getSeconds()).setNanos(delay.getNano()))
        .build();
  }

  /** The server itself has no room for another call, whatever the tenant's quotas say. */
  static StatusRuntimeException overloaded(long limitBytes, long usedBytes) {
    Status.Builder status =
        builder(
            Code.RESOURCE_EXHAUSTED,
            "SERVER_OVERLOADED",
            "the server keeps too much for calls in flight: limit "
                + limitBytes
                + " bytes, usage "
                + usedBytes
                + "; retry after 100 ms",
            Map.of("limit", Long.toString(limitBytes), "usage", Long.toString(usedBytes)));
    status.addDetails(
        Any.pack(RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(100)).build()));
    return exception(status.build());
  }

  static StatusRuntimeException tooLate(long queueNanos) {
    long millis = queueNanos / 1_000_000;
    return error(
        Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED_IN_QUEUE",
        "the deadline passed after " + millis + " ms in the queue, before the call ran",
        Map.of("queue_millis", Long.toString(millis)));
  }

  static StatusRuntimeException cancelled() {
    return error(Code.CANCELLED, "CANCELLED", "the call was cancelled before it ran", Map.of());
  }

  /** A bug of ours: the log has the cause, the client a number to ask for. */
  static StatusRuntimeException internal(Throwable cause) {
    String incident = UUID.randomUUID().toString();
    LOG.error("incident {}", incident, cause);
    return error(
        Code.INTERNAL,
        "INTERNAL",
        "internal error; the server's log has it as incident " + incident,
        Map.of("incident", incident));
  }

  static StatusRuntimeException error(
      Code code, String reason, String message, Map<String, String> metadata) {
    return exception(builder(code, reason, message, metadata).build());
  }

  /**
   * The status to throw or to send. Refusals come by the thousand and nobody looks at where: they
   * have no stack trace.
   */
  private static StatusRuntimeException exception(Status status) {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, status);
    return InternalStatus.asRuntimeExceptionWithoutStacktrace(
        io.grpc.Status.fromCodeValue(status.getCode()).withDescription(status.getMessage()),
        trailers);
  }

  private static Status.Builder builder(
      Code code, String reason, String message, Map<String, String> metadata) {
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(message)
        .addDetails(
            Any.pack(
                ErrorInfo.newBuilder()
                    .setReason(reason)
                    .setDomain(DOMAIN)
                    .putAllMetadata(metadata)
                    .build()));
  }
}

package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.Test;

/** What refusals carry, and what they do not. */
class StatusesTest {
  @Test
  void refusalsHaveDetailsAndNoStackTrace() throws InvalidProtocolBufferException {
    for (StatusRuntimeException refusal :
        new StatusRuntimeException[] {
          Statuses.overloaded(1, 2), Statuses.uploadsFull(3), Statuses.notFound("tenants/t")
        }) {
      assertThat(refusal.getStackTrace()).isEmpty();
      com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
      assertThat(status).isNotNull();
      assertThat(status.getMessage()).isEqualTo(refusal.getStatus().getDescription());
      assertThat(status.getDetails(0).unpack(ErrorInfo.class).getDomain())
          .isEqualTo(Statuses.DOMAIN);
    }
    assertThat(Statuses.overloaded(1, 2).getStatus().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }
}

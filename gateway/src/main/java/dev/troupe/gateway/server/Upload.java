package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.actors.Deployment;
import dev.troupe.actors.Platform;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One module on its way in: a header, then chunks, then the digest is compared and the module
 * handed to the actors. Keeps at most the declared number of bytes, which is at most the server's
 * limit.
 */
final class Upload implements StreamObserver<DeployFunctionRequest> {
  private static final int DIGEST_BYTES = 32;

  private final Platform platform;
  private final long maxModuleBytes;
  private final StreamObserver<DeployFunctionResponse> observer;
  private final MessageDigest digest = sha256();
  private @Nullable DeployFunctionHeader header;
  private @Nullable Limits limits;
  private ByteString received = ByteString.EMPTY;
  private boolean ended;

  Upload(Platform platform, long maxModuleBytes, StreamObserver<DeployFunctionResponse> observer) {
    this.platform = platform;
    this.maxModuleBytes = maxModuleBytes;
    this.observer = observer;
  }

  @Override
  public void onNext(DeployFunctionRequest part) {
    if (ended) {
      return;
    }
    try {
      switch (part.getPartCase()) {
        case HEADER -> begin(part.getHeader());
        case CHUNK -> append(part.getChunk());
        case PART_NOT_SET ->
            throw Statuses.invalidArgument("part", "a message holds neither header nor chunk");
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void begin(DeployFunctionHeader first) {
    if (header != null) {
      throw Statuses.invalidArgument("header", "came twice");
    }
    ResourceName.id("function_id", first.getFunctionId());
    String tenant = ResourceName.tenant(first.getParent()).tenant();
    EffectiveLimits.Limit limit =
        Answers.value(platform.tenantLimits(tenant), tenant).limit(Quota.MODULE_BYTES);
    if (first.getModuleBytes() <= 0) {
      throw Statuses.invalidArgument("module_bytes", "must be the length of the module");
    }
    if (limit.isBelow(first.getModuleBytes())) {
      throw Statuses.overQuota(Refusal.of(limit, first.getModuleBytes(), null), tenant);
    }
    if (first.getModuleBytes() > maxModuleBytes) {
      throw Statuses.invalidArgument(
          "module_bytes", "this server takes modules of at most " + maxModuleBytes + " bytes");
    }
    limits = first.hasLimits() ? QuotaMessages.limits(first.getLimits()) : null;
    if (first.getSha256().size() != DIGEST_BYTES) {
      throw Statuses.invalidArgument("sha256", "must have 32 bytes");
    }
    header = first;
  }

  private void append(ByteString chunk) {
    DeployFunctionHeader declared = header;
    if (declared == null) {
      throw Statuses.invalidArgument("header", "must come before the first chunk");
    }
    if (received.size() + (long) chunk.size() > declared.getModuleBytes()) {
      throw Statuses.invalidArgument(
          "chunk", "more bytes than the declared " + declared.getModuleBytes());
    }
    digest.update(chunk.asReadOnlyByteBuffer());
    received = received.concat(chunk);
  }

  @Override
  public void onCompleted() {
    if (ended) {
      return;
    }
    try {
      deploy();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void deploy() {
    DeployFunctionHeader declared = header;
    if (declared == null) {
      throw Statuses.invalidArgument("header", "is missing");
    }
    if (received.size() != declared.getModuleBytes()) {
      throw Statuses.invalidArgument(
          "chunk",
          received.size() + " bytes came and " + declared.getModuleBytes() + " were declared");
    }
    byte[] computed = digest.digest();
    if (!MessageDigest.isEqual(computed, declared.getSha256().toByteArray())) {
      throw Statuses.invalidArgument("sha256", "the module's digest is not the declared one");
    }
    ended = true;
    String tenant = ResourceName.tenant(declared.getParent()).tenant();
    String function = declared.getFunctionId();
    Answers.send(
        platform.deploy(
            tenant,
            function,
            HexFormat.of().formatHex(computed),
            received.toByteArray(),
            limits,
            declared.getValidateOnly()),
        tenant,
        deployment -> response(tenant, function, deployment),
        observer);
  }

  private static DeployFunctionResponse response(
      String tenant, String function, Deployment deployment) {
    return DeployFunctionResponse.newBuilder()
        .setVersion(Messages.version(tenant, function, deployment.version()))
        .setAlreadyDeployed(deployment.alreadyDeployed())
        .setArtifactSource(Messages.source(deployment.source()))
        .setCompileTime(Times.nanos(deployment.nanos()))
        .build();
  }

  @Override
  public void onError(Throwable cancelled) {
    // The client is gone: nothing was deployed, nobody to tell.
    ended = true;
    received = ByteString.EMPTY;
  }

  private void fail(RuntimeException e) {
    ended = true;
    received = ByteString.EMPTY;
    observer.onError(Answers.failed(e));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

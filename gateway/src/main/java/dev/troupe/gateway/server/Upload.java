package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.troupe.actors.Deployment;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.ProgramSettings;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.gateway.cli.Sha256;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One module on its way in.
 *
 * <pre>
 *   header ---> bytes reserved for the whole module ---> chunks ---> digest ---> deployment
 *               (nothing is read while it waits)                    bytes are free when it ends
 * </pre>
 *
 * <p>Each message is asked for when the one before has been dealt with, so a client cannot send
 * ahead of what the budget allows. Who makes no progress, or takes too long in all, is sent away
 * and its bytes are free. The lock guards all fields: messages come on gRPC's threads, time and
 * budget on another.
 */
final class Upload implements StreamObserver<DeployFunctionRequest> {
  private static final byte[] NOTHING = {};

  /** A header is kept until its upload ends, outside of the budget of uploads. */
  private static final int MOST_HEADER_BYTES = 256 << 10;

  private final Uploads shared;
  private final ServerCallStreamObserver<DeployFunctionResponse> observer;
  private final MessageDigest digest = Sha256.begin();
  private final long beginNanos = System.nanoTime();

  private long progressNanos = beginNanos;
  private @Nullable DeployFunctionHeader header;
  private @Nullable Limits limits;
  private @Nullable ProgramSettings program;
  private UploadBudget.@Nullable Place place;
  private byte[] module = NOTHING;
  private int received;
  private boolean ended;
  private @Nullable Future<?> nextLook;

  private Upload(Uploads shared, ServerCallStreamObserver<DeployFunctionResponse> observer) {
    this.shared = shared;
    this.observer = observer;
  }

  /** An upload that waits for its header. */
  static Upload begin(Uploads shared, ServerCallStreamObserver<DeployFunctionResponse> observer) {
    Upload upload = new Upload(shared, observer);
    observer.disableAutoRequest();
    observer.request(1);
    int unused = shared.receiving.incrementAndGet();
    upload.lookLater(
        Math.min(shared.settings.stallTimeout().toNanos(), shared.settings.timeout().toNanos()));
    return upload;
  }

  private synchronized void lookLater(long delayNanos) {
    if (!ended) {
      nextLook = shared.later(delayNanos, this::look);
    }
  }

  @Override
  public synchronized void onNext(DeployFunctionRequest part) {
    if (ended) {
      return;
    }
    progressNanos = System.nanoTime();
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
    if (first.getSerializedSize() > MOST_HEADER_BYTES) {
      throw Statuses.invalidArgument(
          "header", "must have at most " + MOST_HEADER_BYTES + " bytes, as it is kept");
    }
    String tenant = ResourceName.tenant(first.getParent()).tenant();
    Retries.Request request = first.getRequestId().isEmpty() ? null : identified(tenant, first);
    check(tenant, first);
    header = first;
    if (request != null) {
      DeployFunctionResponse before =
          shared.retries.remembered(request, DeployFunctionResponse.class);
      if (before != null) {
        end();
        observer.onNext(before);
        observer.onCompleted();
        return;
      }
    }
    UploadBudget budget = shared.budget;
    if (first.getModuleBytes() > budget.mostBytes()) {
      throw Statuses.error(
          Code.RESOURCE_EXHAUSTED,
          "MODULE_TOO_LARGE",
          "a module of "
              + first.getModuleBytes()
              + " bytes exceeds what uploads of one tenant may hold, "
              + budget.mostBytes()
              + " bytes: raise uploads.max-buffered-per-tenant",
          Map.of(
              "limit", Long.toString(budget.mostBytes()),
              "usage", Long.toString(first.getModuleBytes())));
    }
    place = budget.reserve(tenant, first.getModuleBytes(), this::granted);
    if (place == null) {
      throw Statuses.uploadsFull(budget.usedBytes());
    }
  }

  /** Checks the header and reads its limits. */
  private void check(String tenant, DeployFunctionHeader first) {
    ResourceName.id("function_id", first.getFunctionId());
    EffectiveLimits.Limit limit =
        Answers.value(shared.platform.tenantLimits(tenant), tenant).limit(Quota.MODULE_BYTES);
    if (first.getModuleBytes() <= 0) {
      throw Statuses.invalidArgument("module_bytes", "must be the length of the module");
    }
    if (limit.isBelow(first.getModuleBytes())) {
      throw Statuses.overQuota(Refusal.of(limit, first.getModuleBytes(), null), tenant);
    }
    if (first.getModuleBytes() > shared.maxModuleBytes) {
      throw Statuses.invalidArgument(
          "module_bytes",
          "this server takes modules of at most " + shared.maxModuleBytes + " bytes");
    }
    program = first.hasProgram() ? ProgramMessages.settings(first.getProgram()) : null;
    limits = first.hasLimits() ? QuotaMessages.limits(first.getLimits()) : null;
    if (first.getSha256().size() != Sha256.BYTES) {
      throw Statuses.invalidArgument("sha256", "must have 32 bytes");
    }
  }

  /** The bytes are there: on the thread of the header, or of the timer. */
  private synchronized void granted() {
    if (!ended) {
      progressNanos = System.nanoTime();
      observer.request(1);
    }
  }

  private void append(ByteString chunk) {
    DeployFunctionHeader declared = header;
    if (declared == null) {
      throw Statuses.invalidArgument("header", "must come before the first chunk");
    }
    if (received + (long) chunk.size() > declared.getModuleBytes()) {
      throw Statuses.invalidArgument(
          "chunk", "more bytes than the declared " + declared.getModuleBytes());
    }
    if (module.length == 0) {
      module = new byte[Math.toIntExact(declared.getModuleBytes())];
    }
    digest.update(chunk.asReadOnlyByteBuffer());
    chunk.copyTo(module, received);
    received += chunk.size();
    observer.request(1);
  }

  @Override
  public synchronized void onCompleted() {
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
    if (received != declared.getModuleBytes()) {
      throw Statuses.invalidArgument(
          "chunk", received + " bytes came and " + declared.getModuleBytes() + " were declared");
    }
    byte[] computed = digest.digest();
    if (!MessageDigest.isEqual(computed, declared.getSha256().toByteArray())) {
      throw Statuses.invalidArgument("sha256", "the module's digest is not the declared one");
    }
    String tenant = ResourceName.tenant(declared.getParent()).tenant();
    String function = declared.getFunctionId();
    byte[] bytes = module;
    UploadBudget.Place held = place;
    // The platform has the bytes until it answers.
    place = null;
    end();
    Runnable release =
        () -> {
          if (held != null) {
            held.release();
          }
        };
    Consumer<StreamObserver<DeployFunctionResponse>> execute =
        client ->
            Answers.send(
                shared
                    .platform
                    .deploy(
                        tenant,
                        function,
                        HexFormat.of().formatHex(computed),
                        bytes,
                        limits,
                        program,
                        declared.getValidateOnly())
                    .whenComplete((answer, failure) -> release.run()),
                tenant,
                done -> response(tenant, function, done),
                client);
    if (declared.getRequestId().isEmpty()) {
      execute.accept(observer);
    } else {
      once(identified(tenant, declared), execute, release);
    }
  }

  private static Retries.Request identified(String tenant, DeployFunctionHeader header) {
    return new Retries.Request(
        tenant,
        "DeployFunction",
        header.getRequestId(),
        header.toBuilder().clearRequestId().build());
  }

  /** Deploys, or waits for the same upload of somebody else, who has the bytes then. */
  private void once(
      Retries.Request request,
      Consumer<StreamObserver<DeployFunctionResponse>> execute,
      Runnable release) {
    boolean[] executed = new boolean[1];
    try {
      shared.retries.once(
          request,
          new LateClient<>(observer),
          answer -> true,
          client -> {
            executed[0] = true;
            execute.accept(client);
          });
    } finally {
      if (!executed[0]) {
        release.run();
      }
    }
  }

  /** A client whose call has begun: it cannot be listened to any more, only be answered. */
  private record LateClient<M>(StreamObserver<M> client) implements StreamObserver<M> {
    @Override
    public void onNext(M answer) {
      client.onNext(answer);
    }

    @Override
    public void onError(Throwable failure) {
      client.onError(failure);
    }

    @Override
    public void onCompleted() {
      client.onCompleted();
    }
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
  public synchronized void onError(Throwable cancelled) {
    // The client is gone: nothing was deployed, nobody to tell.
    end();
  }

  /** Looks whether it goes on; on the timer's thread. */
  private synchronized void look() {
    if (ended) {
      return;
    }
    long now = System.nanoTime();
    long stallNanos = shared.settings.stallTimeout().toNanos() - (now - progressNanos);
    long totalNanos = shared.settings.timeout().toNanos() - (now - beginNanos);
    if (totalNanos <= 0) {
      fail(Statuses.uploadTooSlow("took longer than " + shared.settings.timeout(), received));
    } else if (stallNanos > 0) {
      lookLater(Math.min(stallNanos, totalNanos));
    } else if (place != null && module.length == 0 && received == 0 && !place.isHeld()) {
      fail(Statuses.uploadsFull(shared.budget.usedBytes()));
    } else {
      fail(
          Statuses.uploadTooSlow(
              "made no progress for " + shared.settings.stallTimeout(), received));
    }
  }

  private void fail(RuntimeException e) {
    end();
    observer.onError(Answers.failed(e));
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    module = NOTHING;
    header = null;
    Future<?> look = nextLook;
    if (look != null) {
      // The timer must not keep what has ended.
      boolean unusedLook = look.cancel(false);
    }
    int unused = shared.receiving.decrementAndGet();
    UploadBudget.Place held = place;
    place = null;
    if (held != null) {
      held.release();
    }
  }
}

package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.GetTenantRequest;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import dev.troupe.functions.v1.ProgramSettings;
import dev.troupe.functions.v1.TenantConsumption;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.UpdateFunctionRequest;
import dev.troupe.functions.v1.Values;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose input and output are streams: both ways, slow readers, clients that vanish. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvokeStreamTest {
  private final TestServer server;
  private final ManagedChannel narrow;

  InvokeStreamTest(@TempDir Path data) {
    server = TestServer.start(data, Map.of("quotas.deadline", "5 m", "scheduler.workers", 1));
    narrow =
        NettyChannelBuilder.forTarget(server.server.address())
            .usePlaintext()
            .flowControlWindow(65_535)
            .build();
  }

  @BeforeAll
  void deploy() throws Exception {
    var _ = server.createTenant("acme", TenantQuotas.newBuilder());
    var _ = server.deploy("acme", "cat", Programs.CAT);
    var _ = server.deploy("acme", "endless", Programs.ENDLESS);
    var _ = server.deploy("acme", "sleeper", Programs.SLEEPER);
    var _ = server.deploy("acme", "exit", Programs.EXIT);
    var _ = server.deploy("acme", "add", "(module (func (export \"add\")))");
  }

  @AfterAll
  void stop() {
    narrow.shutdownNow();
    server.close();
  }

  /** Whatever a test did: nothing of it is left. */
  @AfterEach
  void nothingIsLeft() {
    await().until(() -> server.server.heapOfCallsBytes() == 0);
    await().until(() -> server.usage("acme").getConcurrency() == 0);
    assertThat(server.usage("acme").getMemoryBytes()).isZero();
    await().until(() -> server.statistics().getFibers().getLive() == 0);
  }

  private final class Talk {
    final BlockingClientCall<InvokeStreamRequest, InvokeStreamResponse> call =
        InvocationServiceGrpc.newBlockingV2Stub(narrow).invokeStream();

    Talk start(InvokeRequest.Builder request) throws Exception {
      boolean _ = call.write(InvokeStreamRequest.newBuilder().setStart(request).build());
      return this;
    }

    void say(byte[] bytes) throws Exception {
      boolean _ =
          call.write(InvokeStreamRequest.newBuilder().setInput(ByteString.copyFrom(bytes)).build());
    }

    String hear(int bytes) throws Exception {
      StringBuilder heard = new StringBuilder();
      while (heard.length() < bytes) {
        InvokeStreamResponse next = call.read();
        assertThat(next).isNotNull();
        assertThat(next.hasOutput()).as(next.toString()).isTrue();
        heard.append(next.getOutput().toStringUtf8());
      }
      return heard.toString();
    }

    InvokeResponse end(ByteArrayOutputStream into) throws Exception {
      while (true) {
        InvokeStreamResponse next = call.read();
        assertThat(next).isNotNull();
        if (next.hasEnd()) {
          assertThat(call.read()).isNull();
          return next.getEnd();
        }
        next.getOutput().writeTo(into);
      }
    }

    InvokeResponse end() throws Exception {
      return end(new ByteArrayOutputStream());
    }

    Status refusal() {
      return catchThrowableOfType(StatusException.class, call::read).getStatus();
    }
  }

  private static InvokeRequest.Builder function(String function) {
    return InvokeRequest.newBuilder().setName("tenants/acme/functions/" + function);
  }

  private static final byte[] SIXTEEN = new byte[16];

  private TenantConsumption consumption() {
    return TenantServiceGrpc.newBlockingStub(server.channel)
        .getTenant(GetTenantRequest.newBuilder().setName("tenants/acme").build())
        .getConsumption();
  }

  /** The program that copies its input, under another name and with limits. */
  private void limited(String name, String program, FunctionLimits.Builder limits)
      throws StatusException {
    byte[] module = program.getBytes(StandardCharsets.UTF_8);
    var _ =
        server.deploy(
            TestClient.header("acme", name, module).toBuilder().setLimits(limits).build(), module);
  }

  private void limit(String name, FunctionLimits.Builder limits) {
    var _ =
        FunctionServiceGrpc.newBlockingStub(server.channel)
            .updateFunction(
                UpdateFunctionRequest.newBuilder()
                    .setFunction(
                        Function.newBuilder()
                            .setName("tenants/acme/functions/" + name)
                            .setLimits(limits))
                    .build());
  }

  private static void assertRequestRefused(Talk talk, int limit, int usage) {
    StatusException refused = catchThrowableOfType(StatusException.class, talk.call::read);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(TestClient.variables(refused))
        .containsEntry("quota", "request_bytes")
        .containsEntry("level", "function")
        .containsEntry("limit", Integer.toString(limit))
        .containsEntry("usage", Integer.toString(usage));
  }

  private void awaitParked() {
    await().until(() -> server.statistics().getFibers().getParked() == 1);
  }

  /** With one worker, a guest that held it while it waits would hold up everybody. */
  private void othersAreServed() {
    InvokeResponse other =
        server.invoke(function("cat").setPayload(ByteString.copyFromUtf8("x")).build());
    assertThat(other.getPayload().toStringUtf8()).isEqualTo("x");
  }

  @Test
  void questionsAndAnswersTakeTurns() throws Exception {
    Talk talk = new Talk().start(function("cat").setPayload(ByteString.copyFromUtf8("first")));
    assertThat(talk.hear(5)).isEqualTo("first");
    for (int turn = 0; turn < 20; turn++) {
      String said = "turn " + (turn + 100);
      talk.say(said.getBytes(StandardCharsets.UTF_8));
      assertThat(talk.hear(said.length())).isEqualTo(said);
    }
    awaitParked();
    othersAreServed();
    talk.call.halfClose();
    InvokeResponse end = talk.end();
    assertThat(end.hasTrap()).isFalse();
    assertThat(end.getStats().getSlices()).isGreaterThan(1);
  }

  @Test
  void muchMoreThanThePipesHoldGoesThroughThem() throws Exception {
    byte[] bytes = new byte[2 << 20];
    new Random(3).nextBytes(bytes);
    Talk talk = new Talk().start(function("cat"));
    try (ExecutorService speaker = Executors.newSingleThreadExecutor()) {
      Future<Boolean> said =
          speaker.submit(() -> {
            int step = 200_000;
            for (int at = 0; at < bytes.length; at += step) {
              talk.say(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
            }
            talk.call.halfClose();
            return true;
          });
      ByteArrayOutputStream heard = new ByteArrayOutputStream();
      assertThat(talk.end(heard).hasTrap()).isFalse();
      assertThat(said.get(3, TimeUnit.MINUTES)).isTrue();
      assertThat(heard.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void slowReaderParksAProgramThatWritesWithoutEnd() throws Exception {
    Talk talk = new Talk().start(function("endless").setPayload(ByteString.copyFromUtf8("\1")));
    awaitParked();
    othersAreServed();
    // What it may be ahead of its reader is bounded: by the pipe, and by what the network holds.
    assertThat(server.server.heapOfCallsBytes()).isLessThan(1 << 20);
    assertThat(talk.hear(1 << 20)).hasSizeGreaterThanOrEqualTo(1 << 20);
    awaitParked();
    talk.call.cancel("enough", null);
  }

  @Test
  void clientThatVanishesTakesItsProgramWithIt() throws Exception {
    Talk talk = new Talk().start(function("cat"));
    awaitParked();
    talk.call.cancel("gone", null);
    ManagedChannel other =
        NettyChannelBuilder.forTarget(server.server.address()).usePlaintext().build();
    var call = InvocationServiceGrpc.newBlockingV2Stub(other).invokeStream();
    boolean _ =
        call.write(
            InvokeStreamRequest.newBuilder()
                .setStart(function("endless").setPayload(ByteString.copyFromUtf8("\1")))
                .build());
    assertThat(call.read()).isNotNull();
    other.shutdownNow();
  }

  @Test
  void programThatNeverReadsHoldsItsClientBack() throws Exception {
    Talk talk = new Talk().start(function("sleeper"));
    byte[] chunk = new byte[64 << 10];
    int sent = 0;
    try {
      while (sent < 1000) {
        boolean _ =
            talk.call.write(
                InvokeStreamRequest.newBuilder().setInput(ByteString.copyFrom(chunk)).build(),
                2,
                TimeUnit.SECONDS);
        sent++;
      }
    } catch (TimeoutException heldBack) {
      // As it should be.
    }
    assertThat(sent).isLessThan(1000);
    awaitParked();
    othersAreServed();
    talk.call.cancel("enough", null);
  }

  @Test
  void programThatNeverReadsEndsAtItsDeadline() throws Exception {
    InvokeResponse end = endOfHastySleeper(500);
    assertThat(end.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_DEADLINE_EXCEEDED);
  }

  /** Of one that began in time: a machine that stalls gets twice as long. */
  private InvokeResponse endOfHastySleeper(long millis) throws Exception {
    InvokeRequest.Builder hasty = function("sleeper");
    hasty.getLimitsBuilder().setDeadline(Durations.fromMillis(millis));
    try {
      return new Talk().start(hasty).end();
    } catch (StatusException late) {
      if (late.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED || millis > 100_000) {
        throw late;
      }
      return endOfHastySleeper(2 * millis);
    }
  }

  @Test
  void outputComesBeforeTheTrapAndTheLogWithIt() throws Exception {
    Talk talk = new Talk().start(function("exit").setPayload(ByteString.copyFromUtf8("\7")));
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    InvokeResponse end = talk.end(heard);
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEqualTo("half");
    assertThat(end.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_EXIT);
    assertThat(end.getTrap().getExitStatus()).isEqualTo(7);
    assertThat(end.getLog().toStringUtf8()).isEqualTo("oops");
  }

  @Test
  void whatAProgramMayWriteBindsStreamsToo() throws Exception {
    byte[] module = Programs.CAT.getBytes(StandardCharsets.UTF_8);
    var _ =
        server.deploy(
            TestClient.header("acme", "short", module).toBuilder()
                .setProgram(ProgramSettings.newBuilder().setWrittenBytes(10))
                .build(),
            module);
    Talk talk =
        new Talk().start(function("short").setPayload(ByteString.copyFromUtf8("0123456789ab")));
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    InvokeResponse end = talk.end(heard);
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEqualTo("0123456789");
    assertThat(end.getTrap().getExitStatus()).isEqualTo(9);
  }

  @Test
  void bytesOfStreamsCountLikePayloadsAndAnswers() throws Exception {
    TenantConsumption before = consumption();
    Talk talk = new Talk().start(function("cat").setPayload(ByteString.copyFromUtf8("12345")));
    talk.say(new byte[70_000]);
    talk.call.halfClose();
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    assertThat(talk.end(heard).hasTrap()).isFalse();
    assertThat(heard.size()).isEqualTo(70_005);
    Talk stopped = new Talk().start(function("exit").setPayload(ByteString.copyFromUtf8("\7")));
    assertThat(stopped.end().hasTrap()).isTrue();
    TenantConsumption after = consumption();
    assertThat(after.getRequestBytes() - before.getRequestBytes()).isEqualTo(70_006);
    assertThat(after.getResponseBytes() - before.getResponseBytes()).isEqualTo(70_009);
  }

  @Test
  void inputBeyondTheLimitIsRefusedAtTheStartAndLater() throws Exception {
    limited("reader", Programs.CAT, FunctionLimits.newBuilder().setRequestBytes(10));
    Talk atOnce = new Talk().start(function("reader").setPayload(ByteString.copyFrom(SIXTEEN)));
    assertRequestRefused(atOnce, 10, 16);
    Talk later =
        new Talk().start(function("reader").setPayload(ByteString.copyFrom(SIXTEEN, 0, 8)));
    assertThat(later.hear(8)).hasSize(8);
    awaitParked();
    later.say(SIXTEEN);
    assertRequestRefused(later, 10, 24);
  }

  @Test
  void outputBeyondTheLimitStopsTheProgram() throws Exception {
    limited("writer", Programs.ENDLESS, FunctionLimits.newBuilder().setResponseBytes(100_000));
    InvokeRequest.Builder endless = function("writer").setPayload(ByteString.copyFromUtf8("\1"));
    endless.getLimitsBuilder().setResponseBytes(50_000);
    Talk talk = new Talk().start(endless);
    int heard = 0;
    Status end = null;
    while (end == null) {
      try {
        InvokeStreamResponse next = talk.call.read();
        assertThat(next).isNotNull();
        heard += next.getOutput().size();
      } catch (StatusException refused) {
        end = refused.getStatus();
        assertThat(TestClient.variables(refused))
            .containsEntry("quota", "response_bytes")
            .containsEntry("level", "call")
            .containsEntry("limit", "50000");
      }
    }
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(heard).as("what is within the limit comes").isEqualTo(50_000);
  }

  @Test
  void refusedOutputIsARefusalThoughTheProgramEndsWithIt() throws Exception {
    limited("brief", Programs.CAT, FunctionLimits.newBuilder().setResponseBytes(10));
    TenantConsumption before = consumption();
    Talk talk = new Talk().start(function("brief").setPayload(ByteString.copyFrom(SIXTEEN)));
    talk.call.halfClose();
    assertThat(talk.hear(10)).hasSize(10);
    assertResponseRefused(talk, 10, 16);
    TenantConsumption after = consumption();
    assertThat(after.getCompletedCalls()).isEqualTo(before.getCompletedCalls());
    assertThat(after.getRefusedCalls()).isEqualTo(before.getRefusedCalls() + 1);
    assertThat(after.getResponseBytes()).isEqualTo(before.getResponseBytes() + 10);
  }

  @Test
  void loweredAnswerReachesAStreamThatRunsAndARaisedOneDoesNot() throws Exception {
    limited("answering", Programs.CAT, FunctionLimits.newBuilder().setResponseBytes(100));
    Talk talk = new Talk().start(function("answering").setPayload(ByteString.copyFrom(SIXTEEN)));
    assertThat(talk.hear(16)).hasSize(16);
    awaitParked();
    limit("answering", FunctionLimits.newBuilder().setResponseBytes(20));
    limit("answering", FunctionLimits.newBuilder().setResponseBytes(1000));
    talk.say(SIXTEEN);
    assertThat(talk.hear(4)).hasSize(4);
    assertResponseRefused(talk, 20, 32);
  }

  private static void assertResponseRefused(Talk talk, int limit, int usage) {
    StatusException refused = catchThrowableOfType(StatusException.class, talk.call::read);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(TestClient.variables(refused))
        .containsEntry("quota", "response_bytes")
        .containsEntry("limit", Integer.toString(limit))
        .containsEntry("usage", Integer.toString(usage));
  }

  @Test
  void loweredLimitReachesAStreamThatRuns() throws Exception {
    limited("shrinking", Programs.CAT, FunctionLimits.newBuilder().setRequestBytes(1000));
    Talk talk = new Talk().start(function("shrinking").setPayload(ByteString.copyFrom(SIXTEEN)));
    assertThat(talk.hear(16)).hasSize(16);
    awaitParked();
    limit("shrinking", FunctionLimits.newBuilder().setRequestBytes(20));
    talk.say(SIXTEEN);
    assertRequestRefused(talk, 20, 32);
  }

  @Test
  void loweredMemoryGivesAProgramThatRunsNoMore() throws Exception {
    limited("grower", Programs.GROWER, FunctionLimits.newBuilder());
    Talk talk = new Talk().start(function("grower"));
    talk.say(new byte[1]);
    assertThat(talk.hear(1)).hasSize(1);
    awaitParked();
    limit("grower", FunctionLimits.newBuilder().setInstanceMemoryBytes(1 << 20));
    talk.say(new byte[1]);
    InvokeResponse end = talk.end();
    assertThat(end.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_MEMORY_LIMIT);
    assertThat(end.getTrap().getMessage())
        .contains("instance_memory_bytes of the function is 1048576 bytes");
  }

  @Test
  void mistakesAreNamed() throws Exception {
    Talk values = new Talk().start(function("cat").setValues(Values.getDefaultInstance()));
    assertThat(values.refusal().getDescription()).contains("values");
    Talk repeated = new Talk().start(function("cat").setRequestId("x"));
    assertThat(repeated.refusal().getDescription()).contains("cannot be repeated");
    Talk early = new Talk();
    early.say(new byte[5]);
    assertThat(early.refusal().getDescription()).contains("before any input");
    Talk empty = new Talk();
    empty.call.halfClose();
    assertThat(empty.refusal().getDescription()).contains("missing");
    Talk twice = new Talk().start(function("cat")).start(function("cat"));
    assertThat(twice.refusal().getDescription()).contains("twice");
    Talk plain = new Talk().start(function("add").setEntryPoint("add"));
    assertThat(plain.refusal().getDescription()).contains("does not take streams");
    Talk unknown = new Talk().start(function("nothing"));
    assertThat(unknown.refusal().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }
}

package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.GetFunctionRequest;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.ProgramSettings;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.UpdateFunctionRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** WASI programs as functions, by single requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProgramsTest {
  private static final Path UPPER = Path.of("../examples/upper.wat");
  private static final int NOSPC = 51;
  private static final int MFILE = 33;

  private final TestServer server;

  ProgramsTest(@TempDir Path data) {
    server = TestServer.start(data, Map.of("requests.max-message", "1 MiB", "instances.calls", 10));
  }

  @BeforeAll
  void deploy() throws Exception {
    var _ = server.createTenant("acme", TenantQuotas.newBuilder());
    var _ = server.deploy("acme", "upper", Files.readString(UPPER));
    var _ = server.deploy("acme", "exit", Programs.EXIT);
    var _ = server.deploy("acme", "endless", Programs.ENDLESS);
    var _ = server.deploy("acme", "reactor", Programs.REACTOR);
    var _ = server.deploy("acme", "clocks", Programs.CLOCKS);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static InvokeRequest.Builder request(String function, String input) {
    return InvokeRequest.newBuilder()
        .setName("tenants/acme/functions/" + function)
        .setPayload(ByteString.copyFromUtf8(input));
  }

  private String answer(String function, String input) {
    InvokeResponse response = server.invoke(request(function, input).build());
    assertThat(response.hasTrap()).as(response.toString()).isFalse();
    return response.getPayload().toStringUtf8();
  }

  private void deploy(String function, String wat, ProgramSettings.Builder program)
      throws StatusException {
    byte[] module = wat.getBytes(StandardCharsets.UTF_8);
    var _ =
        server.deploy(
            TestClient.header("acme", function, module).toBuilder().setProgram(program).build(),
            module);
  }

  private Function update(Function function, String... paths) {
    return FunctionServiceGrpc.newBlockingStub(server.channel)
        .updateFunction(
            UpdateFunctionRequest.newBuilder()
                .setFunction(function)
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(java.util.List.of(paths)))
                .build());
  }

  private Function get(String function) {
    return FunctionServiceGrpc.newBlockingStub(server.channel)
        .getFunction(
            GetFunctionRequest.newBuilder().setName("tenants/acme/functions/" + function).build());
  }

  @Test
  void commandReadsThePayloadAndWritesTheAnswer() {
    assertThat(answer("upper", "Hello, 42 worlds")).isEqualTo("HELLO, 42 WORLDS");
    assertThat(answer("upper", "")).isEmpty();
    String large = "abc".repeat(100_000);
    assertThat(answer("upper", large)).isEqualTo(large.toUpperCase(java.util.Locale.ROOT));
    InvokeRequest named = request("upper", "x").setEntryPoint("_start").build();
    assertThat(server.invoke(named).getPayload().toStringUtf8()).isEqualTo("X");
  }

  @Test
  void argumentsAndEnvironmentComeFromTheFunction() throws StatusException {
    ProgramSettings.Builder program =
        ProgramSettings.newBuilder()
            .addArguments("one")
            .addArguments("zwei drei")
            .putEnvironment("B", "2=3")
            .putEnvironment("A", "");
    deploy("world", Programs.WORLD, program);
    assertThat(answer("world", "")).isEqualTo("program\0one\0zwei drei\0A=\0B=2=3\0");
    Function changed =
        update(
            Function.newBuilder()
                .setName("tenants/acme/functions/world")
                .setProgram(ProgramSettings.newBuilder().addArguments("later"))
                .build(),
            "program");
    assertThat(changed.getProgram().getArgumentsList()).containsExactly("later");
    assertThat(answer("world", "")).isEqualTo("program\0later\0");
    // Limits alone leave the program alone, and so does a deployment without settings.
    Function limited =
        update(
            Function.newBuilder()
                .setName("tenants/acme/functions/world")
                .setLimits(FunctionLimits.newBuilder().setConcurrency(5))
                .build());
    assertThat(limited.getProgram()).isEqualTo(changed.getProgram());
    var _ = server.deploy("acme", "world", Programs.WORLD + " ");
    assertThat(get("world").getProgram()).isEqualTo(changed.getProgram());
  }

  @Test
  void settingsHaveBounds() {
    ProgramSettings.Builder[] bad = {
      ProgramSettings.newBuilder().addArguments("x".repeat(200_000)),
      ProgramSettings.newBuilder().addAllArguments(java.util.Collections.nCopies(2000, "")),
      ProgramSettings.newBuilder().addArguments("a\0b"),
      ProgramSettings.newBuilder().putEnvironment("A=B", "c"),
      ProgramSettings.newBuilder().putEnvironment("", "c"),
      ProgramSettings.newBuilder().setOpenFiles(2),
      ProgramSettings.newBuilder().setOpenFiles(1 << 20),
      ProgramSettings.newBuilder().setScratchBytes(-1),
      ProgramSettings.newBuilder().setScratchBytes(1L << 40),
      ProgramSettings.newBuilder().setWrittenBytes(-1)
    };
    for (ProgramSettings.Builder program : bad) {
      StatusException refused =
          catchThrowableOfType(StatusException.class, () -> deploy("bad", Programs.WORLD, program));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    StatusRuntimeException unknown =
        catchThrowableOfType(StatusRuntimeException.class, () -> get("bad"));
    assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void largestArgumentsArrive() throws StatusException {
    String argument = "x".repeat((128 << 10) - 1);
    deploy("many", Programs.WORLD, ProgramSettings.newBuilder().addArguments(argument));
    assertThat(answer("many", "")).isEqualTo("program\0" + argument + "\0");
  }

  @Test
  void statusOtherThanZeroIsATrapWithTheLog() {
    InvokeResponse failed = server.invoke(request("exit", "\3").build());
    assertThat(failed.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_EXIT);
    assertThat(failed.getTrap().getExitStatus()).isEqualTo(3);
    assertThat(failed.getTrap().getMessage()).contains("status 3");
    assertThat(failed.getLog().toStringUtf8()).isEqualTo("oops");
    InvokeResponse good = server.invoke(request("exit", "\0").build());
    assertThat(good.getPayload().toStringUtf8()).isEqualTo("half");
    assertThat(good.getLog().toStringUtf8()).isEqualTo("oops");
    assertThat(good.getLogTruncated()).isFalse();
  }

  @Test
  void programThatWritesWithoutEndIsStopped() {
    InvokeResponse full = server.invoke(request("endless", "\1").build());
    assertThat(full.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_MEMORY_LIMIT);
    InvokeRequest.Builder limited = request("endless", "\1");
    limited.getLimitsBuilder().setResponseBytes(100_000);
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> server.invoke(limited.build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("response_bytes");
    InvokeRequest.Builder log = request("endless", "\2");
    log.getLimitsBuilder().getCpuTimeBuilder().setNanos(300_000_000);
    InvokeResponse logged = server.invoke(log.build());
    assertThat(logged.getTrap().getKind()).isEqualTo(TrapKind.TRAP_KIND_CPU_LIMIT_EXCEEDED);
    assertThat(logged.getLog().size()).isEqualTo(64 << 10);
    assertThat(logged.getLogTruncated()).isTrue();
  }

  @Test
  void scratchDirectoryIsOfOneCallAndHasBounds() throws StatusException {
    deploy(
        "scratch",
        Programs.SCRATCH,
        ProgramSettings.newBuilder().setScratchBytes(1 << 20).setOpenFiles(20));
    for (int call = 0; call < 3; call++) {
      assertThat(answer("scratch", "x")).isEqualTo("n");
    }
    assertThat((int) answer("scratch", "f").charAt(0)).isEqualTo(NOSPC);
    assertThat((int) answer("scratch", "o").charAt(0)).isEqualTo(MFILE);
    long used = server.invoke(request("scratch", "f").build()).getStats().getPeakMemoryBytes();
    assertThat(used).isBetween((16L << 16) + (1 << 20), (16L << 16) + (2 << 20));
    assertThat(server.usage("acme").getMemoryBytes()).isZero();
  }

  @Test
  void scratchDirectoryCountsAgainstTheMemoryQuota() throws StatusException {
    deploy(
        "hog",
        Programs.SCRATCH,
        ProgramSettings.newBuilder().setScratchBytes(64 << 20).setWrittenBytes(32 << 20));
    InvokeRequest.Builder small = request("hog", "f");
    small.getLimitsBuilder().setMemoryBytes((16L << 16) + (2 << 20));
    InvokeResponse response = server.invoke(small.build());
    assertThat((int) response.getPayload().toStringUtf8().charAt(0)).isEqualTo(NOSPC);
    assertThat(response.getStats().getPeakMemoryBytes())
        .isLessThanOrEqualTo((16L << 16) + (2 << 20));
  }

  @Test
  void reactorIsInitializedOnceForEveryCall() {
    for (int call = 0; call < 2; call++) {
      InvokeRequest hello = request("reactor", "").setEntryPoint("hello").build();
      assertThat(server.invoke(hello).getPayload().toStringUtf8()).isEqualTo("hello");
      InvokeResponse value = server.invoke(TestClient.request("acme", "reactor", "value"));
      assertThat(value.getResults().getValues(0).getI32()).isEqualTo(1);
    }
    StatusRuntimeException nothing =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> server.invoke(request("reactor", "").build()));
    assertThat(nothing.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void clocksAreCoarse() {
    assertThat(server.invoke(request("clocks", "").build()).getPayload().toByteArray())
        .isEqualTo(new byte[8]);
  }
}

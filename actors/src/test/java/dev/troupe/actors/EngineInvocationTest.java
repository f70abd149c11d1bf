package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.answerOnceBegun;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.engine.text.Wat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way from the platform to native code and back. */
final class EngineInvocationTest {
  private static final String WAT =
      """
      (module
        (memory (export "memory") 1)
        (global $next (mut i32) (i32.const 1024))
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func $spin (export "spin")
          (loop $again (br $again)))
        (func (export "sum") (param $n i32) (result i32)
          (local $sum i32)
          (loop $again
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (local.get $sum))
        (func (export "divide") (param i32 i32) (result i32)
          (i32.div_s (local.get 0) (local.get 1)))
        (func (export "hog") (result i32)
          (loop $again
            (br_if $again (i32.ge_s (memory.grow (i32.const 16)) (i32.const 0))))
          (memory.size))
        (func (export "troupe_alloc") (param i32) (result i32)
          (local $at i32)
          (local.set $at (global.get $next))
          (global.set $next (i32.add (global.get $next) (local.get 0)))
          (local.get $at))
        (func (export "handle") (param $at i32) (param $length i32) (result i64)
          (local $i i32)
          (block $done
            (loop $again
              (br_if $done (i32.ge_u (local.get $i) (local.get $length)))
              (i32.store8
                (i32.add (local.get $at) (local.get $i))
                (i32.xor
                  (i32.load8_u (i32.add (local.get $at) (local.get $i)))
                  (i32.const 32)))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br $again)))
          (i64.or
            (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
            (i64.extend_i32_u (local.get $length))))
        (func (export "outside") (param i32 i32) (result i64)
          (i64.const -1))
        (tag $refused (export "refused") (param i32))
        (func (export "throw") (param i32) (result i32)
          (throw $refused (local.get 0))))
      """;

  private static final String SPINNING_START =
      """
      (module
        (func $start (loop $again (br $again)))
        (start $start)
        (func (export "run")))
      """;

  private static final TenantQuotas PATIENT =
      TenantQuotas.defaults().withDeadline(Duration.ofHours(1));

  private final EngineFixture fixture;

  EngineInvocationTest(@TempDir Path folder) {
    fixture = new EngineFixture(folder, 2);
    fixture.createTenant("acme", PATIENT);
    fixture.deploy("acme", "f", WAT);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Call start(String entry, WasmValue... values) {
    return fixture.start("acme", "f", CallLimits.NONE, entry, values);
  }

  private static WasmValue i32(int value) {
    return new WasmValue.I32(value);
  }

  private static CallAnswer.Trapped trapped(Call call) {
    return trapped(answer(call));
  }

  private static CallAnswer.Trapped trapped(CallAnswer answer) {
    if (answer instanceof CallAnswer.Trapped trapped) {
      return trapped;
    }
    throw new AssertionError(answer);
  }

  private static int sum(int n) {
    int sum = 0;
    for (int i = n; i > 0; i--) {
      sum = sum * 31 + i;
    }
    return sum;
  }

  @Test
  void valuesAndBytes() {
    assertThat(result(start("add", i32(40), i32(2)))).isEqualTo(42);
    byte[] payload = "Hello Troupe".getBytes(StandardCharsets.UTF_8);
    Call call =
        fixture.start("acme", "f", CallLimits.NONE, "handle", new CallInput.Payload(payload));
    assertThat(answer(call))
        .isInstanceOfSatisfying(
            CallAnswer.Returned.class,
            returned -> {
              assertThat(((CallOutput.Payload) returned.output()).bytes())
                  .asString(StandardCharsets.UTF_8)
                  .isEqualTo("hELLO\0tROUPE");
              assertThat(returned.stats().peakMemoryBytes()).isEqualTo(65_536);
            });
    Call outside =
        fixture.start("acme", "f", CallLimits.NONE, "outside", new CallInput.Payload(payload));
    assertThat(trapped(outside).trap().reason()).isEqualTo(TrapReason.MEMORY_OUT_OF_BOUNDS);
    fixture.awaitNothingInUse();
  }

  @Test
  void trapsHaveAReasonAndABacktrace() {
    CallAnswer.Trapped trapped = trapped(start("divide", i32(1), i32(0)));
    assertThat(trapped.trap().reason()).isEqualTo(TrapReason.INTEGER_DIVISION_BY_ZERO);
    assertThat(trapped.trap().backtrace()).isNotEmpty();
    fixture.awaitNothingInUse();
  }

  @Test
  void exceptionThatLeavesTheFunctionIsTypedAndHasItsTag() {
    CallAnswer.Trapped thrown = trapped(start("throw", i32(11)));
    assertThat(thrown.trap().reason()).isEqualTo(TrapReason.UNCAUGHT_EXCEPTION);
    assertThat(thrown.trap().thrown())
        .isEqualTo(new GuestTrap.Thrown(0, "refused", List.of(i32(11))));
    assertThat(thrown.trap().backtrace()).isNotEmpty();
    assertThat(trapped(start("divide", i32(1), i32(0))).trap().thrown()).isNull();
    fixture.awaitNothingInUse();
  }

  @Test
  void spinnersArePreemptedSoThatOthersComputeUndisturbed() {
    Map<String, Call> spinners = new LinkedHashMap<>();
    for (int index = 0; index < 4; index++) {
      String owner = "spinner" + index;
      fixture.createTenant(owner, PATIENT);
      fixture.deploy(owner, "f", WAT);
      spinners.put(owner, fixture.start(owner, "f", CallLimits.NONE, "spin"));
    }
    Fixture.patiently()
        .until(() ->
            fixture.platform.allTenantStatistics().stream()
                    .filter(tenant -> tenant.scheduler().accounts().preemptions() > 0)
                    .count()
                == spinners.size());
    List<Call> sums = new ArrayList<>();
    for (int index = 1; index <= 50; index++) {
      sums.add(start("sum", i32(index * 10_000)));
    }
    for (int index = 1; index <= 50; index++) {
      assertThat(result(sums.get(index - 1))).isEqualTo(sum(index * 10_000));
    }
    spinners.forEach((owner, call) -> fixture.platform.cancel(owner, call));
    for (Call spinner : spinners.values()) {
      CallAnswer.Trapped trapped = trapped(spinner);
      assertThat(trapped.trap().reason()).isEqualTo(TrapReason.CANCELLED);
      assertThat(trapped.stats().preemptions()).isPositive();
      assertThat(trapped.trap().backtrace()).as("where it stood").isNotEmpty();
    }
    fixture.awaitNothingInUse();
  }

  @Test
  void aLoneSpinnerEndsAtItsDeadline() {
    CallAnswer answer =
        answerOnceBegun(
            deadline -> fixture.start("acme", "f", CallLimits.withDeadline(deadline), "spin"));
    assertThat(trapped(answer).trap().reason()).isEqualTo(TrapReason.DEADLINE_EXCEEDED);
    fixture.awaitNothingInUse();
  }

  @Test
  void aStartFunctionIsPreemptedLikeAnyOtherGuest() {
    fixture.deploy("acme", "g", SPINNING_START);
    CallAnswer answer =
        answerOnceBegun(
            deadline -> fixture.start("acme", "g", CallLimits.withDeadline(deadline), "run"));
    assertThat(trapped(answer).trap().reason()).isEqualTo(TrapReason.DEADLINE_EXCEEDED);
    fixture.awaitNothingInUse();
  }

  @Test
  void aMemoryHogEndsAtTheQuotaOfItsTenant() {
    fixture.createTenant("hog", PATIENT.withMemory(8L << 20, 256L << 20));
    fixture.deploy("hog", "f", WAT);
    CallAnswer.Trapped trapped = trapped(fixture.start("hog", "f", CallLimits.NONE, "hog"));
    assertThat(trapped.trap().reason()).isEqualTo(TrapReason.MEMORY_LIMIT);
    assertThat(trapped.stats().peakMemoryBytes()).isLessThanOrEqualTo(8L << 20);
    fixture.awaitNothingInUse();
  }

  @Test
  void oneCompilationForAllTenantsAndNoneAfterARestart(@TempDir Path folder) throws IOException {
    try (EngineFixture first = new EngineFixture(folder, 1)) {
      List<CompletionStage<Reply<Deployment>>> deployments = new ArrayList<>();
      byte[] module = Wat.toBinary(WAT);
      for (int tenant = 0; tenant < 10; tenant++) {
        first.createTenant("t" + tenant, TenantQuotas.defaults());
        for (int function = 0; function < 10; function++) {
          deployments.add(
              first.platform.deploy(
                  "t" + tenant, "f" + function, Hex.sha256(module), module, null, false));
        }
      }
      for (CompletionStage<Reply<Deployment>> deployment : deployments) {
        Deployment _ = Fixture.done(Fixture.answered(deployment));
      }
      assertThat(first.platform.cacheStatistics().compilations()).isEqualTo(1);
    }
    assertThat(artifacts(folder)).hasSize(1);
    byte[] damaged = Files.readAllBytes(artifacts(folder).getFirst());
    assertThat(redeploy(folder, true)).returns(0L, ArtifactCacheSnapshot::compilations);
    assertThat(redeploy(folder, false)).returns(1L, ArtifactCacheSnapshot::compilations);
    assertThat(artifacts(folder)).as("another setting, another key").hasSize(2);
    damaged[damaged.length / 2] ^= 1;
    for (Path file : artifacts(folder)) {
      Files.write(file, damaged);
    }
    assertThat(redeploy(folder, true))
        .returns(1L, ArtifactCacheSnapshot::compilations)
        .returns(1L, ArtifactCacheSnapshot::rejectedFiles);
  }

  private static ArtifactCacheSnapshot redeploy(Path folder, boolean spectre) {
    try (EngineFixture again = new EngineFixture(folder, 1, spectre)) {
      again.createTenant("t", TenantQuotas.defaults());
      again.deploy("t", "f", WAT);
      assertThat(result(again.start("t", "f", CallLimits.NONE, "add", i32(1), i32(2))))
          .isEqualTo(3);
      return again.platform.cacheStatistics();
    }
  }

  private static List<Path> artifacts(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".elf")).sorted().toList();
    }
  }

  /** Whatever happens around them, calls compute what they compute alone. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aMixOfEverythingHarmsNobodyAndLeavesNothingBehind(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TenantQuotas narrow = PATIENT.withMemory(8L << 20, 4L << 20).withConcurrency(8, 1_000);
    for (int tenant = 0; tenant < 4; tenant++) {
      fixture.createTenant("mix" + tenant, narrow.withWeight(1 + random.nextInt(300)));
      fixture.deploy("mix" + tenant, "f", WAT);
    }
    Map<Call, Integer> sums = new LinkedHashMap<>();
    Map<Call, TrapReason> traps = new LinkedHashMap<>();
    Map<Call, String> spinners = new LinkedHashMap<>();
    for (int index = 0; index < 400; index++) {
      String tenant = "mix" + random.nextInt(4);
      int n = 1 + random.nextInt(200_000);
      switch (random.nextInt(10)) {
        case 0 -> spinners.put(fixture.start(tenant, "f", CallLimits.NONE, "spin"), tenant);
        case 1 ->
            traps.put(fixture.start(tenant, "f", CallLimits.NONE, "hog"), TrapReason.MEMORY_LIMIT);
        case 2 ->
            traps.put(
                fixture.start(tenant, "f", CallLimits.NONE, "divide", i32(1), i32(0)),
                TrapReason.INTEGER_DIVISION_BY_ZERO);
        default -> sums.put(fixture.start(tenant, "f", CallLimits.NONE, "sum", i32(n)), sum(n));
      }
      if (random.nextInt(8) == 0) {
        spinners.forEach((call, owner) -> fixture.platform.cancel(owner, call));
      }
    }
    spinners.forEach((call, owner) -> fixture.platform.cancel(owner, call));
    sums.forEach((call, sum) -> assertThat(result(call)).as("seed %d", seed).isEqualTo(sum));
    traps.forEach((call, reason) ->
        assertThat(trapped(call).trap().reason()).as("seed %d", seed).isEqualTo(reason));
    spinners
        .keySet()
        .forEach(call ->
            assertThat(answer(call))
                .as("seed %d", seed)
                .isInstanceOfAny(CallAnswer.Trapped.class, CallAnswer.Cancelled.class));
    fixture.awaitNothingInUse();
  }

  @Test
  void manyShortCallsLeaveNothingBehind() {
    List<Call> calls = new ArrayList<>();
    for (int index = 0; index < 1_000; index++) {
      calls.add(start("add", i32(index), i32(1)));
    }
    for (int index = 0; index < calls.size(); index++) {
      assertThat(result(calls.get(index))).isEqualTo(index + 1);
    }
    fixture.awaitNothingInUse();
  }
}

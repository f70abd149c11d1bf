package dev.troupe.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.CpuQuota;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.RateQuota;
import dev.troupe.functions.v1.TenantQuotas;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The options of the command line name every quota there is. */
final class QuotaOptionsTest {
  private static final String[] ALL = {
    "--memory=1GiB",
    "--instances=2",
    "--concurrency=3",
    "--weight=4",
    "--rate=5",
    "--burst=6",
    "--deadline=7s",
    "--queue=8",
    "--instance-memory=9MiB",
    "--module=10KiB",
    "--functions=11",
    "--queue-wait=12ms",
    "--cpu=500ms",
    "--cpu-time=14ms",
    "--fuel=15",
    "--request=16",
    "--response=17",
    "--deployed=18MiB",
    "--versions=19",
    "--deployments=20",
    "--compile=2s",
    "--compile-burst=22s",
    "--module-compile-time=23s"
  };

  @Command
  private static final class Command1 {
    @Mixin QuotaOptions quotas = new QuotaOptions();
  }

  @Command
  private static final class Command2 {
    @Mixin LimitOptions limits = new LimitOptions();
  }

  private static QuotaOptions parse(String... arguments) {
    Command1 command = new Command1();
    CommandLine.ParseResult unused = new CommandLine(command).parseArgs(arguments);
    return command.quotas;
  }

  @Test
  void everyQuotaHasAnOption() throws ClientCommand.UsageException {
    TenantQuotas quotas = parse(ALL).applyTo(TenantQuotas.newBuilder()).build();
    assertThat(TenantQuotas.getDescriptor().getFields())
        .allMatch(quotas::hasField, "set by an option");
    assertThat(quotas.getMemoryBytes()).isEqualTo(1L << 30);
    assertThat(quotas.getRate())
        .isEqualTo(RateQuota.newBuilder().setCallsPerSecond(5).setBurst(6).build());
    assertThat(quotas.getCpu())
        .isEqualTo(
            CpuQuota.newBuilder()
                .setPerSecond(Durations.fromMillis(500))
                .setBurst(Durations.fromMillis(50))
                .build());
    assertThat(Durations.toMillis(quotas.getQueueWait())).isEqualTo(12);
  }

  @Test
  void everyLimitOfAFunctionHasAnOption() throws ClientCommand.UsageException {
    Command2 command = new Command2();
    CommandLine.ParseResult unused =
        new CommandLine(command)
            .parseArgs(
                "--concurrency=1",
                "--deadline=2s",
                "--queue-wait=3s",
                "--cpu-time=4s",
                "--fuel=5",
                "--instance-memory=6",
                "--request=7",
                "--response=8");
    FunctionLimits limits = command.limits.applyTo(FunctionLimits.newBuilder()).build();
    assertThat(FunctionLimits.getDescriptor().getFields())
        .allMatch(limits::hasField, "set by an option");
  }

  @Test
  void onlyWhatIsNamedIsChanged() throws ClientCommand.UsageException {
    TenantCommand.Update update = new TenantCommand.Update();
    CommandLine.ParseResult unused =
        new CommandLine(update).parseArgs("t", "--weight=5", "--clear=rate,queue-wait");
    QuotaOptions options = update.quotas;
    assertThat(options.isEmpty()).isFalse();
    assertThat(update.clear.addTo(options.mask("quotas"), "quotas").getPathsList())
        .containsExactly("quotas.weight", "quotas.rate", "quotas.queue_wait");
    assertThat(options.applyTo(TenantQuotas.newBuilder()).build().getAllFields().keySet())
        .extracting(FieldDescriptor::getName)
        .containsExactly("weight");
    assertThat(parse().isEmpty()).isTrue();
  }

  @Test
  void onlyUpdatesClear() {
    // A deployment's limits replace all others: to clear one there would clear every one.
    assertThatThrownBy(
            () -> new CommandLine(new DeployCommand()).parseArgs("t/f", "f.wasm", "--clear=fuel"))
        .isInstanceOf(ParameterException.class);
    assertThatThrownBy(() -> parse("--clear=rate")).isInstanceOf(ParameterException.class);
    assertThat(new CommandLine(new DeployCommand()).getUsageMessage())
        .contains("Limits replace all limits");
    FunctionCommand.Update update = new FunctionCommand.Update();
    CommandLine.ParseResult unused = new CommandLine(update).parseArgs("t/f", "--clear=fuel");
    assertThat(update.clear.isEmpty()).isFalse();
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> parse("--memory=lots"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("an amount of bytes such as");
    assertThatThrownBy(() -> parse("--burst=2").isEmpty()).hasMessage("--burst needs --rate");
  }
}

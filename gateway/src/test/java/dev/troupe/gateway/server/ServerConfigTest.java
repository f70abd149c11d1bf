package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.TenantQuotas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings that make no sense are named with what is allowed. */
class ServerConfigTest {
  @Test
  void defaultsAreValid() throws ServerConfig.BadConfigException {
    assertThat(ServerConfig.load(null, Map.of()).address()).isEqualTo("127.0.0.1");
  }

  @Test
  void badSettingsAreNamed() {
    assertBad("requests.max-message", "3 GiB");
    assertBad("requests.max-message", "1");
    assertBad("pool.memories", -1);
    assertBad("pool.memories", "many");
    assertBad("pool.collected-heaps", 0);
    assertBad("pool.collected-heaps", 1025);
    assertBad("pool.max-memory", "8 GiB");
    assertBad("listen.port", 70_000);
    assertBad("scheduler.slice", "1 us");
    assertBad("scheduler.interactive-slice", "2 ms");
    assertBad("engine.preemption", "sometimes");
    assertBad("engine.features", List.of("legacy-exceptions", "magic"));
    assertBad("limits.deadline", "2 days");
    assertBad("limits.weight", 0);
    assertBad("limits.velocity", 1);
    assertBad("quotas.memory-bytes", "plenty");
    assertBad("quotas.rate.calls-per-second", 5);
    assertBad("limits.cpu.burst", "1 s");
  }

  @Test
  void theReferenceNamesEveryQuotaWithItsDefault() throws ServerConfig.BadConfigException {
    ServerConfig config = ServerConfig.load(null, Map.of());
    assertThat(config.quotas()).isEqualTo(TenantQuotas.defaults());
    var reference = ConfigFactory.defaultReference().getConfig("troupe");
    for (Quota quota : Quota.values()) {
      if (quota.levels().contains(Level.TENANT)) {
        assertThat(reference.hasPath("quotas." + LimitsConfig.key(quota))).as("%s", quota).isTrue();
        assertThat(reference.hasPath("limits." + LimitsConfig.key(quota))).as("%s", quota).isTrue();
      }
    }
  }

  @Test
  void limitsAreReadInTheUnitsOfTheirQuotas() throws ServerConfig.BadConfigException {
    Limits limits =
        ServerConfig.load(
                null,
                Map.of(
                    "limits.rate.calls-per-second", "0.5",
                    "limits.rate.burst", "3",
                    "limits.request-bytes", "1 MiB",
                    "limits.cpu-time", "20 ms",
                    "limits.deadline", "none"))
            .limits();
    assertThat(limits)
        .isEqualTo(
            Limits.EMPTY
                .with(Quota.RATE, 500_000)
                .with(Quota.RATE_BURST, 3)
                .with(Quota.REQUEST_BYTES, 1 << 20)
                .with(Quota.CPU_TIME, 20_000_000)
                .with(Quota.MODULE_BYTES, 64 << 20)
                .with(Quota.MODULE_COMPILE_TIME, 60_000_000_000L));
  }

  private static void assertBad(String setting, Object value) {
    assertThatThrownBy(() -> ServerConfig.load(null, Map.of(setting, value)))
        .as("%s = %s", setting, value)
        .isInstanceOf(ServerConfig.BadConfigException.class)
        .hasMessageContaining(setting);
  }
}

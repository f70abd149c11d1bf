package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertBad("pool.max-memory", "8 GiB");
    assertBad("listen.port", 70_000);
    assertBad("scheduler.slice", "1 us");
    assertBad("scheduler.interactive-slice", "2 ms");
    assertBad("engine.preemption", "sometimes");
  }

  private static void assertBad(String setting, Object value) {
    assertThatThrownBy(() -> ServerConfig.load(null, Map.of(setting, value)))
        .as("%s = %s", setting, value)
        .isInstanceOf(ServerConfig.BadConfigException.class)
        .hasMessageContaining(setting);
  }
}

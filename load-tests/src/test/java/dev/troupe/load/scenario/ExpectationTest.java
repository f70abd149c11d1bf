package dev.troupe.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations against numbers. */
class ExpectationTest {
  private static final Map<String, Double> METRICS =
      Map.of(
          "load.a.p99-ms", 4.0,
          "load.b.p99-ms", 9.0,
          "load.a.errors", 3.0,
          "load.a.errors.INTERNAL", 3.0);

  @ParameterizedTest
  @CsvSource({
    "load.a.p99-ms <= 4, true",
    "load.a.p99-ms < 4, false",
    "load.a.p99-ms >= 4.0, true",
    "load.a.p99-ms > 3.5, true",
    "load.a.errors = 3, true",
    "load.b.p99-ms <= 2 x load.a.p99-ms, false",
    "load.b.p99-ms <= 2.5 x load.a.p99-ms, true",
    "load.b.p99-ms > load.a.p99-ms, true",
    "load.a.errors.INTERNAL = 0, false",
    "load.a.errors.UNKNOWN = 0, true",
    "load.c.errors.UNKNOWN = 0, false",
    "load.a.p90-ms <= 5, false",
  })
  void comparesMetrics(String text, boolean met) throws ScenarioException {
    assertThat(Expectation.parse(text, false).check(METRICS).met()).as(text).isEqualTo(met);
  }

  @ParameterizedTest
  @CsvSource({
    "load.a.p90-ms <= 5, nothing called 'load.a.p90-ms' was measured",
    "load.b.p99-ms <= 2 x load.a.p99-ms, 9 against 8",
  })
  void saysWhy(String text, String detail) throws ScenarioException {
    assertThat(Expectation.parse(text, false).check(METRICS).detail()).contains(detail);
  }
}

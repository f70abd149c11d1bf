package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.StatusException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features beyond WebAssembly 3.0, which the server has to be told to allow. */
class FeaturesTest {
  private static final String LEGACY =
      """
      (module
        (tag $t (param i32))
        (func (export "f") (result i32)
          (try (result i32) (do (throw $t (i32.const 7))) (catch $t))))
      """;

  @TempDir Path data;

  @Test
  void whatIsAllowedRuns() throws StatusException {
    Map<String, Object> settings =
        Map.of(
            "engine.features", List.of("legacy-exceptions", "branch-hinting"),
            "engine.relaxed-simd-deterministic", "on",
            "engine.canonical-nans", "on");
    try (TestServer server = TestServer.start(data, settings)) {
      var unused = server.createTenant("t", TenantQuotas.newBuilder());
      var version = server.deploy("t", "f", LEGACY);
      assertThat(version).isNotNull();
      assertThat(
              server.invoke(TestServer.request("t", "f", "f")).getResults().getValues(0).getI32())
          .isEqualTo(7);
    }
  }

  @Test
  void whatIsNotIsRefusedByNameOfFeatureAndSetting() {
    try (TestServer server = TestServer.start(data)) {
      var unused = server.createTenant("t", TenantQuotas.newBuilder());
      assertThatThrownBy(() -> server.deploy("t", "f", LEGACY))
          .isInstanceOf(StatusException.class)
          .hasMessageContaining("INVALID_ARGUMENT")
          .hasMessageContaining("legacy-exceptions feature not enabled")
          .hasMessageContaining("engine.features = [legacy-exceptions]")
          .satisfies(refused ->
              assertThat(TestClient.variables((StatusException) refused))
                  .containsEntry("missing_feature", "legacy-exceptions"));
      // Of these the specification knows nothing, so the bytes are malformed.
      assertThatThrownBy(() -> server.deploy("t", "f", "(module (memory 10 (pagesize 1)))"))
          .isInstanceOf(StatusException.class)
          .hasMessageContaining("malformed limits flags")
          .hasMessageContaining("engine.features = [custom-page-sizes]");
    }
  }
}

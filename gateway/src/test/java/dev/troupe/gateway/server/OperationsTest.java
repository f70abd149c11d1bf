package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.functions.v1.TenantQuotas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port for operators of a whole server. */
class OperationsTest {
  @TempDir Path data;

  @Test
  void metricsAndHealthShowWhatTheServerDoes() throws Exception {
    try (TestServer server =
        TestServer.start(data, Map.of("admin.top-tenants", 1, "drain", "2 m"))) {
      for (String tenant : new String[] {"busy", "quiet"}) {
        var unused = server.createTenant(tenant, TenantQuotas.newBuilder());
        var unusedVersion =
            server.deploy(
                tenant,
                "f",
                "(module (func (export \"trap\") unreachable)"
                    + "(func (export \"same\") (param i32) (result i32) (local.get 0)))");
      }
      for (int i = 0; i < 20; i++) {
        var unused = server.invoke(TestServer.request("busy", "f", "same", 7));
      }
      var unused = server.invoke(TestServer.request("quiet", "f", "trap"));
      await()
          .untilAsserted(() ->
              assertThat(body(server, "/metrics"))
                  .contains("troupe_scheduler_wait_seconds_bucket{le=\"")
                  .contains("troupe_scheduler_jain_index ")
                  .contains("troupe_scheduler_starvation_age_seconds ")
                  .contains("troupe_scheduler_max_lag_seconds ")
                  .contains("troupe_scheduler_lag_bound_seconds ")
                  .contains("troupe_traps_total{kind=\"unreachable\"} 1.0")
                  .contains("troupe_tenant_calls_total{outcome=\"completed\",tenant=\"busy\"} 20.0")
                  .contains("troupe_tenant_calls_total{outcome=\"trapped\",tenant=\"_rest\"} 1.0")
                  .contains("troupe_tenant_request_bytes_total{tenant=\"busy\"} 80.0")
                  .contains("troupe_tenant_response_bytes_total{tenant=\"busy\"} 80.0")
                  .contains("troupe_tenant_compilations_total{tenant=\"_rest\"} ")
                  .contains("troupe_tenant_compile_cpu_seconds_total{tenant=\"busy\"} ")
                  .contains("troupe_tenant_fuel_total{tenant=\"busy\"} 0.0")
                  .contains("troupe_tenant_memory_byte_seconds_total{tenant=\"busy\"} ")
                  .containsPattern(
                      "troupe_tenant_deployed_byte_seconds_total\\{tenant=\"busy\"} [1-9]")
                  .contains("troupe_pool_slots{kind=\"memory\"} 64.0")
                  .contains("troupe_pool_slots{kind=\"heap\"} 1024.0")
                  .contains("troupe_pool_waiters{kind=\"heap\"} 0.0")
                  .contains("troupe_held_bytes ")
                  .contains("troupe_calls_shed_total 0.0")
                  .contains("troupe_slow_requests_total 0.0")
                  .contains("troupe_relief_trimmed_bytes_total 0.0")
                  .contains("troupe_relief_evicted_instances_total 0.0")
                  .contains(
                      "troupe_grpc_calls_total{method=\"dev.troupe.functions.v1.InvocationService/"
                          + "Invoke\",status=\"OK\"} 21.0")
                  .contains("jvm_memory_used_bytes{")
                  .contains("jvm_gc_")
                  .doesNotContain("tenant=\"quiet\""));
      assertThat(ask(server, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(body(server, "/info")).contains("\"version\"");
      assertThat(server.server.drain()).isTrue();
      HttpResponse<String> drained = ask(server, "/health/ready");
      assertThat(drained.statusCode()).isEqualTo(503);
      assertThat(drained.body()).contains("the server drains");
      assertThat(ask(server, "/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void portCanBeTurnedOffAndIsNamedWhenItIsTaken() throws IOException {
    try (TestServer server = TestServer.start(data, Map.of("admin.enabled", false))) {
      assertThat(server.server.adminAddress()).isEqualTo("no port");
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Assertions.assertThatThrownBy(
              () -> TestServer.start(data, Map.of("admin.port", taken.getLocalPort())).close())
          .rootCause()
          .isInstanceOf(IOException.class);
    }
    // auto takes any free one instead.
    try (TestServer server = TestServer.start(data, Map.of("admin.port", "auto"))) {
      assertThat(server.server.adminAddress()).startsWith("http://127.0.0.1:");
    }
  }

  private static String body(TestServer server, String path) throws Exception {
    return ask(server, path).body();
  }

  private static HttpResponse<String> ask(TestServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(server.server.adminAddress() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}

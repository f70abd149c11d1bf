package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.TenantQuotas;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a warm call allocates little: counted, not timed. */
class AllocationTest {
  private static final int CALLS = 2_000;

  /** Both sides are in this process; a client takes about half. */
  private static final long MOST_BYTES_PER_CALL = 40_000;

  @Test
  void warmCallAllocatesLittle(@TempDir Path data) throws Exception {
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    try (TestServer server = TestServer.start(data)) {
      var _ = server.createTenant("acme", TenantQuotas.newBuilder());
      var _ =
          server.deploy(
              "acme",
              "f",
              "(module (func (export \"add\") (param i32 i32) (result i32)"
                  + " (i32.add (local.get 0) (local.get 1))))");
      InvokeRequest add = TestServer.request("acme", "f", "add", 40, 2);
      for (int call = 0; call < CALLS; call++) {
        var _ = server.invoke(add);
      }
      long before = threads.getTotalThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        var _ = server.invoke(add);
      }
      long perCall = (threads.getTotalThreadAllocatedBytes() - before) / CALLS;
      assertThat(perCall).isLessThan(MOST_BYTES_PER_CALL);
    }
  }
}

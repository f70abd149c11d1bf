package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder of artifacts fails: deployments are unavailable, what is deployed goes on, nothing
 * half-written stays, and deployments work again when the folder does.
 *
 * <p>Modes are no obstacle for root, as which tests often run. So the folder is a small tmpfs that
 * is filled and made read-only, where mounting is allowed, and elsewhere a file in its place.
 */
class FolderFaultsTest {
  private static final String MODULE = "(module (func (export \"f\") (result i32) (i32.const %d)))";

  private int deployed;

  private void deploy(TestServer server) throws StatusException {
    deployed++;
    var _ = server.deploy("acme", "f", MODULE.formatted(deployed));
    assertThat(call(server)).isEqualTo(deployed);
  }

  private static int call(TestServer server) {
    return server.invoke(TestServer.request("acme", "f", "f")).getResults().getValues(0).getI32();
  }

  private void deploymentIsUnavailable(TestServer server) {
    StatusException failure =
        catchThrowableOfType(
            StatusException.class, () -> server.deploy("acme", "f", MODULE.formatted(1_000)));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).contains("compiled modules");
    assertThat(call(server)).as("what is deployed goes on").isEqualTo(deployed);
  }

  @Test
  void aFolderThatIsReplacedByAFile(@TempDir Path data) throws IOException, StatusException {
    try (TestServer server = TestServer.start(data)) {
      Tenant _ = server.createTenant("acme", TenantQuotas.newBuilder());
      deploy(server);
      Path folder = data.resolve("artifacts");
      Path aside = data.resolve("aside");
      Path _ = Files.move(folder, aside);
      Path _ = Files.createFile(folder);
      deploymentIsUnavailable(server);
      Files.delete(folder);
      Path _ = Files.move(aside, folder);
      deploy(server);
    }
  }

  @Test
  void aFolderThatIsFullAndThenReadOnly(@TempDir Path data)
      throws IOException, InterruptedException, StatusException {
    if (!run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", data.toString())) {
      abort("mounting is not permitted here: only the file in the folder's place was tested");
    }
    try {
      fullAndThenReadOnly(data);
    } finally {
      // Lazily: loaded modules map their files until the collector finds them.
      assertThat(run("umount", "-l", data.toString())).isTrue();
    }
  }

  private void fullAndThenReadOnly(Path data)
      throws IOException, InterruptedException, StatusException {
    try (TestServer server = TestServer.start(data)) {
      Tenant _ = server.createTenant("acme", TenantQuotas.newBuilder());
      deploy(server);
      Path ballast = data.resolve("ballast");
      fill(ballast);
      deploymentIsUnavailable(server);
      try (Stream<Path> files = Files.walk(data)) {
        assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
      }
      Files.delete(ballast);
      deploy(server);
      // Not before the last file that somebody writes is closed.
      await().until(() -> run("mount", "-o", "remount,ro", data.toString()));
      deploymentIsUnavailable(server);
      assertThat(run("mount", "-o", "remount,rw", data.toString())).isTrue();
      deploy(server);
    }
  }

  /** Writes until the file system is full. */
  private static void fill(Path file) throws IOException {
    byte[] page = new byte[4_096];
    boolean full = false;
    try (var out = Files.newOutputStream(file)) {
      while (!full) {
        try {
          out.write(page);
        } catch (IOException noSpace) {
          full = true;
        }
      }
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException missing) {
      return false;
    }
  }
}

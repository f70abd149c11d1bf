package dev.troupe.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.os.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths are resolved by the kernel where it can, and walked where it cannot or may not. */
class KernelTest {
  private static final int OPENAT2 = 437;

  /** What an old kernel says, and what filters of containers do. */
  private static final int ENOSYS = 38;

  private static final int EPERM = 1;

  @TempDir Path top;

  private Path inside = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    inside = Files.createDirectories(top.resolve("inside"));
    Files.createDirectories(inside.resolve("a"));
    Files.writeString(inside.resolve("a/file"), "contents");
    Files.writeString(top.resolve("secret"), "secret");
    Path _ = Files.createSymbolicLink(inside.resolve("out"), Path.of("../secret"));
    Path _ = Files.createSymbolicLink(inside.resolve("link"), Path.of("a/./file"));
  }

  private WasiContext.Builder world() {
    return WasiContext.builder().preopen(inside, "/");
  }

  @Test
  void theKernelIsAskedAndUsed() throws IOException {
    assertThat(FileCalls.canOpenBeneath()).isTrue();
    try (TestGuest guest = new TestGuest(world())) {
      assertReadsWhatIsInside(guest);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ENOSYS, EPERM})
  void withoutItPathsAreWalked(int errno) throws IOException {
    List<WasiContext> made = new ArrayList<>();
    Seccomp.without(
        OPENAT2,
        errno,
        () -> {
          assertThat(FileCalls.canOpenBeneath()).isFalse();
          WasiContext context = world().build();
          made.add(context);
          assertThat(context.walksPaths()).isTrue();
          int file = new HostLayer(inside).open("a/file", 0);
          assertThat(FileCalls.close(file)).isZero();
        });
    // The filter was that thread's alone.
    assertThat(FileCalls.canOpenBeneath()).isTrue();
    try (TestGuest guest = new TestGuest(made.getFirst())) {
      Seccomp.without(OPENAT2, errno, () -> assertReadsWhatIsInside(guest));
    }
  }

  private static void assertReadsWhatIsInside(TestGuest guest) {
    for (String path : List.of("a/file", "link", "a/../a/file")) {
      assertThat(guest.open(path, 0, Rights.FD_READ, 0)).as(path).isZero();
      int fd = guest.int32(0);
      guest.vectors(0, 1000, 50);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, 64)).isZero();
      assertThat(guest.memory().read(1000, guest.int32(64))).isEqualTo("contents".getBytes(UTF_8));
    }
    for (String path : List.of("out", "../secret", "a/../../secret", "/etc/passwd")) {
      assertThat(guest.open(path, 0, Rights.FD_READ, 0)).as(path).isEqualTo(WasiErrno.PERM);
    }
  }
}

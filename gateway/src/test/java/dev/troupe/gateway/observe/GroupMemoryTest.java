package dev.troupe.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups of both versions, and none. */
final class GroupMemoryTest {
  private final Path root;

  GroupMemoryTest(@TempDir Path root) {
    this.root = root;
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    var _ = Files.createDirectories(path.getParent());
    var _ = Files.writeString(path, text);
  }

  @Test
  void versionTwo() throws IOException {
    write("cgroup", "0::/box/one\n");
    write("box/one/memory.current", "1000000\n");
    write("box/one/memory.high", "max\n");
    write("box/one/memory.max", "4000000\n");
    write("box/one/memory.stat", "anon 700000\ninactive_file 200000\nactive_file 100000\n");
    GroupMemory group = GroupMemory.find(root.resolve("cgroup"), root);
    assertThat(group.usedBytes()).isEqualTo(800_000);
    assertThat(group.limitBytes()).isEqualTo(4_000_000);
    write("box/one/memory.high", "3000000\n");
    assertThat(group.limitBytes()).isEqualTo(3_000_000);
  }

  @Test
  void versionOneInAContainer() throws IOException {
    write("cgroup", "5:cpu,cpuacct:/x\n4:memory:/not/visible/here\n0::/\n");
    write("memory/memory.usage_in_bytes", "5000\n");
    write("memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 2000\n");
    GroupMemory group = GroupMemory.find(root.resolve("cgroup"), root);
    assertThat(group.usedBytes()).isEqualTo(3000);
    assertThat(group.limitBytes()).as("no limit").isEqualTo(GroupMemory.UNKNOWN);
  }

  @Test
  void noGroupIsNoPressure() {
    GroupMemory group = GroupMemory.find(root.resolve("missing"), root);
    assertThat(group.usedBytes()).isEqualTo(GroupMemory.UNKNOWN);
    assertThat(group.limitBytes()).isEqualTo(GroupMemory.UNKNOWN);
  }
}

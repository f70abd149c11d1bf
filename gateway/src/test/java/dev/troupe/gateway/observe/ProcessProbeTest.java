package dev.troupe.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings of this process, and of files that are not what they should be. */
class ProcessProbeTest {
  @TempDir Path folder;

  @Test
  void readsThisProcess() {
    ProcessReadings readings = new ProcessProbe().read();
    assertThat(readings.cpuNanos()).isPositive();
    assertThat(readings.heapUsedBytes()).isPositive().isLessThan(readings.heapMaxBytes());
    assertThat(readings.rssBytes()).isGreaterThan(1 << 20);
    assertThat(readings.openFiles()).isPositive();
    assertThat(readings.mappings()).isGreaterThan(10);
    assertThat(readings.threads()).isPositive();
    assertThat(readings.processors()).isPositive();
  }

  @Test
  void mappingsAreLinesAndResidentMemoryIsPages() throws IOException {
    Files.writeString(folder.resolve("maps"), "a\nb\nc\n");
    Files.writeString(folder.resolve("statm"), "9 5 1 1 0 1 0\n");
    ProcessReadings readings = new ProcessProbe(folder, () -> 0).read();
    assertThat(readings.mappings()).isEqualTo(3);
    assertThat(readings.rssBytes()).isEqualTo(5 * 4096);
  }

  @Test
  void whatCannotBeReadIsUnknown() throws IOException {
    Files.writeString(folder.resolve("statm"), "nonsense");
    ProcessReadings readings = new ProcessProbe(folder, () -> 0).read();
    assertThat(readings.mappings()).isEqualTo(ProcessReadings.UNKNOWN);
    assertThat(readings.rssBytes()).isEqualTo(ProcessReadings.UNKNOWN);
  }

  @Test
  void mappingsAreNotCountedForEveryLook() throws IOException {
    Path maps = Files.writeString(folder.resolve("maps"), "a\n");
    AtomicLong clock = new AtomicLong();
    ProcessProbe probe = new ProcessProbe(folder, clock::get);
    assertThat(probe.read().mappings()).isEqualTo(1);
    Files.writeString(maps, "a\nb\n");
    clock.set(999_999_999);
    assertThat(probe.read().mappings()).isEqualTo(1);
    clock.set(1_000_000_000);
    assertThat(probe.read().mappings()).isEqualTo(2);
  }
}

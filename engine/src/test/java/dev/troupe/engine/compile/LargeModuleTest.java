package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the compiler keeps grows with the module and its code only: 20,000 functions, 2.6 MB, in a
 * process whose heap has room for little else. With 30 MB {@link LargeModuleBenchmark} does it.
 */
class LargeModuleTest {
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void manyFunctionsNeedLittleMemory() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx48m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Drounds=1",
                    "-DbodyBytes=120",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeModuleBenchmark.class.getName()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("20000 functions", "MB of code");
  }
}

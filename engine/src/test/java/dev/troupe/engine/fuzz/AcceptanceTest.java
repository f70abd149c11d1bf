package dev.troupe.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run on the same damaged modules every time; longer: {@code ./troupe fuzz --damaged}. */
class AcceptanceTest {
  private static final int MODULES = 4_000;
  private static final long FIRST_SEED = 1_000_000;

  @TempDir private Path folder;

  @Test
  void damagedModulesAreAcceptedAsByOthers() throws IOException {
    List<Validator> validators = new ArrayList<>();
    V8 v8 = V8.find();
    if (v8 != null) {
      validators.add(new V8Validator(v8));
    }
    WasmtimeValidator wasmtime = WasmtimeValidator.find();
    if (wasmtime != null) {
      validators.add(wasmtime);
    }
    try (AcceptanceFuzzer fuzzer = new AcceptanceFuzzer(validators, Path.of("target/fuzz"))) {
      assertThat(fuzzer.texts()).isGreaterThan(1_000);
      for (long seed = FIRST_SEED; seed < FIRST_SEED + MODULES; seed++) {
        fuzzer.damaged(seed);
      }
      System.err.println(fuzzer.report());
      assertThat(fuzzer.found()).isEmpty();
    }
  }

  /** A validator that accepts everything is contradicted. */
  @Test
  void aDifferenceIsReported() throws IOException {
    Validator careless =
        new Validator() {
          @Override
          public String name() {
            return "careless";
          }

          @Override
          public boolean readsText() {
            return true;
          }

          @Override
          public String refusal(byte[] module, boolean text) {
            return "";
          }

          @Override
          public boolean isItsOwn(String refusal) {
            return false;
          }

          @Override
          public void close() {}
        };
    try (AcceptanceFuzzer fuzzer = new AcceptanceFuzzer(List.of(careless), folder)) {
      byte[] invalid = "(func (result i32))".getBytes(StandardCharsets.UTF_8);
      fuzzer.compare(invalid, true, 1);
      fuzzer.compare(invalid, true, 2);
      assertThat(fuzzer.found()).hasSize(1);
      assertThat(fuzzer.found().getFirst()).contains("refused (type mismatch").contains("careless");
    }
  }
}

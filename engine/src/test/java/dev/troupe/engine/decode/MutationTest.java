package dev.troupe.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.fuzz.Mutations;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.testing.SpecScripts;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged modules end in a typed error, with memory in proportion to their size. */
class MutationTest {
  private static final int ROUNDS = 30_000;
  private static final long SEED = 0x5EED_0001L;

  @Test
  void damagedModulesAreRejectedWithTypedErrors() throws IOException {
    List<byte[]> modules = modules();
    SplittableRandom seeds = new SplittableRandom(SEED);
    int accepted = 0;
    int rejected = 0;
    long mostAllocated = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = seeds.nextLong();
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Mutations.ofBinary(modules.get(random.nextInt(modules.size())), random);
      WasmFeatures features = random.nextBoolean() ? WasmFeatures.DEFAULT : WasmFeatures.ALL;
      long before = allocatedBytes();
      try {
        WasmModule module = ModuleDecoder.decode(bytes, features, WasmLimits.DEFAULT);
        ModuleValidator.validate(module, features, WasmLimits.DEFAULT);
        accepted++;
      } catch (WasmException e) {
        assertThat(e.offset()).as("offset, seed %d", seed).isBetween(0, bytes.length);
        rejected++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " of " + bytes.length + " bytes", e);
      }
      mostAllocated = Math.max(mostAllocated, allocatedBytes() - before - 64L * bytes.length);
    }
    assertThat(rejected).isGreaterThan(ROUNDS / 4);
    assertThat(accepted).isPositive();
    // A fixed part, in which the largest single item is a table of locals at its limit.
    assertThat(mostAllocated).isLessThan(4L << 20);
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static List<byte[]> modules() throws IOException {
    List<byte[]> result = new ArrayList<>();
    for (String script : Corpora.scalarScripts()) {
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        if (command.type().equals("module") && command.hasBinary()) {
          byte[] bytes = Files.readAllBytes(command.file());
          if (bytes.length < 20_000) {
            result.add(bytes);
          }
        }
      }
    }
    return result;
  }
}

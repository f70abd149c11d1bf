package dev.troupe.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

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
      byte[] bytes = mutate(modules.get(random.nextInt(modules.size())), random);
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

  private static byte[] mutate(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 8; i++) {
      // The header is left alone: damaging it ends the test at once.
      int at = 8 + random.nextInt(bytes.length - 8);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) 0xFF;
        case 3 -> bytes = remove(bytes, at, 1 + random.nextInt(4));
        case 4 -> bytes = insert(bytes, at, random);
        default -> {
          int from = 8 + random.nextInt(bytes.length - 8);
          int length = Math.min(1 + random.nextInt(16), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static byte[] remove(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    byte[] result = new byte[bytes.length - (end - at)];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(bytes, end, result, at, bytes.length - end);
    return result;
  }

  private static byte[] insert(byte[] bytes, int at, SplittableRandom random) {
    byte[] result = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, result, 0, at);
    result[at] = (byte) random.nextInt(256);
    System.arraycopy(bytes, at, result, at + 1, bytes.length - at);
    return result;
  }
}

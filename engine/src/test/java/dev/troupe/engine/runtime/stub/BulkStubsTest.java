package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.stub.GuestHarness.GuestFiber;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Copy and fill against System.arraycopy and Arrays.fill. */
class BulkStubsTest {
  private static final int AREA = 1 << 20;

  private final long memory = VirtualMemory.allocate(AREA);
  private final byte[] model = new byte[AREA];
  private final byte[] actual = new byte[AREA];

  private static GuestFiber fiber(GuestHarness harness, Builtin builtin) {
    Assembler asm = new Assembler();
    asm.ri(SUB64_MI, RSP, 8);
    asm.rm(MOV64_RM, R11, Mem.base(R15, InstanceLayout.BUILTINS));
    asm.m(CALL_M, Mem.base(R11, builtin.tableOffset()));
    asm.ri(ADD64_MI, RSP, 8);
    asm.op(RET);
    return harness.fiber(builtin.type(), harness.publish(asm));
  }

  @Test
  void copiesLikeArraycopyWithVectorExtensions() {
    copies(GuestHarness.get());
  }

  @Test
  void copiesLikeArraycopyWithVectorsOf32Bytes() {
    CpuFeatures machine = CpuFeatures.probe();
    Set<X64Feature> features = machine.all();
    features.remove(X64Feature.AVX512F);
    copies(new GuestHarness(new CpuFeatures(features, machine.stateMask(), machine.stateBytes())));
  }

  @Test
  void copiesLikeArraycopyWithoutVectorExtensions() {
    copies(new GuestHarness(CpuFeatures.baseline()));
  }

  private void copies(GuestHarness harness) {
    GuestFiber copy = fiber(harness, Builtin.MEMORY_COPY);
    long seed = 99;
    Random random = new Random(seed);
    random.nextBytes(model);
    RawMemory.copyIn(model, 0, memory, AREA);
    for (int round = 0; round < 3000; round++) {
      int length = round < 600 ? round / 2 : random.nextInt(random.nextBoolean() ? 4000 : 300);
      length = round % 1000 == 999 ? 300_000 + random.nextInt(400) : length;
      int source = random.nextInt(AREA - length);
      int nearby = source + random.nextInt(600) - 300;
      int target = random.nextBoolean() ? nearby : random.nextInt(AREA - length);
      target = Math.clamp(target, 0, AREA - length);
      System.arraycopy(model, source, model, target, length);
      copy.restart().value(0, memory + target).value(1, memory + source).value(2, length);
      assertThat(copy.enter()).isEqualTo(ExitCode.DONE);
      if (round % 25 == 0 || length > 4000 || round > 2980) {
        checkModel(seed, round);
      }
    }
  }

  @Test
  void fillsLikeArraysFill() {
    GuestFiber fill = fiber(GuestHarness.get(), Builtin.MEMORY_FILL);
    long seed = 5;
    Random random = new Random(seed);
    for (int round = 0; round < 1500; round++) {
      int length = round < 400 ? round : random.nextInt(5000);
      length = round % 500 == 499 ? 500_000 : length;
      int target = random.nextInt(AREA - length);
      int value = random.nextInt();
      Arrays.fill(model, target, target + length, (byte) value);
      fill.restart().value(0, memory + target).value(1, value).value(2, length);
      assertThat(fill.enter()).isEqualTo(ExitCode.DONE);
      if (round % 25 == 0 || length > 5000) {
        checkModel(seed, round);
      }
    }
  }

  @Test
  void leavesBetweenChunksWhenTheFlagIsSet() {
    int length = 5 * BulkStubs.CHUNK_BYTES + 377;
    new Random(1).nextBytes(model);
    RawMemory.copyIn(model, 0, memory, AREA);
    GuestFiber copy = fiber(GuestHarness.get(), Builtin.MEMORY_COPY);
    for (int distance : new int[] {3, -3, -5000}) {
      System.arraycopy(model, 6000, model, 6000 + distance, length);
      copy.restart().value(0, memory + 6000 + distance).value(1, memory + 6000).value(2, length);
      exitsAtEveryChunk(copy);
      checkModel(1, distance);
    }
    GuestFiber fill = fiber(GuestHarness.get(), Builtin.MEMORY_FILL);
    Arrays.fill(model, 5, 5 + length, (byte) 0xA7);
    fill.restart().value(0, memory + 5).value(1, 0xA7).value(2, length);
    exitsAtEveryChunk(fill);
    checkModel(1, 0);
  }

  private static void exitsAtEveryChunk(GuestFiber fiber) {
    RawMemory.putIntVolatile(fiber.flag, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(fiber.enter()).isEqualTo(ExitCode.EPOCH);
      assertThat(fiber.get(StoreContext.EXIT_RSP)).isEqualTo(fiber.stackTop - 16);
      assertThat(fiber.get(StoreContext.EXIT_PC))
          .isBetween(
              GuestHarness.get().codeBase,
              GuestHarness.get().codeBase + (long) GuestHarness.GRANULES << 16);
    }
    assertThat(fiber.enter()).isEqualTo(ExitCode.DONE);
  }

  private void checkModel(long seed, int round) {
    RawMemory.copyOut(memory, actual, 0, AREA);
    int difference = Arrays.mismatch(actual, model);
    assertThat(difference).as("seed %d round %d: first difference", seed, round).isEqualTo(-1);
  }
}

package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.HeapImage;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memories out of the pool: contents, protection, reuse, exhaustion. */
class MemoryPoolTest {
  private static final long PAGE = 64 << 10;
  private static final PoolConfig CONFIG =
      new PoolConfig(
          4, 4, 1 << 24, 1 << 20, 1 << 24, PAGE, 3 * PAGE, 4, 4, 2, 64 << 10, 8 << 10, 2);

  private long mappedBefore;
  private final ManualTimer timer = new ManualTimer();
  private MemoryPool pool;

  MemoryPoolTest() {
    mappedBefore = VirtualMemory.mappedBytes();
    pool = new MemoryPool(CONFIG, timer);
  }

  @BeforeEach
  void poolIsEmpty() {
    assertThat(pool.metrics().live()).isZero();
  }

  @AfterEach
  void everythingIsReleased() {
    pool.close();
    assertThat(VirtualMemory.mappedBytes()).isEqualTo(mappedBefore);
  }

  @Test
  void reusedSlotReadsAsZeroesWhateverWasWritten() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 50; round++) {
      LinearMemory memory = pool.allocate(request(1 + random.nextInt(2), 2 * PAGE, null));
      assertZero(memory, 0, memory.byteLength());
      assertThat(memory.grow((3 + random.nextInt(8)) * PAGE)).isTrue();
      assertZero(memory, 2 * PAGE, memory.byteLength());
      for (int i = 0; i < 200; i++) {
        RawMemory.putByte(memory.base() + random.nextLong(memory.byteLength()), (byte) 0x5a);
      }
      memory.close();
    }
  }

  @Test
  void onlyTheLengthIsAccessibleAndNeighboursAreNot() throws IOException {
    LinearMemory first = pool.allocate(request(1, PAGE, null));
    LinearMemory second = pool.allocate(request(2, 2 * PAGE, null));
    assertThat(first.grow(3 * PAGE)).isTrue();

    for (LinearMemory memory : List.of(first, second)) {
      assertThat(accessible(memory.base() - 1)).isFalse();
      assertThat(accessible(memory.base())).isTrue();
      assertThat(accessible(memory.base() + memory.byteLength() - 1)).isTrue();
      assertThat(accessible(memory.base() + memory.byteLength())).isFalse();
      long reach = pool.layout().reservationBytes() + pool.layout().guardBytes();
      assertThat(accessible(memory.base() + reach - 1)).isFalse();
    }
    first.close();
    second.close();
    timer.runAll();
    // A longer slot that becomes a shorter memory loses the difference.
    LinearMemory again = pool.allocate(request(1, PAGE, null));
    assertThat(again.base()).isEqualTo(first.base());
    assertThat(accessible(again.base() + PAGE)).isFalse();
    again.close();
  }

  @Test
  void imageIsInPlaceEveryTimeAndNeverWrittenThrough() {
    try (Image image = new Image(3 * PAGE, PAGE, 0x11)) {
      for (int round = 0; round < 10; round++) {
        LinearMemory memory = pool.allocate(request(9, 5 * PAGE, image.heapImage));
        assertThat(memory.imageApplied()).isTrue();
        assertZero(memory, 0, PAGE);
        assertFilled(memory, PAGE, 4 * PAGE, (byte) 0x11);
        assertZero(memory, 4 * PAGE, 5 * PAGE);
        RawMemory.fill(memory.base(), memory.byteLength(), (byte) 0x77);
        memory.close();
      }
      assertThat(pool.metrics().affinityHits()).isGreaterThan(0);
      pool.purge(9);
    }
    LinearMemory plain = pool.allocate(request(9, 5 * PAGE, null));
    assertZero(plain, 0, 5 * PAGE);
    plain.close();
  }

  @Test
  void copiedImageIsRestoredBeyondTheResidentPart() {
    try (Image image = new Image(3 * PAGE, 0, 0x22)) {
      HeapImage copied =
          new HeapImage(null, 0, image.heapImage.address(), image.heapImage.byteLength(), 0);
      for (int round = 0; round < 4; round++) {
        LinearMemory memory = pool.allocate(request(5, 4 * PAGE, copied));
        assertFilled(memory, 0, 3 * PAGE, (byte) 0x22);
        assertZero(memory, 3 * PAGE, 4 * PAGE);
        RawMemory.fill(memory.base(), memory.byteLength(), (byte) 0x33);
        memory.close();
      }
    }
  }

  @Test
  void anotherModuleNeverSeesAnImageOrItsChanges() {
    try (Image image = new Image(2 * PAGE, 0, 0x44)) {
      List<LinearMemory> all = new ArrayList<>();
      for (int i = 0; i < CONFIG.memorySlots(); i++) {
        all.add(pool.allocate(request(1, 2 * PAGE, image.heapImage)));
      }
      all.forEach(memory -> RawMemory.fill(memory.base(), 2 * PAGE, (byte) 0x55));
      all.forEach(LinearMemory::close);
      for (int i = 0; i < CONFIG.memorySlots(); i++) {
        LinearMemory other = pool.allocate(request(2 + i, 3 * PAGE, null));
        assertZero(other, 0, 3 * PAGE);
        other.close();
      }
    }
  }

  @Test
  void exhaustionIsTypedAndWaitersAreServedInOrder() {
    List<LinearMemory> all = new ArrayList<>();
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      all.add(pool.allocate(request(i + 1, PAGE, null)));
    }
    assertThatThrownBy(() -> pool.allocate(request(99, PAGE, null)))
        .isInstanceOf(AllocationException.class)
        .hasMessageContaining("all 4 pooled memories are in use");

    CompletionStage<Void> first = pool.line().join("a", 1);
    CompletionStage<Void> second = pool.line().join("a", 1);
    assertThat(first.toCompletableFuture()).isNotDone();
    all.removeFirst().close();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(second.toCompletableFuture()).isNotDone();
    all.removeFirst().close();
    assertThat(second.toCompletableFuture()).isCompleted();
    assertThat(pool.metrics().exhaustions()).isEqualTo(1);
    all.forEach(LinearMemory::close);
  }

  @Test
  void waiterGetsASlotThatOnlyWaitsForItsBatch() {
    List<LinearMemory> all = new ArrayList<>();
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      all.add(pool.allocate(request(1, 4 * PAGE, null)));
    }
    all.removeFirst().close();
    assertThat(pool.metrics().awaitingDrop()).isEqualTo(1);
    assertThat(pool.metrics().live()).isEqualTo(CONFIG.memorySlots() - 1);

    LinearMemory memory = pool.allocate(request(2, PAGE, null));
    memory.close();
    all.forEach(LinearMemory::close);
  }

  @Test
  void largeMemoriesAreResetLaterAndTogether() {
    List<LinearMemory> all = new ArrayList<>();
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      all.add(pool.allocate(request(1, 4 * PAGE, null)));
    }
    CompletionStage<Void> waiter = pool.line().join("a", 1);
    boolean unused = waiter.toCompletableFuture().cancel(false);
    all.forEach(memory -> RawMemory.putLong(memory.base() + 2 * PAGE, 99));
    all.forEach(LinearMemory::close);
    assertThat(pool.metrics().awaitingDrop()).isEqualTo(CONFIG.memorySlots());
    timer.runAll();
    assertThat(pool.metrics().awaitingDrop()).isZero();
    assertThat(pool.metrics().warm()).isEqualTo(CONFIG.memorySlots());
    LinearMemory again = pool.allocate(request(1, 4 * PAGE, null));
    assertZero(again, 0, 4 * PAGE);
    again.close();
  }

  @Test
  void whatFreeSlotsKeepIsBoundedAndCanBeTrimmed() {
    List<LinearMemory> all = new ArrayList<>();
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      all.add(pool.allocate(request(1, PAGE, null)));
    }
    all.forEach(memory -> RawMemory.putLong(memory.base(), 7));
    all.forEach(LinearMemory::close);
    assertThat(pool.metrics().residentBytes()).isEqualTo(3 * PAGE);
    assertThat(pool.metrics().awaitingDrop()).as("the one beyond the budget").isEqualTo(1);
    assertThat(pool.trim(PAGE + 1)).isEqualTo(2 * PAGE);
    assertThat(pool.metrics().residentBytes()).isEqualTo(PAGE);
    assertThat(pool.trim(Long.MAX_VALUE)).isEqualTo(PAGE);
    assertThat(pool.metrics().residentBytes()).isZero();
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      LinearMemory clean = pool.allocate(request(1, PAGE, null));
      assertZero(clean, 0, PAGE);
      all.set(i, clean);
    }
    all.forEach(LinearMemory::close);
  }

  @Test
  void imagesBeyondTheBudgetOfMappingsAreCopied() throws IOException {
    try (Image image = new Image(3 * PAGE, PAGE, 0x66)) {
      for (int round = 0; round < 3; round++) {
        List<LinearMemory> all = new ArrayList<>();
        for (int i = 0; i < CONFIG.memorySlots(); i++) {
          LinearMemory memory = pool.allocate(request(3, 5 * PAGE, image.heapImage));
          assertThat(memory.imageApplied()).isTrue();
          assertZero(memory, 0, PAGE);
          assertFilled(memory, PAGE, 4 * PAGE, (byte) 0x66);
          assertZero(memory, 4 * PAGE, 5 * PAGE);
          RawMemory.fill(memory.base(), 5 * PAGE, (byte) 0x12);
          all.add(memory);
        }
        assertThat(all.stream().filter(MemoryPoolTest::startsAMapping))
            .as("mapped images, two mappings each")
            .hasSize(2);
        all.forEach(LinearMemory::close);
      }
      pool.purge(3);
    }
    for (int i = 0; i < CONFIG.memorySlots(); i++) {
      LinearMemory plain = pool.allocate(request(3, 5 * PAGE, null));
      assertZero(plain, 0, 5 * PAGE);
      plain.close();
    }
  }

  /** Whether a mapping begins at the image, one page behind the base. */
  private static boolean startsAMapping(LinearMemory memory) {
    String start = Long.toHexString(memory.base() + PAGE) + "-";
    try {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .anyMatch(line -> line.startsWith(start));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs what was planned when the test says so. */
  private static final class ManualTimer implements DropTimer {
    private final List<Runnable> planned = new ArrayList<>();

    @Override
    public void after(long delayNanos, Runnable task) {
      planned.add(task);
    }

    void runAll() {
      planned.forEach(Runnable::run);
      planned.clear();
    }

    @Override
    public void close() {
      planned.clear();
    }
  }

  @Test
  void impossibleRequestsAreRefused() {
    assertThatThrownBy(() -> pool.allocate(request(1, (1 << 24) + PAGE, null)))
        .isInstanceOf(AllocationException.class)
        .hasMessageContaining("exceeds the pool's maximum");
    assertThatThrownBy(() -> pool.allocate(wideRequest(1L << 43)))
        .isInstanceOf(AllocationException.class)
        .hasMessageContaining("address space");

    LinearMemory memory = pool.allocate(request(1, PAGE, null));
    assertThat(memory.grow(1L << 25)).isFalse();
    memory.close();
    assertThatThrownBy(memory::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMemoryWiderThanASlotHasItsOwnReservation() {
    LinearMemory memory = pool.allocate(wideRequest(1L << 34));
    assertThat(memory.byteLength()).isEqualTo(PAGE);
    assertZero(memory, 0, PAGE);
    assertThat(memory.maximumBytes()).as("bounded by the pool").isEqualTo(1L << 24);
    assertThat(memory.grow(1L << 25)).isFalse();
    assertThat(memory.grow(1L << 20)).isTrue();
    RawMemory.putLong(memory.base() + (1L << 20) - Long.BYTES, 1);
    memory.close();
  }

  private static MemoryRequest wideRequest(long reservationBytes) {
    return new MemoryRequest(1, 0, PAGE, 1L << 33, reservationBytes, 1 << 20, null);
  }

  private static MemoryRequest request(long module, long initialBytes, @Nullable HeapImage image) {
    return new MemoryRequest(module, 0, initialBytes, 1 << 24, 1 << 24, 1 << 20, image);
  }

  private static void assertZero(LinearMemory memory, long from, long to) {
    assertFilled(memory, from, to, (byte) 0);
  }

  private static void assertFilled(LinearMemory memory, long from, long to, byte value) {
    long pattern = 0x0101010101010101L * (value & 0xff);
    for (long i = from; i < to; i += Long.BYTES) {
      long found = RawMemory.getLong(memory.base() + i);
      if (found != pattern) {
        assertThat(found).as("bytes at %d", i).isEqualTo(pattern);
      }
    }
  }

  /** Whether the kernel lists the address as readable and writable. */
  private static boolean accessible(long address) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      int dash = line.indexOf('-');
      int space = line.indexOf(' ');
      long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
      long to = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
      if (Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0) {
        return line.startsWith("rw", space + 1);
      }
    }
    return false;
  }

  /** A heap image in a memory file, as a loaded artifact has it. */
  private static final class Image implements AutoCloseable {
    final NativeFile file = NativeFile.inMemory("image");
    final HeapImage heapImage;

    Image(long bytes, long memoryOffset, int value) {
      byte[] content = new byte[(int) bytes];
      java.util.Arrays.fill(content, (byte) value);
      file.truncate(bytes);
      file.write(0, content);
      long address = VirtualMemory.mapPrivate(file, 0, bytes, Protection.READ);
      heapImage = new HeapImage(file, 0, address, bytes, memoryOffset);
    }

    @Override
    public void close() {
      VirtualMemory.unmap(heapImage.address(), heapImage.byteLength());
      file.close();
    }
  }
}

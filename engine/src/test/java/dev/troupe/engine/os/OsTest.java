package dev.troupe.engine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every wrapper against the real kernel: its effect, and its failure. */
class OsTest {
  private static final int PAGE = VirtualMemory.PAGE_BYTES;

  @Test
  void thisPlatformIsSupported() {
    SystemInfo.requireSupportedPlatform();
    assertThat(SystemInfo.minimumSignalStackBytes()).isBetween(2048L, 1L << 20);
    assertThat(SystemInfo.maxMapCount()).isPositive();
    assertThat(SystemInfo.overcommitMode()).isBetween(0, 2);
  }

  @Test
  void reservedSpaceBecomesMemoryByProtect() {
    long before = VirtualMemory.mappedBytes();
    long base = VirtualMemory.reserve(16L * PAGE);
    VirtualMemory.protect(base, 2L * PAGE, Protection.READ_WRITE);
    RawMemory.putLong(base + PAGE - 4, 0x0123456789abcdefL);
    assertThat(RawMemory.getLong(base + PAGE - 4)).isEqualTo(0x0123456789abcdefL);
    assertThat(RawMemory.getByte(base + PAGE)).isEqualTo((byte) 0x67);
    VirtualMemory.discard(base, 2L * PAGE);
    assertThat(RawMemory.getLong(base + PAGE - 4)).isZero();
    VirtualMemory.unmap(base, 16L * PAGE);
    assertThat(VirtualMemory.mappedBytes()).isEqualTo(before);
  }

  @Test
  void alignedReservationIsAlignedAndComplete() {
    long alignment = 1L << 30;
    long base = VirtualMemory.reserveAligned(4L * PAGE, alignment);
    assertThat(base % alignment).isZero();
    VirtualMemory.protect(base, 4L * PAGE, Protection.READ);
    VirtualMemory.withoutHugePages(base, 4L * PAGE);
    VirtualMemory.unmap(base, 4L * PAGE);
  }

  @Test
  void failureCarriesErrno() {
    assertThatThrownBy(() -> VirtualMemory.reserve(1L << 60))
        .isInstanceOfSatisfying(
            OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM))
        .hasMessageContaining("mmap failed");
    assertThatThrownBy(() -> VirtualMemory.unmap(1, PAGE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fileIsMappedCopyOnWrite(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("image");
    Files.write(path, new byte[2 * PAGE]);
    try (NativeFile file = NativeFile.openForReading(path)) {
      FileStatus status = file.status();
      assertThat(status.isRegular()).isTrue();
      assertThat(status.sizeBytes()).isEqualTo(2L * PAGE);
      assertThat(status.owner()).isEqualTo(SystemInfo.effectiveUserId());
      long base = VirtualMemory.mapPrivate(file, PAGE, PAGE, Protection.READ_WRITE);
      RawMemory.putByte(base, (byte) 7);
      VirtualMemory.discard(base, PAGE);
      assertThat(RawMemory.getByte(base)).isZero();
      VirtualMemory.unmap(base, PAGE);
    }
    assertThat(Files.readAllBytes(path)).containsOnly(0);
  }

  @Test
  void symbolicLinkIsRefused(@TempDir Path folder) throws IOException {
    Path target = Files.createFile(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    assertThatThrownBy(() -> NativeFile.openForReading(link))
        .isInstanceOfSatisfying(
            OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
    assertThatThrownBy(() -> NativeFile.openForReading(folder.resolve("absent")))
        .isInstanceOfSatisfying(
            OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void sealedMemoryFileIsExecutableAndCannotChange() {
    // mov eax, edi; add eax, 1; ret
    byte[] code = {(byte) 0x89, (byte) 0xf8, (byte) 0x83, (byte) 0xc0, 1, (byte) 0xc3};
    try (NativeFile file = NativeFile.inMemory("test")) {
      file.truncate(PAGE);
      file.write(0, code);
      file.seal();
      assertThat(file.isSealed()).isTrue();
      assertThatThrownBy(() -> file.write(0, code))
          .isInstanceOfSatisfying(
              OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
      long text = VirtualMemory.mapPrivate(file, 0, PAGE, Protection.READ_EXECUTE);
      assertThat((int) NativeEntry.call(NativeEntry.at(text), 41)).isEqualTo(42);
      byte[] read = new byte[code.length];
      RawMemory.copyOut(text, read, 0, read.length);
      assertThat(read).isEqualTo(code);
      VirtualMemory.unmap(text, PAGE);
    }
  }

  @Test
  void signalActionIsReplacedAndRestored() {
    Signals.Action before = Signals.action(Signals.SIGURG);
    Signals.Action ours =
        new Signals.Action(
            Signals.Action.IGNORE, Signals.SA_RESTART, Signals.maskOf(Signals.SIGFPE));
    assertThat(Signals.replace(Signals.SIGURG, ours)).isEqualTo(before);
    Signals.Action seen = Signals.action(Signals.SIGURG);
    assertThat(seen.handler()).isEqualTo(Signals.Action.IGNORE);
    assertThat(seen.mask()).isEqualTo(Signals.maskOf(Signals.SIGFPE));
    Signals.replace(Signals.SIGURG, before);
    assertThatThrownBy(() -> Signals.replace(9, ours))
        .isInstanceOfSatisfying(
            OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
  }

  @Test
  void timerIsArmedAndDeleted() {
    NativeThread thread = NativeThread.current();
    // Ignored by default; with our handler installed an interval of 1 us would be a livelock, which
    // the timer does not allow.
    KernelTimer timer = KernelTimer.create(Signals.SIGURG, thread.id());
    timer.arm(1_000, 1_000);
    timer.disarm();
    timer.close();
    timer.arm(1, 1);
    thread.signal(Signals.SIGURG);
    long start = thread.cpuNanos();
    long sum = 0;
    for (int i = 0; i < 1_000_000; i++) {
      sum += Integer.toString(i).length();
    }
    assertThat(sum).isPositive();
    assertThat(thread.cpuNanos()).isGreaterThan(start);
  }

  @Test
  void rawMemoryCopiesAndFills() {
    long base = VirtualMemory.allocate(PAGE);
    byte[] text = "hello".getBytes(StandardCharsets.US_ASCII);
    RawMemory.copyIn(text, 0, base + 1, text.length);
    RawMemory.copy(base + 2, base + 1, text.length);
    byte[] out = new byte[7];
    RawMemory.copyOut(base, out, 0, 7);
    assertThat(new String(out, StandardCharsets.US_ASCII)).isEqualTo("\0hhello");
    RawMemory.fill(base, 3, (byte) 'x');
    assertThat(RawMemory.getShort(base + 1)).isEqualTo((short) 0x7878);
    RawMemory.putLongRelease(base, 5);
    assertThat(RawMemory.getLongAcquire(base)).isEqualTo(5);
    RawMemory.putIntVolatile(base, 6);
    assertThat(RawMemory.getIntVolatile(base)).isEqualTo(6);
    assertThat(RawMemory.view(base, 8).byteSize()).isEqualTo(8);
    VirtualMemory.unmap(base, PAGE);
  }

  @Test
  void kernelSettingsAreReadWhole() throws java.io.IOException {
    // Files.readString stops after the first digit of such a file.
    try (var reader =
        new java.io.FileReader(
            "/proc/sys/vm/max_map_count", java.nio.charset.StandardCharsets.UTF_8)) {
      char[] digits = new char[32];
      int length = reader.read(digits);
      assertThat(SystemInfo.maxMapCount())
          .isEqualTo(Long.parseLong(new String(digits, 0, length).strip()));
    }
  }

  @Test
  void longAndShortFillsWriteWhatTheyShouldAndNothingElse() {
    long base = VirtualMemory.reserve(4L * PAGE);
    VirtualMemory.protect(base, 4L * PAGE, Protection.READ_WRITE);
    for (int bytes : new int[] {1, 100, 2047, 2048, 2049, 2 * PAGE + 3}) {
      RawMemory.fill(base + 1, bytes, (byte) -86);
      assertThat(RawMemory.getByte(base)).isZero();
      assertThat(RawMemory.getByte(base + 1)).isEqualTo((byte) -86);
      assertThat(RawMemory.getByte(base + bytes)).isEqualTo((byte) -86);
      assertThat(RawMemory.getByte(base + bytes + 1)).isZero();
      RawMemory.fill(base + 1, bytes, (byte) 0);
      assertThat(RawMemory.getByte(base + bytes)).isZero();
    }
    VirtualMemory.unmap(base, 4L * PAGE);
  }

  @Test
  void shortSlicesAreGrantedWhereTheKernelKnowsThem() throws InterruptedException {
    boolean[] granted = new boolean[2];
    Thread thread =
        new Thread(() -> {
          granted[0] = NativeThread.current().askForShortSlices();
          granted[1] = NativeThread.current().askForShortSlices();
        });
    thread.start();
    thread.join();
    // Since Linux 6.12; either way it is no error and the answer does not change.
    assertThat(granted[1]).isEqualTo(granted[0]);
    String[] release = System.getProperty("os.version").split("[^0-9]+", 3);
    int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
    assertThat(granted[0]).isEqualTo(version >= 6012);
  }
}

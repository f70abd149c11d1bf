package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.KernelTimer;
import dev.troupe.engine.os.NativeThread;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.Signals;
import dev.troupe.engine.runtime.stub.GuestHarness.GuestFiber;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HotSpot lives on while guests run, and our handlers pass on what is not ours. */
class BesideHotSpotTest {
  private static final long RUN_NANOS = 50_000_000;

  private final GuestHarness harness = GuestHarness.get();

  /** Spins until the instance's handle is set, leaving at every preemption. */
  private GuestFiber spinner() {
    Assembler asm = new Assembler();
    int spin = asm.bindNew();
    asm.mi(CMP32_MI, Mem.base(R15, InstanceLayout.HANDLE), 0);
    asm.jcc(X64Cond.E, spin);
    asm.op(RET);
    return harness.fiber(GuestHarness.NULLARY, harness.publish(asm));
  }

  @Test
  void collectionsAndThreadDumpsGoOnWhileAGuestSpins() throws InterruptedException {
    GuestFiber fiber = spinner();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AtomicInteger exits = new AtomicInteger();
    Thread worker =
        Thread.ofPlatform()
            .name("spinning-guest")
            .start(() -> {
              try (KernelTimer timer =
                  KernelTimer.create(Signals.SIGURG, NativeThread.current().id())) {
                timer.arm(1_000_000, 1_000_000);
                exits.set(fiber.finish());
              } catch (RuntimeException | AssertionError e) {
                failure.set(e);
              }
            });
    for (int i = 0; i < 20; i++) {
      System.gc();
      assertThat(Thread.getAllStackTraces()).containsKey(worker);
    }
    // However late a busy machine lets it begin: it has run for longer than its timer's interval.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    while (worker.isAlive() && threads.getThreadCpuTime(worker.threadId()) < RUN_NANOS) {
      System.gc();
    }
    RawMemory.putLong(fiber.instance + InstanceLayout.HANDLE, 1);
    worker.join();
    assertThat(failure.get()).isNull();
    assertThat(exits.get()).isPositive();
  }

  @Test
  void nullPointersAndStackOverflowsStayJavaExceptions() {
    int caught = 0;
    String[] strings = {"a", null};
    for (int i = 0; i < 100_000; i++) {
      try {
        caught += strings[i & 1].length();
      } catch (NullPointerException e) {
        caught++;
      }
    }
    assertThat(caught).isEqualTo(100_000);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> recurse(0)).isInstanceOf(StackOverflowError.class);
    }
    assertThat(HandlerInstaller.diagnose()).isEmpty();
  }

  private static int recurse(int depth) {
    return depth < 0 ? depth : recurse(depth + 1) + 1;
  }

  @Test
  void aReplacedHandlerIsDiagnosed() {
    Signals.Action ours = Signals.replace(Signals.SIGURG, new Signals.Action(1, 0, 0));
    try {
      assertThat(HandlerInstaller.diagnose()).singleElement().asString().contains("SIGURG");
      assertThatThrownBy(HandlerInstaller::requireInstalled)
          .isInstanceOf(SignalHandlerException.class)
          .hasMessageContaining("SIGURG")
          .hasMessageContaining("traps=explicit");
    } finally {
      Signals.replace(Signals.SIGURG, ours);
    }
    HandlerInstaller.requireInstalled();
  }

  /** Run in a class loader of its own: traps once and reports the handlers it sees. */
  public static final class Isolated implements Runnable {
    @Override
    public void run() {
      Assembler asm = new Assembler();
      int site = asm.mark();
      asm.op(UD2);
      GuestHarness own = GuestHarness.get();
      GuestFiber fiber =
          own.fiber(
              GuestHarness.NULLARY, own.publish(asm, Map.of(site, TrapKind.INTEGER_OVERFLOW)));
      if (fiber.enter() != ExitCode.TRAP || fiber.trapKind() != TrapKind.INTEGER_OVERFLOW) {
        throw new AssertionError("the trap of the second class loader got lost");
      }
    }
  }

  @Test
  void aSecondClassLoaderSharesTheHandlers() throws Exception {
    Signals.Action before = Signals.action(Signals.SIGSEGV);
    String[] entries = System.getProperty("java.class.path").split(":", -1);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Class<?> copy = loader.loadClass(Isolated.class.getName());
      assertThat(copy).isNotSameAs(Isolated.class);
      ((Runnable) copy.getConstructor().newInstance()).run();
    }
    assertThat(Signals.action(Signals.SIGSEGV)).isEqualTo(before);
    new Isolated().run();
  }

  /**
   * Main of a process that is to die: a guest faults where no trap is listed; or, with an argument,
   * where one is listed, but with a broken instance register, so that the handler itself faults.
   */
  public static final class Dying {
    private Dying() {}

    /** Never returns normally. */
    public static void main(String[] args) {
      Assembler asm = new Assembler();
      int listed = asm.mark();
      asm.op(NOP);
      asm.movImm(RAX, 8);
      if (args.length != 0) {
        asm.rr(MOV64_RM, R15, RAX);
        listed = asm.mark();
      }
      asm.rm(MOV64_RM, RAX, Mem.base(RAX, 0));
      asm.op(RET);
      GuestHarness own = GuestHarness.get();
      GuestFiber fiber =
          own.fiber(GuestHarness.NULLARY, own.publish(asm, Map.of(listed, TrapKind.UNREACHABLE)));
      System.out.println("left with " + fiber.enter());
    }
  }

  @Test
  void aFaultThatIsNoTrapReachesHotSpotsCrashReport(@TempDir Path folder)
      throws IOException, InterruptedException {
    diesWithReport(folder);
  }

  @Test
  void aFaultInsideAHandlerReachesHotSpotsCrashReport(@TempDir Path folder)
      throws IOException, InterruptedException {
    diesWithReport(folder, "nested");
  }

  private static void diesWithReport(Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                "-cp",
                System.getProperty("java.class.path"),
                Dying.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Without a core dump HotSpot ends with 1; a silent death would be 139.
    assertThat(process.waitFor()).as(output).isEqualTo(1);
    assertThat(output).contains("SIGSEGV").doesNotContain("left with");
    try (Stream<String> lines = Files.lines(folder.resolve("hs_err.log"))) {
      assertThat(lines.anyMatch(line -> line.startsWith("END."))).as("complete report").isTrue();
    }
  }
}

package dev.troupe.engine.os;

import java.util.ArrayList;
import java.util.List;

/**
 * Signals that ask the process to end, as something that a thread can wait for, any number of
 * times.
 *
 * <p>The JVM's own handler begins a shutdown that neither ends with status 0 nor hears a second
 * signal. This handler is machine code that adds one to a counter of the kernel (eventfd(2)):
 * nothing of Java runs on the stack that the signal found, which may be a guest's.
 *
 * <pre>
 *   mov eax, SYS_write     mov edi, descriptor     lea rsi, [the number one]
 *   mov edx, 8             syscall                 ret
 * </pre>
 */
public final class TerminationSignals implements AutoCloseable {
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int CODE_OFFSET = 16;

  private final int descriptor;
  private final List<Replaced> replaced = new ArrayList<>();

  private record Replaced(int signal, Signals.Action before) {}

  private TerminationSignals(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Takes SIGTERM, SIGINT and SIGHUP from the JVM. */
  public static TerminationSignals install() {
    return install(Signals.SIGTERM, Signals.SIGINT, Signals.SIGHUP);
  }

  /** Takes these signals from whoever had them. */
  static TerminationSignals install(int... signals) {
    int descriptor = (int) Libc.check("eventfd2", Syscall.EVENTFD2, 0, EFD_CLOEXEC, 0);
    TerminationSignals result = new TerminationSignals(descriptor);
    Signals.Action action =
        new Signals.Action(handler(descriptor), Signals.SA_ONSTACK | Signals.SA_RESTART, 0);
    for (int signal : signals) {
      result.replaced.add(new Replaced(signal, Signals.replace(signal, action)));
    }
    return result;
  }

  // Stays mapped for ever: a thread may be in it when the next action is installed.
  private static long handler(int descriptor) {
    long page = VirtualMemory.allocate(VirtualMemory.PAGE_BYTES);
    RawMemory.putLong(page, 1);
    long at = page + CODE_OFFSET;
    at = put(at, 0xb8, Syscall.WRITE);
    at = put(at, 0xbf, descriptor);
    RawMemory.putByte(at, (byte) 0x48);
    RawMemory.putByte(at + 1, (byte) 0x8d);
    RawMemory.putByte(at + 2, (byte) 0x35);
    RawMemory.putInt(at + 3, (int) (page - (at + 7)));
    at = put(at + 7, 0xba, Long.BYTES);
    RawMemory.putByte(at, (byte) 0x0f);
    RawMemory.putByte(at + 1, (byte) 0x05);
    RawMemory.putByte(at + 2, (byte) 0xc3);
    VirtualMemory.protect(page, VirtualMemory.PAGE_BYTES, Protection.READ_EXECUTE);
    return page + CODE_OFFSET;
  }

  private static long put(long address, int opcode, int immediate) {
    RawMemory.putByte(address, (byte) opcode);
    RawMemory.putInt(address + 1, immediate);
    return address + 5;
  }

  /**
   * Waits until a signal came that no wait has seen. Blocks a platform thread; an interrupt does
   * not end it.
   *
   * @return how many have come, at least 1
   */
  public long await() {
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      long count = arena.allocate(Long.BYTES, Long.BYTES).address();
      long unused = Libc.check("read", Syscall.READ, descriptor, count, Long.BYTES);
      return RawMemory.getLong(count);
    }
  }

  /** Gives the signals back. A thread that waits goes on waiting. */
  @Override
  public void close() {
    for (Replaced signal : replaced) {
      Signals.Action unused = Signals.replace(signal.signal(), signal.before());
    }
    replaced.clear();
  }
}

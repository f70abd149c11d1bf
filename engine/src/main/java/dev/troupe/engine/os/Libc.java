package dev.troupe.engine.os;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * Calls into the kernel and libc.
 *
 * <p>System calls go through a few instructions of our own and not through libc's {@code syscall},
 * which reports errors in {@code errno}: reading that takes a downcall with a more expensive
 * signature and a segment per thread.
 */
final class Libc {
  /**
   * {@code long f(number, a, b, c, d, e, f)}: moves the System V arguments to where the kernel
   * wants them. The kernel's answer is the result: a negative one is {@code -errno}.
   */
  private static final byte[] SYSTEM_CALL_CODE = {
    0x48,
    (byte) 0x89,
    (byte) 0xF8, // mov rax, rdi
    0x48,
    (byte) 0x89,
    (byte) 0xF7, // mov rdi, rsi
    0x48,
    (byte) 0x89,
    (byte) 0xD6, // mov rsi, rdx
    0x48,
    (byte) 0x89,
    (byte) 0xCA, // mov rdx, rcx
    0x4D,
    (byte) 0x89,
    (byte) 0xC2, // mov r10, r8
    0x4D,
    (byte) 0x89,
    (byte) 0xC8, // mov r8, r9
    0x4C,
    (byte) 0x8B,
    0x4C,
    0x24,
    0x08, // mov r9, [rsp + 8]
    0x0F,
    0x05, // syscall
    (byte) 0xC3 // ret
  };

  private static final long PAGE_BYTES = 4096;
  private static final int READ_WRITE = 0x3;
  private static final int READ_EXECUTE = 0x5;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private static final SymbolLookup LOOKUP = Linker.nativeLinker().defaultLookup();
  private static final MemorySegment SYSTEM_CALL = NativeEntry.at(systemCallCode());
  private static final MemorySegment SIGACTION = LOOKUP.findOrThrow("sigaction");
  private static final MemorySegment GETAUXVAL = LOOKUP.findOrThrow("getauxval");
  private static final MemorySegment MEMSET = LOOKUP.findOrThrow("memset");

  private Libc() {}

  /** Maps the code, by means of libc's {@code syscall}: its address. */
  private static long systemCallCode() {
    MemorySegment syscall = LOOKUP.findOrThrow("syscall");
    long page =
        NativeEntry.call(
            syscall, Syscall.MMAP, 0, PAGE_BYTES, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    if (page == -1) {
      throw new IllegalStateException("the kernel refused to map a page");
    }
    RawMemory.copyIn(SYSTEM_CALL_CODE, 0, page, SYSTEM_CALL_CODE.length);
    long refused =
        NativeEntry.call(syscall, Syscall.MPROTECT, page, PAGE_BYTES, READ_EXECUTE, 0, 0, 0);
    if (refused != 0) {
      throw new IllegalStateException("the kernel refused to make a page executable");
    }
    return page;
  }

  /** A system call by number: its result, or {@code -errno}. */
  static long syscall(long number, long a, long b, long c, long d, long e, long f) {
    return NativeEntry.call(SYSTEM_CALL, number, a, b, c, d, e, f);
  }

  /** A system call that is repeated when a signal interrupts it: its result, or {@code -errno}. */
  static long repeated(long number, long a, long b, long c, long d) {
    long result;
    do {
      result = syscall(number, a, b, c, d, 0, 0);
    } while (result == -Errno.EINTR);
    return result;
  }

  /** A system call that must succeed; repeated when a signal interrupts it. */
  static long check(String name, long number, long a, long b, long c, long d, long e, long f) {
    while (true) {
      long result = syscall(number, a, b, c, d, e, f);
      if (result >= 0) {
        return result;
      }
      // Addresses are below 2^47, so a negative result is always an error number.
      if (result != -Errno.EINTR) {
        throw new OsException(name, (int) -result);
      }
    }
  }

  static long check(String name, long number, long a, long b, long c) {
    return check(name, number, a, b, c, 0, 0, 0);
  }

  /** libc's sigaction, not the system call: libc supplies the restorer, and libjsig can see it. */
  static void sigaction(int signal, long newAction, long oldAction) {
    int result = (int) NativeEntry.call(SIGACTION, signal, newAction, oldAction, 0, 0, 0, 0);
    if (result != 0) {
      // The only reason besides addresses, which are ours.
      throw new OsException("sigaction", Errno.EINVAL);
    }
  }

  /** A value of the auxiliary vector, 0 when the kernel gives none. */
  static long getauxval(long type) {
    return NativeEntry.call(GETAUXVAL, type);
  }

  /** Sets {@code bytes} bytes to the low byte of {@code value}. */
  static void memset(long address, int value, long bytes) {
    long _ = NativeEntry.call(MEMSET, address, value, bytes, 0, 0, 0, 0);
  }
}

package dev.troupe.wasi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A thread for which a system call does not exist, by a filter of the kernel (seccomp(2)). Threads
 * that it starts have the filter too, so nothing that starts any is done there.
 */
final class Seccomp {
  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_SET_NO_NEW_PRIVILEGES = 38;
  private static final int MODE_FILTER = 2;
  private static final int ALLOW = 0x7FFF_0000;
  private static final int FAIL = 0x0005_0000;
  // linux/bpf_common.h: load a word, jump when equal, return a constant
  private static final short LOAD = 0x20;
  private static final short JUMP_EQUAL = 0x15;
  private static final short RETURN = 0x06;
  private static final int INSTRUCTION_BYTES = 8;

  /** What is done in the thread. */
  interface Body {
    void run() throws Exception;
  }

  private Seccomp() {}

  /** Runs something in a thread whose calls of {@code systemCall} fail with {@code errno}. */
  static void without(int systemCall, int errno, Body body) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread _ =
        Thread.ofPlatform()
            .start(() -> {
              try {
                install(systemCall, errno);
                body.run();
                boolean _ = done.complete(true);
              } catch (Throwable e) {
                boolean _ = done.completeExceptionally(e);
              }
            });
    try {
      Boolean _ = done.join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @SuppressWarnings("restricted") // the kernel's door, in a test
  private static void install(int systemCall, int errno) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(4L * INSTRUCTION_BYTES, 8);
      // The number of the system call is at 0; not equal skips the failure.
      instruction(program, 0, LOAD, 0, 0);
      instruction(program, 1, JUMP_EQUAL, 1, systemCall);
      instruction(program, 2, RETURN, 0, FAIL | errno);
      instruction(program, 3, RETURN, 0, ALLOW);
      MemorySegment header = arena.allocate(16, 8);
      header.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
      header.set(JAVA_LONG, 8, program.address());
      int first = (int) prctl.invokeExact(PR_SET_NO_NEW_PRIVILEGES, 1L, 0L, 0L, 0L);
      int second =
          (int) prctl.invokeExact(PR_SET_SECCOMP, (long) MODE_FILTER, header.address(), 0L, 0L);
      if (first != 0 || second != 0) {
        throw new AssertionError("this kernel takes no filters");
      }
    }
  }

  private static void instruction(
      MemorySegment program, int index, short code, int skipWhenFalse, int constant) {
    long at = (long) index * INSTRUCTION_BYTES;
    program.set(ValueLayout.JAVA_SHORT, at, code);
    program.set(ValueLayout.JAVA_BYTE, at + 3, (byte) skipWhenFalse);
    program.set(JAVA_INT, at + 4, constant);
  }
}

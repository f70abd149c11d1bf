package dev.troupe.engine.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A shared library with one function, {@link JniEntry}'s: ELF64 (System V ABI, chapter 5) as the
 * dynamic linker needs it, without sections.
 *
 * <pre>
 * 0       header and four program headers
 * 0x120   hash table of one bucket, two symbols, their names, code
 * 0x1000  dynamic section, which the dynamic linker writes to
 * </pre>
 */
public final class EntryLibrary {
  private static final String SYMBOL = "Java_dev_troupe_engine_os_JniEntry_enter";
  private static final int PAGE_BYTES = 0x1000;
  private static final int HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int SYMBOL_BYTES = 24;
  private static final int SEGMENTS = 4;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int GNU_STACK = 0x6474_E551;
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int EXECUTE = 1;

  /**
   * {@code long enter(JNIEnv*, class, code, a, b, c, d, e, f, g)}: moves the arguments two places
   * forward and calls {@code code}.
   */
  private static final int[] CODE = {
    0x55, // push rbp
    0x48,
    0x89,
    0xE5, // mov rbp, rsp
    0x48,
    0x89,
    0xD0, // mov rax, rdx
    0x48,
    0x89,
    0xCF, // mov rdi, rcx
    0x4C,
    0x89,
    0xC6, // mov rsi, r8
    0x4C,
    0x89,
    0xCA, // mov rdx, r9
    0x48,
    0x8B,
    0x4D,
    0x10, // mov rcx, [rbp + 16]
    0x4C,
    0x8B,
    0x45,
    0x18, // mov r8, [rbp + 24]
    0x4C,
    0x8B,
    0x4D,
    0x20, // mov r9, [rbp + 32]
    0x50, // push rax, for the stack's alignment
    0xFF,
    0x75,
    0x28, // push [rbp + 40]
    0xFF,
    0xD0, // call rax
    0xC9, // leave
    0xC3 // ret
  };

  private EntryLibrary() {}

  /** The bytes of the file. */
  public static byte[] image() {
    byte[] name = ("\0" + SYMBOL + "\0").getBytes(StandardCharsets.US_ASCII);
    int hash = HEADER_BYTES + SEGMENTS * PROGRAM_HEADER_BYTES;
    int symbols = hash + 24;
    int names = symbols + 2 * SYMBOL_BYTES;
    int code = names + name.length + 15 & -16;
    int end = code + CODE.length;
    long[] dynamic = {4, hash, 5, names, 6, symbols, 10, name.length, 11, SYMBOL_BYTES, 0, 0};
    ByteBuffer out =
        ByteBuffer.allocate(PAGE_BYTES + Long.BYTES * dynamic.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    header(out);
    segment(out, LOAD, READ | EXECUTE, 0, end, PAGE_BYTES);
    segment(out, LOAD, READ | WRITE, PAGE_BYTES, out.capacity() - PAGE_BYTES, PAGE_BYTES);
    segment(out, DYNAMIC, READ | WRITE, PAGE_BYTES, out.capacity() - PAGE_BYTES, Long.BYTES);
    segment(out, GNU_STACK, READ | WRITE, 0, 0, 16);
    // One bucket, two symbols; the first of the bucket is 1, and none follows it.
    out.putInt(1).putInt(2).putInt(1).putInt(0).putInt(0);
    out.position(symbols + SYMBOL_BYTES);
    // A function, global, in a section that is not "undefined".
    out.putInt(1).put((byte) 0x12).put((byte) 0).putShort((short) 1).putLong(code);
    out.putLong(CODE.length);
    out.put(names, name);
    for (int i = 0; i < CODE.length; i++) {
      out.put(code + i, (byte) CODE[i]);
    }
    out.position(PAGE_BYTES);
    out.asLongBuffer().put(dynamic);
    return out.array();
  }

  /** A shared library for x86-64 in which only segments count. */
  private static void header(ByteBuffer out) {
    out.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    out.putShort((short) 3).putShort((short) 62).putInt(1);
    out.putLong(0).putLong(HEADER_BYTES).putLong(0).putInt(0);
    out.putShort((short) HEADER_BYTES).putShort((short) PROGRAM_HEADER_BYTES);
    out.putShort((short) SEGMENTS).putShort((short) 64).putShort((short) 0).putShort((short) 0);
  }

  private static void segment(
      ByteBuffer out, int type, int access, long at, long bytes, long unit) {
    out.putInt(type).putInt(access).putLong(at).putLong(at).putLong(at);
    out.putLong(bytes).putLong(bytes).putLong(unit);
  }
}

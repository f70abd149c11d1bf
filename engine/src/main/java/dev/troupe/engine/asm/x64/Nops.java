package dev.troupe.engine.asm.x64;

import java.util.List;

/** Padding made of the fewest recommended multi-byte no-operations. */
final class Nops {
  private static final byte[][] BY_SIZE = {
    {},
    {(byte) 0x90},
    {0x66, (byte) 0x90},
    {0x0F, 0x1F, 0x00},
    {0x0F, 0x1F, 0x40, 0x00},
    {0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x0F, 0x1F, (byte) 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0F, 0x1F, (byte) 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
    {0x66, 0x0F, 0x1F, (byte) 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
  };

  private static final List<String> TEXT =
      List.of(
          "",
          "nop",
          "xchg ax,ax",
          "nop DWORD PTR [rax]",
          "nop DWORD PTR [rax+0x0]",
          "nop DWORD PTR [rax+rax*1+0x0]",
          "nop WORD PTR [rax+rax*1+0x0]",
          "nop DWORD PTR [rax+0x0]",
          "nop DWORD PTR [rax+rax*1+0x0]",
          "nop WORD PTR [rax+rax*1+0x0]");

  static final int LONGEST = BY_SIZE.length - 1;

  private Nops() {}

  static void put(CodeBuffer out, int size) {
    int left = size;
    while (left > 0) {
      int now = Math.min(left, LONGEST);
      out.put(BY_SIZE[now], 0, now);
      left -= now;
    }
  }

  /** What objdump prints for the no-operation of this size. */
  static String text(int size) {
    return TEXT.get(size);
  }
}

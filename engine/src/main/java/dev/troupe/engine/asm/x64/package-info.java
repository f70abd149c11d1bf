/**
 * The x86-64 assembler: one table, and everything derived from it.
 *
 * <p>{@link X64Op} holds one row per instruction form. The row reads like the vendor manual:
 * mnemonic, operands with read/write marks, encoding, flags, required CPU feature. Encoder ({@link
 * Assembler}), printer ({@link X64Printer}) and the operand constraints of the register allocator
 * are computed from the row, so adding an instruction is one line.
 *
 * <p>Registers are plain ints ({@link X64Reg}); memory operands are small immutable objects ({@link
 * Mem}); labels and marks are ids whose final offsets are known after {@link Assembler#finish()},
 * because branches take their short form where they reach.
 *
 * <p>May import: {@code base} only. Start reading at {@link X64Op}, then {@link Assembler}.
 * Invariant: what the encoder emits for a row is what an independent disassembler prints for it,
 * for every row and operand class (see the round-trip test).
 */
@NullMarked
package dev.troupe.engine.asm.x64;

import org.jspecify.annotations.NullMarked;

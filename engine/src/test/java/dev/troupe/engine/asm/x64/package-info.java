/**
 * Tests of the assembler: every row of the table against an independent disassembler, and the
 * placement of branches. Start reading at {@code RoundTripTest}.
 */
@NullMarked
package dev.troupe.engine.asm.x64;

import org.jspecify.annotations.NullMarked;

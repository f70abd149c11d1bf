/// From SSA to x86-64 machine code, one function at a time: select, allocate, lay out the frame,
/// emit. May import `ssa`, `regalloc`, `asm.x64`, `contract`, `wasm`, `base`.
///
/// Start reading at [X64Backend], the pipeline. [Lowering] walks the blocks backwards and turns SSA
/// into a [MachFunction]: rows of the instruction table plus a few pseudo instructions
/// ([MachPseudo]) over virtual registers. The register allocator sees that function through its own
/// interface; [Emitter] writes the result through the assembler.
///
/// Main invariants: effects and traps keep their program order; a load from linear memory is
/// executed exactly once, whether alone or as the memory operand of its only user; every
/// instruction that may fault is listed in [CompiledFunction#trapOffsets()], and no other; moves
/// that the allocator inserts change no flags, so flags live between neighbours are safe.
@NullMarked
package dev.troupe.engine.backend.x64;

import org.jspecify.annotations.NullMarked;

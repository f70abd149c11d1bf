package dev.troupe.engine.backend.x64;

import dev.troupe.engine.ssa.InlinedCalls;
import java.util.List;

/// The machine code of one function, before it has an address. Offsets are bytes from its start.
///
/// @param functionIndex in the function index space of the module
/// @param code instructions, then jump tables and constants
/// @param alignment that the start needs, a power of two
/// @param callOffsets where the 32-bit field of a direct call is: it takes target - (field + 4)
/// @param callTargets index of the function that each of them calls
/// @param trapOffsets ascending offsets of instructions that may fault (with explicit traps: return
///   addresses of calls of the trap builtin)
/// @param trapKinds ordinal of the kind of each of them
/// @param addressOffsets ascending; from each on, the code stems from the WebAssembly
///   instruction...
/// @param addressPositions ...at this position: a byte offset of the module, -1 for none, or what
///   `inlinedCalls` explains
/// @param inlinedCalls the calls that were replaced by their callee's body
/// @param frameBytes what the prologue subtracts from rsp
/// @param prologueEnd offset behind that subtraction: before it the return address is at rsp, from
///   it on at rsp + frameBytes
/// @param returnOffsets ascending offsets of `ret`, where the return address is at rsp again
/// @param safepointOffsets ascending return addresses of calls that references live across
/// @param safepointSlots for each of them where the references are: 8-byte words from rsp,
///   ascending
/// @param saves what the frame keeps for its caller, see
///   [dev.troupe.engine.contract.SavedRegisters]
/// @param callSites those in reach of exception handlers, ascending
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages; never compared
public record CompiledFunction(
    int functionIndex,
    byte[] code,
    int alignment,
    int[] callOffsets,
    int[] callTargets,
    int[] trapOffsets,
    byte[] trapKinds,
    int[] addressOffsets,
    int[] addressPositions,
    InlinedCalls inlinedCalls,
    int frameBytes,
    int prologueEnd,
    int[] returnOffsets,
    int[] safepointOffsets,
    int[][] safepointSlots,
    int saves,
    List<CallSite> callSites) {}

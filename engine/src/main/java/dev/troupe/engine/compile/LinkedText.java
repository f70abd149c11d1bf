package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.AddressMap;
import dev.troupe.engine.artifact.ExceptionTable;
import dev.troupe.engine.artifact.StackMaps;

/**
 * The machine code of a module and its tables, as arrays. Offsets are bytes from the start of the
 * text; functions are those with a body, in index order.
 *
 * @param text machine code, constants and padding: whole pages
 * @param functionStarts where each function starts
 * @param functionSizes its bytes, constants included
 * @param frameBytes size of its frame
 * @param prologueEnds offset behind which its frame stands
 * @param trapOffsets ascending: instructions that may fault
 * @param trapKinds ordinals of their kinds
 * @param addresses where the code stems from
 * @param stackMaps where references are at safepoints
 * @param exceptions calls in reach of exception handlers
 * @param saves what each frame keeps for its caller
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages; never compared
record LinkedText(
    byte[] text,
    int[] functionStarts,
    int[] functionSizes,
    int[] frameBytes,
    int[] prologueEnds,
    int[] trapOffsets,
    byte[] trapKinds,
    AddressMap addresses,
    StackMaps stackMaps,
    ExceptionTable exceptions,
    int[] saves) {}

package dev.troupe.engine.backend.x64;

import dev.troupe.engine.ssa.Handler;
import java.util.List;

/// A call or throw in reach of exception handlers.
///
/// @param returnOffset of the instruction behind it, from the start of the function
/// @param handlers in the order in which they are asked
/// @param landingOffsets where the frame goes on when one of them catches
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages; never compared
public record CallSite(int returnOffset, List<Handler> handlers, int[] landingOffsets) {}

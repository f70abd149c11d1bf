package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import java.util.BitSet;
import java.util.Set;

/// What compiling a function needs to know of its module and of the target.
///
/// @param layout where things are behind the instance pointer
/// @param tunables the choices that code depends on
/// @param features mask of [X64Feature#bit()]
/// @param memoryMinimumBytes for every memory its initial size, below which accesses at constant
///   addresses need no check
/// @param comparedMemories those that may end in the middle of a page, so that no fault guards the
///   end
/// @param sharedMemories those whose length is not in the instance, whoever defines them
/// @param verify whether the allocator's result is proved by its checker
public record BackendContext(
    InstanceLayout layout,
    Tunables tunables,
    long features,
    long[] memoryMinimumBytes,
    BitSet comparedMemories,
    BitSet sharedMemories,
    boolean verify) {

  /// What every processor must have: x86-64-v2 as far as scalar code needs it.
  public static final long REQUIRED_FEATURES =
      X64Feature.BASE.bit() | X64Feature.SSE41.bit() | X64Feature.POPCNT.bit();

  /// @throws IllegalArgumentException when the target lacks [#REQUIRED_FEATURES]
  public BackendContext {
    long missing = REQUIRED_FEATURES & ~(features | X64Feature.BASE.bit());
    if (missing != 0) {
      throw new IllegalArgumentException(
          "compiled code needs SSE4.1 and POPCNT (x86-64-v2), which the target processor lacks");
    }
  }

  /// The feature mask of a target with the required features and these.
  public static long features(Set<IsaFeature> isa) {
    long mask =
        REQUIRED_FEATURES | X64Feature.SSE3.bit() | X64Feature.SSSE3.bit() | X64Feature.SSE42.bit();
    for (IsaFeature feature : isa) {
      mask |=
          switch (feature) {
            case BMI1 -> X64Feature.BMI1.bit();
            case BMI2 -> X64Feature.BMI2.bit();
            case LZCNT -> X64Feature.LZCNT.bit();
            case MOVBE -> X64Feature.MOVBE.bit();
            case AVX -> X64Feature.AVX.bit();
            case AVX2 -> X64Feature.AVX2.bit();
            case FMA -> X64Feature.FMA.bit();
            case AVX512 -> X64Feature.AVX512F.bit();
          };
    }
    return mask;
  }

  boolean has(X64Feature feature) {
    return (features & feature.bit()) != 0;
  }

  boolean signals() {
    return tunables.traps() == TrapMode.SIGNALS;
  }
}

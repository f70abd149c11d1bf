package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.contract.IsaFeature;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this processor can do and the operating system has enabled, asked with CPUID and XGETBV:
 * /proc/cpuinfo hides some, and a processor's AVX is of no use when the kernel does not save its
 * registers. Immutable.
 */
public final class CpuFeatures {
  /** State components that guest code may touch: SSE, AVX, opmask, ZMM_Hi256, Hi16_ZMM. */
  static final int GUEST_STATE = 0xE6;

  /** Size of the x87/SSE area and the XSAVE header, bytes. */
  private static final int LEGACY_AND_HEADER_BYTES = 576;

  private final Set<X64Feature> features;
  private final int stateMask;
  private final int stateBytes;

  CpuFeatures(Set<X64Feature> features, int stateMask, int stateBytes) {
    this.features = EnumSet.copyOf(features);
    this.stateMask = stateMask;
    this.stateBytes = stateBytes;
  }

  private static final class Holder {
    static final CpuFeatures PROBED = CpuidProbe.probe();
  }

  /** The features of this machine; the first call runs generated code. */
  public static CpuFeatures probe() {
    return Holder.PROBED;
  }

  /** SSE2 and nothing else: what every x86-64 has. For tests of the paths that need no more. */
  public static CpuFeatures baseline() {
    return new CpuFeatures(EnumSet.of(X64Feature.BASE), 0, LEGACY_AND_HEADER_BYTES);
  }

  /** Whether rows that require this feature may be executed. */
  public boolean has(X64Feature feature) {
    return features.contains(feature);
  }

  /** All features. */
  public Set<X64Feature> all() {
    return EnumSet.copyOf(features);
  }

  /** The features in terms of an artifact's metadata. */
  public Set<IsaFeature> isaFeatures() {
    Set<IsaFeature> isa = IsaFeature.none();
    for (IsaFeature feature : IsaFeature.values()) {
      if (has(required(feature))) {
        isa.add(feature);
      }
    }
    return isa;
  }

  /** Whether the processor has what every artifact takes for granted: SSE4.2 and POPCNT. */
  public boolean isSupported() {
    return has(X64Feature.SSE42) && has(X64Feature.SSE41) && has(X64Feature.POPCNT);
  }

  /** The table's feature for a feature of the artifact's metadata. */
  public static X64Feature required(IsaFeature feature) {
    return switch (feature) {
      case BMI1 -> X64Feature.BMI1;
      case BMI2 -> X64Feature.BMI2;
      case LZCNT -> X64Feature.LZCNT;
      case MOVBE -> X64Feature.MOVBE;
      case AVX -> X64Feature.AVX;
      case AVX2 -> X64Feature.AVX2;
      case FMA -> X64Feature.FMA;
      case AVX512 -> X64Feature.AVX512F;
    };
  }

  /** XSAVE state components that a preempted guest's frame holds; 0 without XSAVE. */
  int stateMask() {
    return stateMask;
  }

  /** Size of the XSAVE area for {@link #stateMask()}, bytes, a multiple of 64. */
  int stateBytes() {
    return stateBytes;
  }

  @Override
  public String toString() {
    return features.toString();
  }
}

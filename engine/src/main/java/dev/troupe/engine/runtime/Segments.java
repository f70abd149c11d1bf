package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.WasmModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a new instance's active segments, in order (section 4.5.4, instantiation). */
public final class Segments {
  private Segments() {}

  /**
   * Copies active element and data segments. What was copied before a trap stays, as the
   * specification demands.
   *
   * @return the trap that ended it, or null
   */
  public static @Nullable TrapKind initialize(VmInstance instance) {
    TrapKind trap = initializeTables(instance);
    return trap != null ? trap : initializeMemories(instance);
  }

  private static @Nullable TrapKind initializeTables(VmInstance instance) {
    List<ElementSegment> segments = instance.module().info().elements();
    for (int i = 0; i < segments.size(); i++) {
      ElementSegment segment = segments.get(i);
      if (segment.mode() instanceof SegmentMode.Active active) {
        long target = offset(instance, active, isTable64(instance, active.index()));
        TrapKind trap = instance.tableInit(active.index(), i, target, 0, segment.count());
        if (trap != null) {
          return trap;
        }
      }
      if (!(segment.mode() instanceof SegmentMode.Passive)) {
        instance.elemDrop(i);
      }
    }
    return null;
  }

  private static @Nullable TrapKind initializeMemories(VmInstance instance) {
    WasmModule info = instance.module().info();
    List<DataSegment> segments = info.data();
    for (int i = 0; i < segments.size(); i++) {
      DataSegment segment = segments.get(i);
      if (instance.module().isInImage(i)) {
        instance.dataDrop(i);
      } else if (segment.mode() instanceof SegmentMode.Active active) {
        boolean is64 = info.memories().get(active.index()).limits().is64();
        long target = offset(instance, active, is64);
        TrapKind trap = instance.memoryInit(active.index(), i, target, 0, segment.length());
        if (trap != null) {
          return trap;
        }
        instance.dataDrop(i);
      }
    }
    return null;
  }

  private static boolean isTable64(VmInstance instance, int table) {
    return instance.module().info().tables().get(table).limits().is64();
  }

  private static long offset(VmInstance instance, SegmentMode.Active active, boolean is64) {
    long value = instance.evaluate(active.offset());
    return is64 ? value : value & 0xFFFF_FFFFL;
  }
}

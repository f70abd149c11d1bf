package dev.troupe.engine.compile;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Initial contents of memories, prepared so that instances map them copy-on-write.
 *
 * <p>Data segments take effect in order, and one that is out of bounds ends instantiation with the
 * earlier ones written. So only a prefix of them goes into images: up to the first that is not
 * active on a memory of the module itself at a constant offset within its initial size. Passive
 * segments do nothing at instantiation and are skipped.
 */
final class HeapImages {
  /** Images up to this size are made however little of them is data. */
  static final long SMALL_BYTES = 16L << 20;

  private static final int PAGE_BYTES = 4096;
  private static final long MOST_BYTES = 1L << 32;

  private HeapImages() {}

  /**
   * The image of one memory.
   *
   * @param memory index
   * @param offsetBytes where the image starts in the memory, a multiple of the page size
   * @param bytes contents, a multiple of the page size
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between two stages; never compared
  record Image(int memory, long offsetBytes, byte[] bytes) {}

  /**
   * The images of a module.
   *
   * @param images at most one for a memory, by ascending memory index
   * @param segmentsInImages for every data segment whether an image holds it
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between two stages; never compared
  record Result(List<Image> images, boolean[] segmentsInImages) {}

  /** Builds the images. */
  static Result build(WasmModule module) {
    List<DataSegment> data = module.data();
    long[] places = new long[data.size()];
    int prefix = 0;
    while (prefix < places.length) {
      DataSegment segment = data.get(prefix);
      if (segment.mode() instanceof SegmentMode.Active active) {
        places[prefix] = place(module, segment, active);
        if (places[prefix] < 0) {
          break;
        }
      }
      prefix++;
    }
    List<Image> images = new ArrayList<>();
    boolean[] included = new boolean[places.length];
    for (int m = module.importedMemoryCount(); m < module.memories().size(); m++) {
      Image image = image(module, m, places, prefix, included);
      if (image != null) {
        images.add(image);
      }
    }
    return new Result(images, included);
  }

  /** Where a segment goes, or -1 if that is not known or not certainly in bounds. */
  private static long place(WasmModule module, DataSegment segment, SegmentMode.Active active) {
    int memory = active.index();
    if (memory < module.importedMemoryCount() || active.offset().ops().size() != 1) {
      return -1;
    }
    MemoryType type = module.memories().get(memory);
    long offset =
        switch (active.offset().only()) {
          case ConstExpr.I32Const constant -> Integer.toUnsignedLong(constant.value());
          case ConstExpr.I64Const constant -> constant.value();
          case ConstExpr.F32Const constant -> -1;
          case ConstExpr.F64Const constant -> -1;
          case ConstExpr.V128Const constant -> -1;
          case ConstExpr.GlobalGet global -> -1;
          case ConstExpr.RefNull reference -> -1;
          case ConstExpr.RefFunc reference -> -1;
          case ConstExpr.Operator operator -> -1;
          case ConstExpr.Aggregate aggregate -> -1;
          case ConstExpr.Forbidden forbidden -> -1;
        };
    long initialBytes = Math.min(type.minimumBytes(), MOST_BYTES);
    boolean fits = offset >= 0 && offset <= initialBytes - segment.length();
    return fits ? offset : -1;
  }

  private static @Nullable Image image(
      WasmModule module, int memory, long[] places, int prefix, boolean[] included) {
    long start = Long.MAX_VALUE;
    long end = 0;
    long dataBytes = 0;
    for (int s = 0; s < prefix; s++) {
      DataSegment segment = module.data().get(s);
      if (isOn(segment, memory) && segment.length() > 0) {
        start = Math.min(start, places[s]);
        end = Math.max(end, places[s] + segment.length());
        dataBytes += segment.length();
      }
    }
    start = start & -PAGE_BYTES;
    end = end + PAGE_BYTES - 1 & -PAGE_BYTES;
    boolean worthIt = end - start <= SMALL_BYTES || end - start < 2 * dataBytes;
    if (dataBytes == 0 || !worthIt || end - start > Integer.MAX_VALUE - 8) {
      return null;
    }
    byte[] bytes = new byte[(int) (end - start)];
    for (int s = 0; s < prefix; s++) {
      DataSegment segment = module.data().get(s);
      if (isOn(segment, memory)) {
        int to = (int) (places[s] - start);
        if (segment.length() > 0) {
          System.arraycopy(module.bytes(), segment.offset(), bytes, to, segment.length());
        }
        included[s] = true;
      }
    }
    return new Image(memory, start, bytes);
  }

  private static boolean isOn(DataSegment segment, int memory) {
    return segment.mode() instanceof SegmentMode.Active active && active.index() == memory;
  }
}

package dev.troupe.engine.contract;

/**
 * How references and the objects of a store's collected heap look.
 *
 * <p>A reference is 64 bits in registers, slots, globals, tables and fields; 0 is null. Of the
 * {@code any}, {@code extern} and {@code exn} hierarchies the two lowest bits tell the kind:
 *
 * <pre>
 *   ...............00  address of an object, a multiple of 8
 *   value (31 bits) 1  i31: the upper 32 bits are zero
 *   handle         10  object of the host: {@link #hostReference}
 * </pre>
 *
 * References to functions are addresses outside of the collected heap ({@link FuncRefLayout}).
 *
 * <p>An object begins with the engine-wide id of its type ({@link #TYPE_ID}). Fields of a struct
 * follow in order, each in the first gap that is aligned for it, so that a subtype continues the
 * layout of its supertype; the first gap lies behind the id. An array has its length there, and its
 * elements from {@link #ELEMENTS} on.
 */
public final class GcLayout {
  /** Engine-wide type id, u32. Ids are even: bit 0 marks an object that has moved. */
  public static final int TYPE_ID = 0;

  /** Number of elements of an array, u32. */
  public static final int LENGTH = TYPE_ID + Integer.BYTES;

  /** First byte of a struct that fields may take. */
  public static final int FIELDS = TYPE_ID + Integer.BYTES;

  /** Element 0 of an array. */
  public static final int ELEMENTS = LENGTH + Integer.BYTES;

  /** Objects start at multiples of this and take multiples of it. */
  public static final int ALIGNMENT = 8;

  /** The bits that tell what a reference is. */
  public static final int TAG_MASK = 3;

  /** Set in the references that are integers. */
  public static final int I31_BIT = 1;

  /** {@link #TAG_MASK} of a reference to an object of the host. */
  public static final int HOST_TAG = 2;

  /** Bytes that the collector may be asked for at once. */
  public static final long MAX_OBJECT_BYTES = 1L << 30;

  private GcLayout() {}

  /** The reference to the host's object with this handle, which is positive. */
  public static long hostReference(long handle) {
    return handle << 2 | HOST_TAG;
  }

  /** The handle in a reference to an object of the host. */
  public static long hostHandle(long reference) {
    return reference >>> 2;
  }

  /** Whether a reference is that of an object of the host. */
  public static boolean isHost(long reference) {
    return (reference & TAG_MASK) == HOST_TAG;
  }

  /** Whether a reference is an integer. */
  public static boolean isI31(long reference) {
    return (reference & I31_BIT) != 0;
  }

  /** Bytes of an array with so many elements. */
  public static long arrayBytes(long length, int elementBytes) {
    return roundUp(ELEMENTS + length * elementBytes);
  }

  /** Rounded up to {@link #ALIGNMENT}. */
  public static long roundUp(long bytes) {
    return bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** Where the fields of a struct are, and its size. */
  public static final class StructFields {
    private final int[] offsets;
    private final int bytes;

    /**
     * Places fields.
     *
     * @param fieldBytes size of each: 1, 2, 4, 8 or 16
     */
    public StructFields(int[] fieldBytes) {
      offsets = new int[fieldBytes.length];
      // A gap of each size below 8 at most: alignment leaves no more.
      int end = 2 * Integer.BYTES;
      int[] gap = {0, 0, FIELDS};
      for (int i = 0; i < fieldBytes.length; i++) {
        int size = Math.min(fieldBytes[i], Long.BYTES);
        int log = Integer.numberOfTrailingZeros(size);
        int from = log;
        while (from < gap.length && gap[from] == 0) {
          from++;
        }
        if (from >= gap.length) {
          offsets[i] = end;
          end += Math.max(fieldBytes[i], Long.BYTES);
          from = 3;
        } else {
          offsets[i] = gap[from];
          gap[from] = 0;
        }
        // What is left behind a small field of a larger place.
        for (int rest = log; rest < from; rest++) {
          gap[rest] = offsets[i] + (1 << rest);
        }
      }
      bytes = end;
    }

    /** Offset of a field from the object's address. */
    public int offset(int field) {
      return offsets[field];
    }

    /** Bytes of an object, a multiple of {@link #ALIGNMENT}. */
    public int bytes() {
      return bytes;
    }
  }
}

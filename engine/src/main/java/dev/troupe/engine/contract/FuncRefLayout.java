package dev.troupe.engine.contract;

/**
 * Offsets in a function reference: what a funcref points to and what an imported function is in an
 * instance context. A null funcref is address 0.
 */
public final class FuncRefLayout {
  /** Entry of the function, guest calling convention, u64. */
  public static final int CODE = 0;

  /** Instance context to run it with: goes into the pinned register, u64. */
  public static final int INSTANCE = CODE + Long.BYTES;

  /** Engine-wide canonical id of its type, u32. */
  public static final int TYPE_ID = INSTANCE + Long.BYTES;

  /** Index of the function in its instance, u32. */
  public static final int FUNCTION_INDEX = TYPE_ID + Integer.BYTES;

  /** Handle of the owning host object, u64. */
  public static final int OWNER = FUNCTION_INDEX + Integer.BYTES;

  /** Size, bytes. */
  public static final int SIZE_BYTES = OWNER + Long.BYTES;

  private FuncRefLayout() {}
}

package dev.troupe.actors.port;

/**
 * What a guest said besides its answer.
 *
 * @param bytes the beginning of it; not copied, nobody may change them
 * @param truncated whether there was more
 */
@SuppressWarnings("ArrayRecordComponent")
public record GuestLog(byte[] bytes, boolean truncated) {
  /** Of a guest that said nothing. */
  public static final GuestLog EMPTY = new GuestLog(new byte[0], false);
}

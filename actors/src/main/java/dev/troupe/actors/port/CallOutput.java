package dev.troupe.actors.port;

import java.util.List;

/** What a call returned. */
public sealed interface CallOutput {

  /** Bytes of the payload or of the values, 4 or 8 for each. */
  default long byteCount() {
    return switch (this) {
      case Values list -> WasmValue.byteCount(list.values());
      case Payload payload -> payload.bytes().length;
      case Streamed(long bytes) -> bytes;
    };
  }

  /**
   * The answer went out while the program ran.
   *
   * @param bytes its length
   */
  record Streamed(long bytes) implements CallOutput {}

  /** The results of the entry point. */
  record Values(List<WasmValue> values) implements CallOutput {
    /** Copies the list. */
    public Values {
      values = List.copyOf(values);
    }
  }

  /**
   * The answer by the bytes ABI, or what a program wrote.
   *
   * @param bytes not copied; nobody may change them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Payload(byte[] bytes) implements CallOutput {}
}

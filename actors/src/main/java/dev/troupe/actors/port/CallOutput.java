package dev.troupe.actors.port;

import java.util.List;

/** What a call returned. */
public sealed interface CallOutput {

  /** The results of the entry point. */
  record Values(List<WasmValue> values) implements CallOutput {
    /** Copies the list. */
    public Values {
      values = List.copyOf(values);
    }
  }

  /**
   * The answer by the bytes ABI.
   *
   * @param bytes not copied; nobody may change them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Payload(byte[] bytes) implements CallOutput {}
}

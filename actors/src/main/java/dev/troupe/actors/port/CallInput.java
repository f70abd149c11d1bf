package dev.troupe.actors.port;

import java.util.List;

/** The input of a call. */
public sealed interface CallInput {

  /** Bytes of the payload or of the values, 4 or 8 for each; of streams those that came so far. */
  default long byteCount() {
    return switch (this) {
      case Values list -> WasmValue.byteCount(list.values());
      case Payload payload -> payload.bytes().length;
      case Streams(CallStreams streams) -> streams.bytesIn();
    };
  }

  /** Standard input and output of a program, while it runs. */
  record Streams(CallStreams streams) implements CallInput {}

  /** Values for the parameters of the entry point. */
  record Values(List<WasmValue> values) implements CallInput {
    /** Copies the list. */
    public Values {
      values = List.copyOf(values);
    }
  }

  /**
   * Bytes: the standard input of a program; else by the bytes ABI: {@code troupe_alloc(length) ->
   * address}, then {@code entryPoint(address, length) -> address << 32 | length}.
   *
   * @param bytes not copied; the caller must not change them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Payload(byte[] bytes) implements CallInput {}
}

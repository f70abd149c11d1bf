package dev.troupe.gateway.observe;

import java.util.List;
import java.util.Map;

/**
 * The network side at one moment.
 *
 * @param connections open connections
 * @param uploads uploads that have begun and not ended
 * @param uploadBytes what they may hold
 * @param waitingUploads of these, uploads that wait for bytes
 * @param rememberedAnswers answers remembered by request id
 * @param rememberedBytes what these hold
 * @param actors actors of tenants, functions and versions
 * @param methods remote calls by method
 */
public record GatewayReadings(
    int connections,
    int uploads,
    long uploadBytes,
    int waitingUploads,
    long rememberedAnswers,
    long rememberedBytes,
    int actors,
    List<Method> methods) {

  /** Copies the list. */
  public GatewayReadings {
    methods = List.copyOf(methods);
  }

  /**
   * The calls of one method.
   *
   * @param name full name
   * @param inFlight calls that have begun and not ended
   * @param endedByStatus ended calls by name of the gRPC status, without those that never happened
   * @param receivedBytes of messages, on the wire
   * @param sentBytes of messages, on the wire
   */
  public record Method(
      String name,
      long inFlight,
      Map<String, Long> endedByStatus,
      long receivedBytes,
      long sentBytes) {}
}

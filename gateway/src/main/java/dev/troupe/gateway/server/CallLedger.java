package dev.troupe.gateway.server;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts remote calls by method: in flight, ended by status, bytes. A call is in flight until its
 * last byte was handed to the network, which is what a drain waits for. Methods that the server
 * does not have are counted together, so that no client can make it count without bound.
 */
final class CallLedger extends ServerStreamTracer.Factory {
  /** Stands for all methods that do not exist. */
  static final String UNKNOWN = "unknown";

  private static final int CODES = Status.Code.values().length;

  private final Map<String, Account> accounts = new TreeMap<>();
  private final Account unknown = new Account();

  /**
   * One method's counters.
   *
   * @param method full name, or {@link #UNKNOWN}
   * @param inFlight calls that have begun and not ended
   * @param endedByCode by number of the status code
   * @param receivedBytes of messages, on the wire
   * @param sentBytes of messages, on the wire
   */
  record Entry(
      String method, long inFlight, long[] endedByCode, long receivedBytes, long sentBytes) {}

  /** Counts calls of the methods of these services, and all others together. */
  CallLedger(Collection<ServiceDescriptor> services) {
    for (ServiceDescriptor service : services) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        accounts.put(method.getFullMethodName(), new Account());
      }
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    Account account = accounts.getOrDefault(fullMethodName, unknown);
    account.begun.increment();
    return new Tracer(account);
  }

  /** Calls in flight of methods whose name begins so. */
  long inFlight(String prefix) {
    long sum = 0;
    for (Map.Entry<String, Account> entry : accounts.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        sum += entry.getValue().inFlight();
      }
    }
    return sum;
  }

  /** All counters, in the order of the names. */
  List<Entry> entries() {
    List<Entry> result = new ArrayList<>();
    accounts.forEach((method, account) -> result.add(account.entry(method)));
    result.add(unknown.entry(UNKNOWN));
    return result;
  }

  private static final class Account {
    final LongAdder begun = new LongAdder();
    final LongAdder[] ended = new LongAdder[CODES];
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();

    Account() {
      Arrays.setAll(ended, code -> new LongAdder());
    }

    long inFlight() {
      // Ends first: a call that begins in between counts too much rather than too little.
      long over = 0;
      for (LongAdder code : ended) {
        over += code.sum();
      }
      return begun.sum() - over;
    }

    Entry entry(String method) {
      long[] codes = new long[CODES];
      for (int code = 0; code < CODES; code++) {
        codes[code] = ended[code].sum();
      }
      return new Entry(
          method,
          Math.max(0, begun.sum() - Arrays.stream(codes).sum()),
          codes,
          received.sum(),
          sent.sum());
    }
  }

  private static final class Tracer extends ServerStreamTracer {
    private final Account account;

    Tracer(Account account) {
      this.account = account;
    }

    @Override
    public void streamClosed(Status status) {
      account.ended[status.getCode().value()].increment();
    }

    @Override
    public void inboundWireSize(long bytes) {
      account.received.add(bytes);
    }

    @Override
    public void outboundWireSize(long bytes) {
      account.sent.add(bytes);
    }
  }
}

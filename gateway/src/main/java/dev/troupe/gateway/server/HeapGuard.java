package dev.troupe.gateway.server;

import com.google.protobuf.MessageLite;
import dev.troupe.gateway.program.PipeStreams;
import io.grpc.Context;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each remote call keeps in memory, from its first header to the last byte that the
 * client has taken, and refuses calls that find the {@link HeapBudget} used up: when they come, in
 * the middle of a message, of which parts are kept until it is complete, or when their answer comes
 * and has no room on its way. A request that does not become complete in time is sent away: whoever
 * holds all bytes with half of a message must not hold them for ever.
 *
 * <p>As a tracer it counts, as an interceptor it refuses.
 */
final class HeapGuard extends ServerStreamTracer.Factory implements ServerInterceptor {
  /** What a call costs besides its messages: the stream, its buffers and our objects. */
  private static final long CALL_BYTES = 8 << 10;

  /** Messages so small that {@link #CALL_BYTES} stands for them, too. */
  private static final long SMALL_BYTES = 4 << 10;

  /**
   * What a byte of a message costs until the message is complete: it pins the buffer that it was
   * read into, of which other streams have the rest.
   */
  private static final int PINNED = 3;

  /** What a stream both ways keeps on its way through a program, at most. */
  private static final long PIPE_BYTES = 2L * PipeStreams.CAPACITY;

  /** Health is told even when nothing else is served. */
  private static final String HEALTH = "grpc.health.";

  private static final Context.Key<Account> ACCOUNT = Context.key("troupe-heap-account");

  private final HeapBudget budget;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Set<Account> receiving = ConcurrentHashMap.newKeySet();
  private final LongAdder shed = new LongAdder();
  private final LongAdder tooSlow = new LongAdder();

  /**
   * Guards a budget.
   *
   * @param patience how long a request may take to become complete
   */
  HeapGuard(HeapBudget budget, Duration patience, LongSupplier nanoTime) {
    this.budget = budget;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** Calls refused because the budget was used up. */
  long shed() {
    return shed.sum();
  }

  /** Calls sent away because their request did not become complete. */
  long tooSlow() {
    return tooSlow.sum();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return new Account(fullMethodName.startsWith(HEALTH));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Account account = ACCOUNT.get();
    if (account == null) {
      return next.startCall(call, headers);
    }
    if (!account.begin(call)) {
      account.shed();
      return new ServerCall.Listener<>() {};
    }
    return new Listener<>(account, next.startCall(new Outlet<>(account, call), headers));
  }

  /** Sends away whoever takes too long to send its request. */
  void sweep() {
    long now = nanoTime.getAsLong();
    for (Account account : receiving) {
      if (account.isTooSlow(now)) {
        tooSlow.increment();
        account.refuse(Statuses.requestTooSlow(patience));
      }
    }
  }

  /** Lets answers pass for which there is room; nothing passes any more when a call was refused. */
  private static final class Outlet<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    private final Account account;

    Outlet(Account account, ServerCall<Q, A> call) {
      super(call);
      this.account = account;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      synchronized (account) {
        if (!account.isRefused()) {
          super.sendHeaders(headers);
        }
      }
    }

    @Override
    public void sendMessage(A message) {
      long bytes = message instanceof MessageLite lite ? lite.getSerializedSize() : 0;
      synchronized (account) {
        if (account.isRefused()) {
          return;
        }
        if (account.mayAnswer(bytes)) {
          super.sendMessage(message);
          return;
        }
      }
      account.shed();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      synchronized (account) {
        if (!account.isRefused()) {
          account.answered();
          super.close(status, trailers);
        }
      }
    }
  }

  /**
   * Keeps what still comes of a refused call away from the service, which hears that it is over.
   */
  private static final class Listener<Q>
      extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Account account;

    Listener(Account account, ServerCall.Listener<Q> delegate) {
      super(delegate);
      this.account = account;
    }

    @Override
    public void onMessage(Q message) {
      if (!account.isRefused()) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      account.received();
      if (!account.isRefused()) {
        super.onHalfClose();
      }
    }

    @Override
    public void onComplete() {
      if (account.isRefused()) {
        super.onCancel();
      } else {
        super.onComplete();
      }
    }
  }

  /** What one call keeps. */
  private final class Account extends ServerStreamTracer {
    private final boolean fits;

    // Guarded by this object: answers are written on workers.
    private long heldBytes = CALL_BYTES;
    private long incompleteBytes;
    private long requestBytes;
    private long answerBytes;

    /** Whether the last complete message came compressed, and what has been unpacked of it. */
    private boolean packed;

    private long unpackedBytes;
    private boolean waits = true;
    private boolean streamsIn;
    private boolean streamsOut;
    private long sinceNanos;
    private boolean over;
    private boolean refused;
    private @Nullable ServerCall<?, ?> call;

    Account(boolean always) {
      this.fits = budget.add(CALL_BYTES) || always;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ACCOUNT, this);
    }

    /** From now on the call may be refused; false when it is to be refused at once. */
    boolean begin(ServerCall<?, ?> started) {
      synchronized (this) {
        call = started;
        streamsIn = !started.getMethodDescriptor().getType().clientSendsOneMessage();
        streamsOut = !started.getMethodDescriptor().getType().serverSendsOneMessage();
        sinceNanos = nanoTime.getAsLong();
        if (streamsIn && streamsOut) {
          boolean _ = hold(PIPE_BYTES);
        }
      }
      if (fits) {
        receiving.add(this);
      }
      return fits;
    }

    synchronized boolean isRefused() {
      return refused;
    }

    synchronized boolean isTooSlow(long now) {
      return waits && now - sinceNanos > patience.toNanos();
    }

    @Override
    public void inboundWireSize(long bytes) {
      boolean fitsNow;
      synchronized (this) {
        if (refused) {
          return;
        }
        if (incompleteBytes == 0 && streamsIn) {
          waits = true;
          sinceNanos = nanoTime.getAsLong();
        }
        incompleteBytes += bytes;
        fitsNow = hold(PINNED * bytes) || incompleteBytes <= SMALL_BYTES;
      }
      if (!fitsNow) {
        shed();
      }
    }

    /** A message is complete. Of a stream the service keeps one at a time. */
    @Override
    public synchronized void inboundMessageRead(int number, long wireBytes, long plainBytes) {
      packed = plainBytes < 0;
      unpackedBytes = 0;
      long kept = Math.max(requestBytes, incompleteBytes);
      boolean _ = hold(kept - requestBytes - PINNED * incompleteBytes);
      requestBytes = kept;
      incompleteBytes = 0;
      // A stream may be silent between two messages.
      waits &= !streamsIn;
    }

    /** So much more of a complete message has been unpacked; what was not packed is counted. */
    @Override
    public void inboundUncompressedSize(long bytes) {
      boolean fitsNow;
      synchronized (this) {
        if (refused || !packed) {
          return;
        }
        unpackedBytes += bytes;
        long more = Math.max(0, unpackedBytes - requestBytes);
        requestBytes += more;
        fitsNow = hold(more) || unpackedBytes <= SMALL_BYTES;
      }
      if (!fitsNow) {
        shed();
      }
    }

    /** The request is complete. */
    void received() {
      synchronized (this) {
        waits = false;
      }
      receiving.remove(this);
    }

    /** Whether there is room for an answer on its way; if so, it is counted. */
    boolean mayAnswer(long bytes) {
      // Of a stream the one before has left, or little of it is there.
      long more = streamsOut ? Math.max(0, bytes - answerBytes) : bytes;
      if (!hold(more) && bytes > SMALL_BYTES) {
        boolean _ = hold(-more);
        return false;
      }
      answerBytes += more;
      return true;
    }

    /** Counts more, or less; false when the budget is used up by now. */
    private synchronized boolean hold(long bytes) {
      if (over) {
        return true;
      }
      heldBytes += bytes;
      return budget.add(bytes);
    }

    /** The service has said its last word: there is nothing to refuse any more. */
    void answered() {
      call = null;
    }

    void shed() {
      shed.increment();
      refuse(Statuses.overloaded(budget.limitBytes(), budget.usedBytes()));
    }

    void refuse(StatusRuntimeException why) {
      ServerCall<?, ?> started;
      synchronized (this) {
        started = call;
        if (refused || started == null) {
          return;
        }
        refused = true;
        waits = false;
      }
      // Nobody else touches the call from now on; without the lock, because services have locks.
      Metadata trailers = why.getTrailers();
      started.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    @Override
    public void streamClosed(Status status) {
      long bytes;
      synchronized (this) {
        over = true;
        bytes = heldBytes;
        heldBytes = 0;
        call = null;
      }
      receiving.remove(this);
      boolean _ = budget.add(-bytes);
    }
  }
}

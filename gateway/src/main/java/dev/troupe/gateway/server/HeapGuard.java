package dev.troupe.gateway.server;

import dev.troupe.functions.v1.InvocationServiceGrpc;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each call keeps in memory, from its first header to the last byte that the client has
 * taken, and refuses calls that find the {@link HeapBudget} used up: when they come, or in the
 * middle of a message, of which parts are kept until it is complete.
 *
 * <p>As a tracer it counts, as an interceptor it refuses.
 */
final class HeapGuard extends ServerStreamTracer.Factory implements ServerInterceptor {
  /** What a call costs besides its messages: the stream, its buffers and our objects. */
  private static final long CALL_BYTES = 8 << 10;

  /**
   * What a byte of a message costs until the message is complete: it pins the buffer that it was
   * read into, of which other streams have the rest.
   */
  private static final int PINNED = 3;

  /** Uploads have a budget of their own, see {@link UploadBudget}. */
  private static final String CALLS = InvocationServiceGrpc.SERVICE_NAME + "/";

  private static final ServerStreamTracer NOTHING = new ServerStreamTracer() {};

  private static final Context.Key<Account> ACCOUNT = Context.key("troupe-heap-account");

  private final HeapBudget budget;

  HeapGuard(HeapBudget budget) {
    this.budget = budget;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return fullMethodName.startsWith(CALLS) ? new Account(budget) : NOTHING;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Account account = ACCOUNT.get();
    if (account == null) {
      return next.startCall(call, headers);
    }
    if (!account.mayRefuse(call)) {
      account.refuse();
      return new ServerCall.Listener<>() {};
    }
    return new Listener<>(account, next.startCall(call, headers));
  }

  /** Keeps what still comes of a refused call away from the service. */
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
      if (!account.isRefused()) {
        super.onHalfClose();
      }
    }
  }

  /** What one call keeps. */
  private static final class Account extends ServerStreamTracer {
    private final HeapBudget budget;
    private final boolean fits;

    // Guarded by this object: answers are written on workers.
    private long heldBytes = CALL_BYTES;
    private long incompleteBytes;
    private boolean closed;
    private boolean refused;
    private @Nullable ServerCall<?, ?> call;

    Account(HeapBudget budget) {
      this.budget = budget;
      this.fits = budget.add(CALL_BYTES);
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ACCOUNT, this);
    }

    /** From now on the call may be refused; false when it is to be refused at once. */
    synchronized boolean mayRefuse(ServerCall<?, ?> started) {
      call = started;
      return fits;
    }

    synchronized boolean isRefused() {
      return refused;
    }

    @Override
    public void inboundWireSize(long bytes) {
      boolean fitsNow;
      synchronized (this) {
        if (refused) {
          return;
        }
        incompleteBytes += bytes;
        fitsNow = hold(PINNED * bytes);
      }
      if (!fitsNow) {
        refuse();
      }
    }

    @Override
    public synchronized void inboundMessageRead(int number, long wireBytes, long plainBytes) {
      boolean _ = hold(-(PINNED - 1) * incompleteBytes);
      incompleteBytes = 0;
    }

    @Override
    public void outboundWireSize(long bytes) {
      boolean _ = hold(bytes);
    }

    /** Counts more, or less; false when the budget is used up by now. */
    private synchronized boolean hold(long bytes) {
      if (closed) {
        return true;
      }
      heldBytes += bytes;
      return budget.add(bytes);
    }

    void refuse() {
      ServerCall<?, ?> started;
      synchronized (this) {
        started = call;
        if (refused || started == null) {
          return;
        }
        refused = true;
      }
      StatusRuntimeException refusal = Statuses.overloaded(budget.limitBytes(), budget.usedBytes());
      Metadata trailers = refusal.getTrailers();
      started.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    @Override
    public void streamClosed(Status status) {
      long bytes;
      synchronized (this) {
        closed = true;
        bytes = heldBytes;
        heldBytes = 0;
        call = null;
      }
      boolean _ = budget.add(-bytes);
    }
  }
}

package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc.InvocationServiceStub;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Values;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls that a server is trained with: many at once, so that its threads are always busy, and then
 * a few, so that they sleep and wake each other in between. Profiles of both ways through the
 * scheduler are wanted: code that was compiled for one only is thrown away when the other comes.
 */
final class WarmUpCalls {
  private static final int BUSY_CALLERS = 64;
  private static final int CALM_CALLERS = 2;
  private static final long PATIENCE_SECONDS = 30;

  private final InvocationServiceStub stub;
  private final InvokeRequest bytes;
  private final InvokeRequest values;
  private final LongAdder answers = new LongAdder();
  private final AtomicInteger failures = new AtomicInteger();

  WarmUpCalls(ManagedChannel channel, String function) {
    stub = InvocationServiceGrpc.newStub(channel);
    bytes =
        InvokeRequest.newBuilder()
            .setName(function)
            .setPayload(ByteString.copyFromUtf8("train the server"))
            .build();
    values =
        InvokeRequest.newBuilder()
            .setName(function)
            .setEntryPoint("_start")
            .setValues(Values.getDefaultInstance())
            .build();
  }

  /**
   * Calls for so long.
   *
   * @return how many calls were answered
   * @throws IllegalStateException when calls fail, which is a mistake of the training module
   */
  long run(Duration busy, Duration calm) throws InterruptedException {
    phase(BUSY_CALLERS, busy.toNanos());
    phase(CALM_CALLERS, calm.toNanos());
    if (failures.get() > 0) {
      throw new IllegalStateException(failures.get() + " calls failed in training");
    }
    return answers.sum();
  }

  private void phase(int callers, long nanos) throws InterruptedException {
    long endNanos = System.nanoTime() + nanos;
    CountDownLatch done = new CountDownLatch(callers);
    for (int caller = 0; caller < callers; caller++) {
      call(caller % 4 == 3 ? values : bytes, endNanos, done);
    }
    if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("calls did not end in training");
    }
  }

  private void call(InvokeRequest request, long endNanos, CountDownLatch done) {
    stub.invoke(
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(InvokeResponse answer) {
            if (answer.hasTrap()) {
              failures.incrementAndGet();
            }
          }

          @Override
          public void onError(Throwable failure) {
            failures.incrementAndGet();
            done.countDown();
          }

          @Override
          public void onCompleted() {
            answers.increment();
            if (System.nanoTime() - endNanos < 0) {
              call(request, endNanos, done);
            } else {
              done.countDown();
            }
          }
        });
  }
}

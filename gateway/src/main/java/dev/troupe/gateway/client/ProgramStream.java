package dev.troupe.gateway.client;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Connects two Java streams with a program: one thread sends, the calling one receives. */
final class ProgramStream {
  private static final int CHUNK_BYTES = 16 << 10;

  private ProgramStream() {}

  /** Runs the program until it ends; returns how. */
  static InvokeResponse run(
      ManagedChannel channel, InvokeRequest start, InputStream in, OutputStream out)
      throws IOException, StatusException, InterruptedException {
    BlockingClientCall<InvokeStreamRequest, InvokeStreamResponse> call =
        InvocationServiceGrpc.newBlockingV2Stub(channel).invokeStream();
    boolean open = call.write(InvokeStreamRequest.newBuilder().setStart(start).build());
    if (open) {
      // A daemon: when the program has ended, nobody waits for the end of the input.
      Thread unused = Thread.ofPlatform().name("troupe-input").daemon().start(() -> send(in, call));
    }
    InvokeStreamResponse next = call.read();
    while (next != null && !next.hasEnd()) {
      next.getOutput().writeTo(out);
      out.flush();
      next = call.read();
    }
    if (next == null) {
      throw new IOException("the server ended the stream without an end");
    }
    return next.getEnd();
  }

  private static void send(
      InputStream in, BlockingClientCall<InvokeStreamRequest, InvokeStreamResponse> call) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      int count = in.read(chunk);
      boolean open = true;
      while (open && count >= 0) {
        open =
            call.write(
                InvokeStreamRequest.newBuilder()
                    .setInput(ByteString.copyFrom(chunk, 0, count))
                    .build());
        count = in.read(chunk);
      }
      call.halfClose();
    } catch (IOException | StatusException e) {
      call.cancel("the input failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

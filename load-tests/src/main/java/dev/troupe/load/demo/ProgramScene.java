package dev.troupe.load.demo;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.load.client.Platform;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.PrintStream;

/**
 * A WASI program as a function: a tenant deploys a command that reads its standard input and writes
 * it in capital letters, calls it once with a payload, and talks to it over a stream.
 */
final class ProgramScene {
  private static final String TENANT = "program";
  private static final String NAME = "tenants/" + TENANT + "/functions/upper";

  private final Platform platform;
  private final ManagedChannel channel;

  ProgramScene(Platform platform, ManagedChannel channel) {
    this.platform = platform;
    this.channel = channel;
  }

  /** Plays it with that module, and leaves nothing behind. */
  void play(byte[] module, PrintStream out, Findings findings)
      throws StatusException, InterruptedException {
    var unusedTenant = platform.createTenant(TENANT, TenantQuotas.getDefaultInstance());
    try {
      var unusedVersion = platform.deploy(TENANT, "upper", module);
      InvokeResponse answer =
          InvocationServiceGrpc.newBlockingStub(channel)
              .invoke(
                  InvokeRequest.newBuilder()
                      .setName(NAME)
                      .setPayload(ByteString.copyFromUtf8("hello"))
                      .build());
      String said = answer.getPayload().toStringUtf8();
      out.println("  a WASI program reads \"hello\" and writes \"" + said + "\"");
      findings.check(
          "a WASI program answers a payload", said.equals("HELLO"), "it wrote '" + said + "'");
      String talked = talk();
      findings.check(
          "a WASI program answers over a stream, line by line",
          talked.equals("ONE TWO THREE end"),
          "it wrote '" + talked + "'");
    } finally {
      platform.deleteTenant(TENANT);
    }
  }

  private String talk() throws StatusException, InterruptedException {
    BlockingClientCall<InvokeStreamRequest, InvokeStreamResponse> call =
        InvocationServiceGrpc.newBlockingV2Stub(channel).invokeStream();
    boolean open =
        call.write(
            InvokeStreamRequest.newBuilder()
                .setStart(InvokeRequest.newBuilder().setName(NAME))
                .build());
    StringBuilder heard = new StringBuilder();
    for (String word : new String[] {"one ", "two ", "three "}) {
      open =
          open
              && call.write(
                  InvokeStreamRequest.newBuilder().setInput(ByteString.copyFromUtf8(word)).build());
      // The program answers before it gets the next one.
      InvokeStreamResponse answer = call.read();
      heard.append(answer == null ? "nothing" : answer.getOutput().toStringUtf8());
    }
    call.halfClose();
    InvokeStreamResponse end = call.read();
    boolean good = end != null && end.hasEnd() && !end.getEnd().hasTrap();
    return heard + (good ? "end" : "no end");
  }
}

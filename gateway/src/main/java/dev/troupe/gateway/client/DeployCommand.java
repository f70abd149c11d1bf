package dev.troupe.gateway.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.gateway.cli.Sha256;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe deploy TENANT/FUNCTION FILE}. */
@Command(
    name = "deploy",
    description = "Upload a module (.wasm or .wat) as a new version of a function.",
    footer =
        "Limits replace all limits that the function has, and options of the program all of those;"
            + " without any, they stay. To change or clear single limits: function update.")
public final class DeployCommand extends ClientCommand {
  private static final int CHUNK_BYTES = 256 << 10;

  @Parameters(index = "0", paramLabel = "TENANT/FUNCTION")
  String function = "";

  @Parameters(index = "1", paramLabel = "FILE")
  Path file = Path.of("");

  @Mixin LimitOptions limits = new LimitOptions();

  @Mixin ProgramOptions program = new ProgramOptions();

  @Option(names = "--validate-only", description = "Check the module, deploy nothing.")
  boolean validateOnly;

  @Override
  int ask(ManagedChannel channel, PrintStream out)
      throws UsageException, StatusException, IOException, InterruptedException {
    String[] parts = functionName(function).split("/", -1);
    if (parts.length != 4) {
      throw new UsageException("'" + function + "' names no function: write TENANT/FUNCTION");
    }
    byte[] module = read(file);
    DeployFunctionHeader.Builder header =
        DeployFunctionHeader.newBuilder()
            .setParent("tenants/" + parts[1])
            .setFunctionId(parts[3])
            .setSha256(ByteString.copyFrom(Sha256.of(module)))
            .setModuleBytes(module.length)
            .setValidateOnly(validateOnly);
    if (!limits.isEmpty()) {
      header.setLimits(limits.applyTo(FunctionLimits.newBuilder()));
    }
    if (!program.isEmpty()) {
      header.setProgram(program.settings());
    }
    DeployFunctionResponse answer = upload(channel, header.build(), module);
    if (json) {
      out.println(toJson(answer));
    } else {
      out.println(answer.getVersion().getName());
      out.println(
          "  "
              + module.length
              + " bytes, "
              + answer
                  .getArtifactSource()
                  .name()
                  .replace("ARTIFACT_SOURCE_", "")
                  .toLowerCase(java.util.Locale.ROOT)
              + ", "
              + Durations.toMillis(answer.getCompileTime())
              + " ms");
    }
    return 0;
  }

  private static DeployFunctionResponse upload(
      ManagedChannel channel, DeployFunctionHeader header, byte[] module)
      throws StatusException, InterruptedException {
    BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> call =
        FunctionServiceGrpc.newBlockingV2Stub(channel).deployFunction();
    boolean open = call.write(DeployFunctionRequest.newBuilder().setHeader(header).build());
    for (int at = 0; open && at < module.length; at += CHUNK_BYTES) {
      ByteString chunk = ByteString.copyFrom(module, at, Math.min(CHUNK_BYTES, module.length - at));
      open = call.write(DeployFunctionRequest.newBuilder().setChunk(chunk).build());
    }
    call.halfClose();
    // Throws what the server answered when it ended the call early.
    return call.read();
  }

  private static byte[] read(Path file) throws IOException, UsageException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file);
    }
  }
}

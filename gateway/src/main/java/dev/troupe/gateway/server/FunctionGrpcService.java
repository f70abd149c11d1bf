package dev.troupe.gateway.server;

import com.google.protobuf.Empty;
import dev.troupe.actors.Platform;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import dev.troupe.functions.v1.DeleteFunctionRequest;
import dev.troupe.functions.v1.DeleteFunctionVersionRequest;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.GetFunctionRequest;
import dev.troupe.functions.v1.GetFunctionVersionRequest;
import dev.troupe.functions.v1.ListFunctionVersionsRequest;
import dev.troupe.functions.v1.ListFunctionVersionsResponse;
import dev.troupe.functions.v1.ListFunctionsRequest;
import dev.troupe.functions.v1.ListFunctionsResponse;
import dev.troupe.functions.v1.UpdateFunctionRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Functions and their immutable versions. */
final class FunctionGrpcService extends FunctionServiceGrpc.FunctionServiceImplBase {
  private static final Set<String> PROGRAM = Set.of("program");

  private final Platform platform;
  private final Uploads uploads;
  private final Retries retries;

  FunctionGrpcService(Platform platform, Uploads uploads) {
    this.platform = platform;
    this.uploads = uploads;
    this.retries = uploads.retries;
  }

  @Override
  public StreamObserver<DeployFunctionRequest> deployFunction(
      StreamObserver<DeployFunctionResponse> observer) {
    return Upload.begin(uploads, (ServerCallStreamObserver<DeployFunctionResponse>) observer);
  }

  @Override
  public void getFunction(GetFunctionRequest request, StreamObserver<Function> observer) {
    Answers.send(
        () -> {
          ResourceName name = ResourceName.function(request.getName());
          return Messages.function(name.tenant(), stored(name));
        },
        observer);
  }

  @Override
  public void listFunctions(
      ListFunctionsRequest request, StreamObserver<ListFunctionsResponse> observer) {
    Answers.send(
        () -> {
          ResourceName parent = ResourceName.tenant(request.getParent());
          Pages<StoredFunction> page =
              Pages.of(
                  List.copyOf(tenant(parent).functions().values()),
                  StoredFunction::functionId,
                  request.getPageSize(),
                  request.getPageToken());
          ListFunctionsResponse.Builder response = ListFunctionsResponse.newBuilder();
          for (StoredFunction function : page.items()) {
            response.addFunctions(Messages.function(parent.tenant(), function));
          }
          return response.setNextPageToken(page.nextToken()).build();
        },
        observer);
  }

  @Override
  public void updateFunction(UpdateFunctionRequest request, StreamObserver<Function> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                ResourceName.function(request.getFunction().getName()).tenant(),
                "UpdateFunction",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> updateFunctionNow(request, client)));
  }

  private void updateFunctionNow(UpdateFunctionRequest request, StreamObserver<Function> client) {
    Function wanted = request.getFunction();
    ResourceName name = ResourceName.function(wanted.getName());
    StoredFunction current = stored(name);
    Limits limits =
        QuotaMessages.merge(
            current.limits(),
            wanted.getLimits(),
            QuotaMessages.fields(request.getUpdateMask(), "limits", wanted.getLimits(), PROGRAM));
    boolean named =
        request.getUpdateMask().getPathsCount() == 0
            ? wanted.hasProgram()
            : request.getUpdateMask().getPathsList().stream()
                .anyMatch(path -> path.equals("*") || PROGRAM.contains(path));
    // What the client does not name comes from a state that must still be current.
    String etag = wanted.getEtag().isEmpty() ? Long.toString(current.revision()) : wanted.getEtag();
    Answers.send(
        platform.updateFunction(
            name.tenant(),
            name.functionId(),
            limits,
            named ? ProgramMessages.settings(wanted.getProgram()) : null,
            etag),
        name.tenant(),
        changed -> Messages.function(name.tenant(), changed),
        client);
  }

  @Override
  public void deleteFunction(DeleteFunctionRequest request, StreamObserver<Empty> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                ResourceName.function(request.getName()).tenant(),
                "DeleteFunction",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> deleteFunctionNow(request, client)));
  }

  private void deleteFunctionNow(DeleteFunctionRequest request, StreamObserver<Empty> client) {
    ResourceName name = ResourceName.function(request.getName());
    Answers.send(
        platform.deleteFunction(name.tenant(), name.functionId(), request.getEtag()),
        name.tenant(),
        deleted -> Empty.getDefaultInstance(),
        client);
  }

  @Override
  public void getFunctionVersion(
      GetFunctionVersionRequest request, StreamObserver<FunctionVersion> observer) {
    Answers.send(
        () -> {
          ResourceName name = ResourceName.version(request.getName());
          StoredVersion version = stored(name).version(name.versionId());
          if (version == null) {
            throw Statuses.notFound(request.getName());
          }
          return Messages.version(name.tenant(), name.functionId(), version);
        },
        observer);
  }

  @Override
  public void listFunctionVersions(
      ListFunctionVersionsRequest request, StreamObserver<ListFunctionVersionsResponse> observer) {
    Answers.send(
        () -> {
          ResourceName parent = ResourceName.function(request.getParent());
          Pages<StoredVersion> page =
              Pages.of(
                  stored(parent).versions().stream()
                      .sorted(Comparator.comparing(StoredVersion::sha256))
                      .toList(),
                  StoredVersion::sha256,
                  request.getPageSize(),
                  request.getPageToken());
          ListFunctionVersionsResponse.Builder response = ListFunctionVersionsResponse.newBuilder();
          for (StoredVersion version : page.items()) {
            response.addFunctionVersions(
                Messages.version(parent.tenant(), parent.functionId(), version));
          }
          return response.setNextPageToken(page.nextToken()).build();
        },
        observer);
  }

  @Override
  public void deleteFunctionVersion(
      DeleteFunctionVersionRequest request, StreamObserver<Empty> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                ResourceName.version(request.getName()).tenant(),
                "DeleteFunctionVersion",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> deleteFunctionVersionNow(request, client)));
  }

  private void deleteFunctionVersionNow(
      DeleteFunctionVersionRequest request, StreamObserver<Empty> client) {
    ResourceName name = ResourceName.version(request.getName());
    Answers.send(
        platform.deleteVersion(name.tenant(), name.functionId(), name.versionId()),
        name.tenant(),
        deleted -> Empty.getDefaultInstance(),
        client);
  }

  private StoredTenant tenant(ResourceName name) {
    return Answers.value(platform.getTenant(name.tenant()), name.tenant()).tenant();
  }

  private StoredFunction stored(ResourceName name) {
    StoredFunction function = tenant(name).functions().get(name.functionId());
    if (function == null) {
      throw Statuses.notFound(Messages.functionName(name.tenant(), name.functionId()));
    }
    return function;
  }
}

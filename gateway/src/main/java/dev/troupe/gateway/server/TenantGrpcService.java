package dev.troupe.gateway.server;

import com.google.protobuf.Empty;
import dev.troupe.actors.Platform;
import dev.troupe.actors.TenantView;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeleteTenantRequest;
import dev.troupe.functions.v1.GetTenantRequest;
import dev.troupe.functions.v1.ListTenantsRequest;
import dev.troupe.functions.v1.ListTenantsResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.stub.StreamObserver;
import java.util.Set;

/** Tenants and their quotas. */
final class TenantGrpcService extends TenantServiceGrpc.TenantServiceImplBase {
  private static final int MOST_NAME_CHARS = 256;

  private final Platform platform;
  private final Retries retries;

  TenantGrpcService(Platform platform, Retries retries) {
    this.platform = platform;
    this.retries = retries;
  }

  @Override
  public void createTenant(CreateTenantRequest request, StreamObserver<Tenant> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                request.getTenantId(),
                "CreateTenant",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> createTenantNow(request, client)));
  }

  private void createTenantNow(CreateTenantRequest request, StreamObserver<Tenant> client) {
    String id = ResourceName.id("tenant_id", request.getTenantId());
    TenantQuotas quotas =
        QuotaMessages.merge(platform.defaultQuotas(), request.getTenant().getQuotas());
    Answers.send(
        platform.createTenant(id, displayName(request.getTenant()), quotas),
        id,
        Messages::tenant,
        client);
  }

  private static String displayName(Tenant tenant) {
    String name = tenant.getDisplayName();
    if (name.length() > MOST_NAME_CHARS) {
      throw Statuses.invalidArgument(
          "tenant.display_name", "must have at most " + MOST_NAME_CHARS + " characters");
    }
    return name;
  }

  @Override
  public void getTenant(GetTenantRequest request, StreamObserver<Tenant> observer) {
    Answers.send(
        () -> {
          String id = ResourceName.tenant(request.getName()).tenant();
          return Messages.tenant(Answers.value(platform.getTenant(id), id));
        },
        observer);
  }

  @Override
  public void listTenants(
      ListTenantsRequest request, StreamObserver<ListTenantsResponse> observer) {
    Answers.send(
        () -> {
          Pages<TenantView> page =
              Pages.of(
                  platform.listTenants(),
                  view -> view.tenant().tenantId(),
                  request.getPageSize(),
                  request.getPageToken());
          ListTenantsResponse.Builder response = ListTenantsResponse.newBuilder();
          page.items().forEach(view -> response.addTenants(Messages.tenant(view)));
          return response.setNextPageToken(page.nextToken()).build();
        },
        observer);
  }

  @Override
  public void updateTenant(UpdateTenantRequest request, StreamObserver<Tenant> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                ResourceName.tenant(request.getTenant().getName()).tenant(),
                "UpdateTenant",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> updateTenantNow(request, client)));
  }

  private void updateTenantNow(UpdateTenantRequest request, StreamObserver<Tenant> client) {
    Tenant wanted = request.getTenant();
    String id = ResourceName.tenant(wanted.getName()).tenant();
    StoredTenant current = Answers.value(platform.getTenant(id), id).tenant();
    boolean rename =
        request.getUpdateMask().getPathsCount() == 0
            ? !wanted.getDisplayName().isEmpty()
            : request.getUpdateMask().getPathsList().contains("display_name");
    TenantQuotas quotas =
        QuotaMessages.merge(
            current.quotas(),
            platform.defaultQuotas(),
            wanted.getQuotas(),
            QuotaMessages.fields(
                request.getUpdateMask(), "quotas", wanted.getQuotas(), Set.of("display_name")));
    // What the client does not name comes from a state that must still be current.
    String etag = wanted.getEtag().isEmpty() ? Long.toString(current.revision()) : wanted.getEtag();
    Answers.send(
        platform.updateTenant(
            id, rename ? displayName(wanted) : current.displayName(), quotas, etag),
        id,
        Messages::tenant,
        client);
  }

  @Override
  public void deleteTenant(DeleteTenantRequest request, StreamObserver<Empty> observer) {
    Guarded.run(
        observer,
        () ->
            retries.run(
                ResourceName.tenant(request.getName()).tenant(),
                "DeleteTenant",
                request.getRequestId(),
                () -> request.toBuilder().clearRequestId().build(),
                observer,
                client -> deleteTenantNow(request, client)));
  }

  private void deleteTenantNow(DeleteTenantRequest request, StreamObserver<Empty> client) {
    String id = ResourceName.tenant(request.getName()).tenant();
    Answers.send(
        platform.deleteTenant(id, request.getEtag(), request.getForce()),
        id,
        deleted -> Empty.getDefaultInstance(),
        client);
  }
}

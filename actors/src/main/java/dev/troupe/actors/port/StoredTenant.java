package dev.troupe.actors.port;

import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.TenantQuotas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is durable of a tenant.
 *
 * @param tenantId last part of its name
 * @param displayName for people
 * @param quotas in force
 * @param createTime when it was created
 * @param updateTime when it last changed
 * @param revision counts changes, from 1
 * @param functions by id
 */
public record StoredTenant(
    String tenantId,
    String displayName,
    TenantQuotas quotas,
    Instant createTime,
    Instant updateTime,
    long revision,
    SortedMap<String, StoredFunction> functions) {

  /** Copies the map. */
  public StoredTenant {
    functions = Collections.unmodifiableSortedMap(new TreeMap<>(functions));
  }

  /**
   * A function.
   *
   * @param versions in the order of their deployment; the last one is current
   * @param limits what it may use at most, below the quotas of the tenant
   * @param program what it finds if it is a program
   * @param revision counts changes, from 1
   */
  public record StoredFunction(
      String functionId,
      List<StoredVersion> versions,
      Limits limits,
      ProgramSettings program,
      Instant createTime,
      Instant updateTime,
      long revision) {

    /** Copies the list. */
    public StoredFunction {
      versions = List.copyOf(versions);
    }

    StoredFunction changed(
        List<StoredVersion> newVersions,
        @Nullable Limits newLimits,
        @Nullable ProgramSettings newProgram,
        Instant now) {
      return new StoredFunction(
          functionId,
          newVersions,
          newLimits == null ? limits : newLimits,
          newProgram == null ? program : newProgram,
          createTime,
          now,
          revision + 1);
    }

    /** The version that calls of the function run. */
    public StoredVersion current() {
      return versions.getLast();
    }

    /** The version with that digest, or null. */
    public @Nullable StoredVersion version(String sha256) {
      for (StoredVersion version : versions) {
        if (version.sha256().equals(sha256)) {
          return version;
        }
      }
      return null;
    }
  }

  /**
   * A version.
   *
   * @param sha256 64 hexadecimal digits
   * @param moduleBytes length of the module
   * @param createTime when it was first deployed
   * @param description what it exports
   */
  public record StoredVersion(
      String sha256, long moduleBytes, Instant createTime, ModuleDescription description) {}

  /** The same with other quotas and name. */
  public StoredTenant withSettings(String newName, TenantQuotas newQuotas, Instant now) {
    return new StoredTenant(tenantId, newName, newQuotas, createTime, now, revision + 1, functions);
  }

  /** Bytes of the modules of all versions of all functions. */
  public long deployedBytes() {
    long sum = 0;
    for (StoredFunction function : functions.values()) {
      for (StoredVersion version : function.versions()) {
        sum += version.moduleBytes();
      }
    }
    return sum;
  }

  /**
   * The same after a version was deployed: it is last, and there once.
   *
   * @param limits new limits of the function, or null to keep them
   * @param program new settings of the program, or null to keep them
   */
  public StoredTenant withVersion(
      String functionId,
      StoredVersion version,
      @Nullable Limits limits,
      @Nullable ProgramSettings program,
      Instant now) {
    StoredFunction before = functions.get(functionId);
    if (before == null) {
      return withFunction(
          new StoredFunction(
              functionId,
              List.of(version),
              limits == null ? Limits.EMPTY : limits,
              program == null ? ProgramSettings.DEFAULT : program,
              now,
              now,
              1),
          now);
    }
    List<StoredVersion> versions = new ArrayList<>(before.versions());
    versions.removeIf(old -> old.sha256().equals(version.sha256()));
    versions.add(version);
    return withFunction(before.changed(versions, limits, program, now), now);
  }

  /** The same with other settings of a function; unchanged when there is no such function. */
  public StoredTenant withSettings(
      String functionId, Limits limits, @Nullable ProgramSettings program, Instant now) {
    StoredFunction function = functions.get(functionId);
    return function == null
        ? this
        : withFunction(function.changed(function.versions(), limits, program, now), now);
  }

  /** The same with {@code function} put in its place. */
  public StoredTenant withFunction(StoredFunction function, Instant now) {
    SortedMap<String, StoredFunction> changed = new TreeMap<>(functions);
    changed.put(function.functionId(), function);
    return withFunctions(changed, now);
  }

  /** The same without a version that is not current. */
  public StoredTenant withoutVersion(String functionId, StoredVersion version, Instant now) {
    StoredFunction before = functions.get(functionId);
    if (before == null || before.current().equals(version)) {
      throw new IllegalArgumentException("no such function, or its current version");
    }
    List<StoredVersion> versions = new ArrayList<>(before.versions());
    versions.remove(version);
    return withFunction(before.changed(versions, null, null, now), now);
  }

  /** The same without a function. */
  public StoredTenant withoutFunction(String functionId, Instant now) {
    SortedMap<String, StoredFunction> changed = new TreeMap<>(functions);
    changed.remove(functionId);
    return withFunctions(changed, now);
  }

  private StoredTenant withFunctions(Map<String, StoredFunction> changed, Instant now) {
    return new StoredTenant(
        tenantId, displayName, quotas, createTime, now, revision + 1, new TreeMap<>(changed));
  }
}

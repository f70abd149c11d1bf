package dev.troupe.functions.v1;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds what a newer set of descriptors breaks for peers that were built with an older one, on the
 * wire and in JSON. Additions are no breakage.
 */
final class WireChanges {
  private final Map<String, String> facts = new TreeMap<>();

  private WireChanges(FileDescriptorSet set) {
    for (FileDescriptorProto file : set.getFileList()) {
      String scope = file.getPackage();
      file.getMessageTypeList().forEach(message -> addMessage(scope, message));
      file.getEnumTypeList().forEach(type -> addEnum(scope, type));
      file.getServiceList().forEach(service -> addService(scope, service));
    }
  }

  /** One sentence per fact of {@code older} that does not hold in {@code newer}. */
  static List<String> breaking(FileDescriptorSet older, FileDescriptorSet newer) {
    Map<String, String> after = new WireChanges(newer).facts;
    List<String> changes = new ArrayList<>();
    new WireChanges(older)
        .facts.forEach((what, before) -> {
          String now = after.getOrDefault(what, "gone");
          if (!now.equals(before)) {
            changes.add(what + " was [" + before + "] and is [" + now + "]");
          }
        });
    return changes;
  }

  private void addMessage(String scope, DescriptorProto message) {
    String name = scope + "." + message.getName();
    facts.put("message " + name, "present");
    for (FieldDescriptorProto field : message.getFieldList()) {
      String oneof =
          field.hasOneofIndex() && !field.getProto3Optional()
              ? message.getOneofDecl(field.getOneofIndex()).getName()
              : "none";
      facts.put(
          "field " + name + " number " + field.getNumber(),
          "%s %s %s %s oneof %s"
              .formatted(
                  field.getName(), field.getLabel(), field.getType(), field.getTypeName(), oneof));
    }
    message.getNestedTypeList().forEach(nested -> addMessage(name, nested));
    message.getEnumTypeList().forEach(nested -> addEnum(name, nested));
  }

  private void addEnum(String scope, EnumDescriptorProto type) {
    String name = scope + "." + type.getName();
    facts.put("enum " + name, "present");
    for (EnumValueDescriptorProto value : type.getValueList()) {
      facts.put("value " + name + " number " + value.getNumber(), value.getName());
    }
  }

  private void addService(String scope, ServiceDescriptorProto service) {
    String name = scope + "." + service.getName();
    for (MethodDescriptorProto method : service.getMethodList()) {
      facts.put(
          "method " + name + "/" + method.getName(),
          "%s%s -> %s%s"
              .formatted(
                  method.getClientStreaming() ? "stream " : "",
                  method.getInputType(),
                  method.getServerStreaming() ? "stream " : "",
                  method.getOutputType()));
    }
  }
}

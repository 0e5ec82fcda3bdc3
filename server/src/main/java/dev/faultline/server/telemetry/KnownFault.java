package dev.faultline.server.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Clock;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.server.config.ServerConfig.Switch;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.Severity;
import java.util.Optional;

/// A fault or suspicion with its document, which is empty when the server remembers it no more.
record KnownFault(Occurrence occurrence, Optional<ObjectNode> document, boolean suspicion) {

  Fault fault() {
    return occurrence.fault();
  }

  /// `fields` says whether the field's path and value may be told.
  Attributes attributes(Switch fields) {
    Fault fault = fault();
    AttributesBuilder attributes = Attributes.builder()
        .put(Conventions.FAULT_ID, occurrence.id())
        .put(Conventions.CODE, fault.code().label())
        .put(Conventions.STAGE, fault.stage().name())
        .put(Conventions.BLAME, fault.blame().name());
    if (suspicion) {
      attributes.put(Conventions.SUSPICION, true);
    }
    text("confidence").ifPresent(confidence -> attributes.put(Conventions.CONFIDENCE, confidence));
    text("group").ifPresent(group -> attributes.put(Conventions.GROUP, group));
    fault.node().map(NodeRef::name).ifPresent(node -> attributes.put(Conventions.ONNX_NODE, node));
    if (fields.isOn()) {
      fault.field().map(Field::path).ifPresent(path -> attributes.put(Conventions.FIELD_PATH, path));
      value().ifPresent(value -> attributes.put(Conventions.FIELD_VALUE, value));
    }
    return attributes.build();
  }

  /// As the log has it; a caller who leaves is nobody's error.
  Severity severity() {
    if (Clock.of(fault()).filter(clock -> clock == Clock.CALLER_LEFT).isPresent()) {
      return Severity.DEBUG;
    }
    boolean warn = suspicion || fault().blame() == Blame.CALLER || fault().blame() == Blame.CAPACITY;
    return warn ? Severity.WARN : Severity.ERROR;
  }

  private Optional<String> text(String member) {
    return document.map(all -> all.path(member).asText("")).filter(text -> !text.isEmpty() && !text.equals("null"));
  }

  private Optional<String> value() {
    for (Evidence each : fault().evidence()) {
      if (each instanceof Evidence.Value(String got, var _, var _)) {
        return Optional.of(got);
      }
    }
    return fault().breaches().stream().map(breach -> breach.got()).findFirst();
  }
}

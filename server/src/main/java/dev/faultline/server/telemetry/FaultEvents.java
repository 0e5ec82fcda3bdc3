package dev.faultline.server.telemetry;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Thrown;
import dev.faultline.server.config.ServerConfig.Switch;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.context.Context;
import java.util.List;

/// Faults as log records in the request's span: the event `faultline.fault` with the whole document, and what was thrown as an exception.
final class FaultEvents {
  private final Logger logger;
  private final Switch fields;

  FaultEvents(Logger logger, Switch fields) {
    this.logger = logger;
    this.fields = fields;
  }

  /// @return how many records there are to send
  int record(Told told, List<KnownFault> faults) {
    Context context = RequestSpans.contextOf(told.arrival());
    int records = 0;
    for (KnownFault each : faults) {
      fault(told, each, context);
      records++;
      if (each.fault().thrown().isPresent()) {
        exception(told, each, each.fault().thrown().get(), context);
        records++;
      }
    }
    return records;
  }

  private void fault(Told told, KnownFault known, Context context) {
    Severity severity = known.severity();
    LogRecordBuilder event = event(Conventions.FAULT_EVENT, known, severity, context)
        .setAllAttributes(RequestSpans.ofRequest(told))
        .setAllAttributes(known.attributes(fields));
    known.document().ifPresent(document -> event.setBody(ValueFromJson.of(document)));
    event.emit();
  }

  private void exception(Told told, KnownFault known, Thrown thrown, Context context) {
    Fault fault = known.fault();
    event(told.isGrpc() ? Conventions.RPC_EXCEPTION : Conventions.HTTP_EXCEPTION, known, Severity.ERROR, context)
        .setAllAttributes(RequestSpans.exception(thrown))
        .setAttribute(Conventions.FAULT_ID, known.occurrence().id())
        .setAttribute(Conventions.CODE, fault.code().label())
        .emit();
  }

  private LogRecordBuilder event(String name, KnownFault known, Severity severity, Context context) {
    return logger
        .logRecordBuilder()
        .setEventName(name)
        .setContext(context)
        .setTimestamp(known.occurrence().occurredAt())
        .setSeverity(severity)
        .setSeverityText(severity.name());
  }
}

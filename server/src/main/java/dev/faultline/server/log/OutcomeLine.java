package dev.faultline.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.fault.Clock;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Thrown;
import dev.faultline.request.Arrival;
import dev.faultline.request.Assignment;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.logstash.logback.argument.StructuredArgument;

/// One line of the log for one request. Made on the request's thread of references only; written, as JSON or for people, on the log's.
public final class OutcomeLine implements StructuredArgument {
  private final Arrival arrival;
  private final int payloadBytes;
  private final ResolvedVersion version;
  private final List<StageRun> stages;
  private final long totalNanos;
  private final int status;
  private final BatchSeat seat;
  private final Assignment assignment;
  private final List<TensorNote> inputs;
  private final List<TensorNote> outputs;
  private final List<Occurrence> faults;
  private final boolean served;
  private final PayloadNote note;

  OutcomeLine(Outcome outcome, PayloadPolicy.Extent extent, PayloadNote note) {
    Passage passage = outcome.passage();
    this.arrival = passage.arrival().withoutPayload();
    this.payloadBytes = passage.arrival().payload().length();
    this.version = passage.version();
    this.stages = passage.stages();
    this.totalNanos = passage.totalNanos();
    this.seat = passage.seat();
    this.assignment = passage.assignment();
    this.status = outcome.httpStatus();
    boolean told = extent != PayloadPolicy.Extent.NOTHING;
    this.inputs = told ? TensorNote.shapes(passage.request().map(OutcomeLine::tensors).orElse(List.of())) : List.of();
    this.outputs = told ? TensorNote.summaries(passage.outputs()) : List.of();
    this.note = note;
    this.served = outcome instanceof Outcome.Served;
    this.faults = switch (outcome) {
      case Outcome.Served(var _, List<Occurrence> suspicions, var _) -> suspicions;
      case Outcome.Faulted(Occurrence occurrence, var _) -> List.of(occurrence);
    };
  }

  /// The line of a request that an event of the log is, if it is one.
  public static Optional<OutcomeLine> find(ILoggingEvent event) {
    Object[] arguments = event.getArgumentArray();
    return arguments != null && arguments.length == 1 && arguments[0] instanceof OutcomeLine line ? Optional.of(line) : Optional.empty();
  }

  public Arrival arrival() {
    return arrival;
  }

  /// The line as a JSON document of its own.
  public String json(JsonFactory factory) {
    var text = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(text)) {
      json.writeStartObject();
      writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static List<dev.faultline.tensor.Tensor> tensors(dev.faultline.request.InferenceRequest request) {
    return request.inputs().stream().map(InputTensor::tensor).toList();
  }

  @Override
  public void writeTo(JsonGenerator json) throws IOException {
    call(json);
    json.writeStringField("outcome", served ? "served" : "faulted");
    json.writeNumberField("status", status);
    json.writeStringField("model", version.model());
    json.writeStringField("version", version.version());
    json.writeStringField("digest", version.digest());
    times(json);
    TensorNote.write(json, "outputs", outputs);
    if (!seat.isNone()) {
      batch(json);
    }
    if (!assignment.isNone()) {
      rollout(json);
    }
    if (!faults.isEmpty()) {
      faults(json);
    }
  }

  private void rollout(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("rollout");
    json.writeStringField("id", assignment.rollout());
    json.writeStringField("arm", assignment.arm().label());
    json.writeNumberField("share", assignment.share());
    json.writeEndObject();
  }

  private void batch(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("batch");
    json.writeNumberField("requests", seat.requests());
    json.writeNumberField("rows", seat.rows());
    json.writeNumberField("first_row", seat.firstRow());
    json.writeEndObject();
  }

  private void call(JsonGenerator json) throws IOException {
    json.writeStringField("request_id", arrival.id().value());
    json.writeStringField("trace_id", arrival.traceId());
    json.writeStringField("span_id", arrival.spanId());
    json.writeStringField("protocol", arrival.protocol().label());
    json.writeStringField("method", arrival.method());
    json.writeStringField("path", arrival.path());
    json.writePOJOField("query", arrival.query());
    json.writePOJOField("headers", arrival.headers());
    json.writeStringField("client", arrival.client());
    json.writeObjectFieldStart("payload");
    json.writeNumberField("bytes", payloadBytes);
    json.writeStringField("content_type", arrival.payload().contentType());
    TensorNote.write(json, "inputs", inputs);
    note.write(json);
    json.writeEndObject();
  }

  private void times(JsonGenerator json) throws IOException {
    json.writeNumberField("total_ms", totalNanos / 1e6);
    json.writeObjectFieldStart("stages_ms");
    for (StageRun run : stages) {
      json.writeNumberField(run.stage().label(), run.millis());
    }
    json.writeEndObject();
  }

  /// The fault, or the suspicions, and the whole stack trace of the first that has one.
  private void faults(JsonGenerator json) throws IOException {
    json.writeFieldName(served ? "suspicions" : "fault");
    if (served) {
      json.writeStartArray();
    }
    for (Occurrence each : faults) {
      fault(json, each);
    }
    if (served) {
      json.writeEndArray();
    }
    Optional<Thrown> thrown = faults.stream().flatMap(each -> each.fault().thrown().stream()).findFirst();
    if (thrown.isPresent()) {
      json.writeStringField("stack_trace", thrown.get().trace());
    }
  }

  private static void fault(JsonGenerator json, Occurrence occurrence) throws IOException {
    Fault fault = occurrence.fault();
    json.writeStartObject();
    json.writeStringField("id", occurrence.id());
    json.writeStringField("code", fault.code().label());
    json.writeStringField("stage", fault.stage().name());
    json.writeStringField("blame", fault.blame().name());
    json.writeStringField("timeout", Clock.of(fault).map(Clock::label).orElse(""));
    json.writeStringField("summary", fault.summary());
    json.writeStringField("field", fault.field().map(Field::path).orElse(""));
    json.writeStringField("node", fault.node().map(NodeRef::name).orElse(""));
    json.writeStringField("step", fault.step().orElse(""));
    json.writeEndObject();
  }

  /// The line for people.
  String human() {
    String model = version.isNone() ? arrival.model().name() + " (unresolved)" : version.model() + " v" + version.version();
    var text = new StringBuilder(String.format(
        Locale.ROOT, "%d %s %s  %s  %.2f ms  [%s]", status, arrival.method(), arrival.path(), model, totalNanos / 1e6, arrival.id()));
    for (Occurrence each : faults) {
      Fault fault = each.fault();
      text.append(String.format(Locale.ROOT, "%n  %s[%s] %s  blame %s: %s", served ? "suspicion" : "fault", fault.code().label(), each.id(), fault.blame(), fault.summary()));
      fault.node().ifPresent(node -> text.append(String.format(Locale.ROOT, "%n  node %s", node)));
      fault.thrown().ifPresent(thrown -> text.append(System.lineSeparator()).append(thrown.trace()));
    }
    return text.toString();
  }
}

package dev.faultline.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.DebugInfo;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Help;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.QueueFault;
import dev.faultline.request.Passage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A fault as gRPC's rich error model has it: `google.rpc.Status` with `ErrorInfo`, and where they apply `BadRequest`, `RetryInfo`,
/// `RequestInfo`, `Help` and, at detail level internal, `DebugInfo` with what the engine said. Stack traces stay in the log.
///
/// The whole trailer stays below the 8 KiB that clients accept: details that do not fit are left out, the least useful first. Longer than
/// most files because every kind of detail is filled here, and only here.
public final class GrpcStatusFromFault {
  /// Violations listed in one answer; the fault itself holds more.
  public static final int VIOLATIONS_MAX = 20;

  private static final String DOMAIN = "faultline.dev";
  /// Base64 makes a third more of it.
  private static final int DETAILS_BYTES_MAX = 4_200;
  /// As it travels, percent-encoded.
  private static final int MESSAGE_BYTES_MAX = 1_024;

  private static final int TEXT_CHARS_MAX = 240;

  private GrpcStatusFromFault() {}

  public static Status of(Occurrence occurrence, Passage passage, FaultContext context, DetailLevel level) {
    Fault fault = occurrence.fault();
    Status.Builder status = Status.newBuilder().setCode(Code.valueOf(fault.grpcStatus()).getNumber()).setMessage(message(occurrence, level));
    for (Message detail : details(occurrence, passage, context, level)) {
      Any packed = Any.pack(detail);
      if (status.build().getSerializedSize() + packed.getSerializedSize() < DETAILS_BYTES_MAX) {
        status.addDetails(packed);
      }
    }
    return status.build();
  }

  /// In one sentence with the fault's id, shortened so that it fits a header.
  public static String message(Occurrence occurrence, DetailLevel level) {
    String sentence = level.sentence(occurrence.fault());
    String id = " [" + occurrence.id() + "]";
    int kept = sentence.length();
    while (encodedLength(sentence.substring(0, kept)) > MESSAGE_BYTES_MAX) {
      kept = kept * 3 / 4;
    }
    return Excerpt.of(sentence, kept) + id;
  }

  /// The most useful first.
  private static List<Message> details(Occurrence occurrence, Passage passage, FaultContext context, DetailLevel level) {
    Fault fault = occurrence.fault();
    var details = new ArrayList<Message>();
    details.add(errorInfo(occurrence, passage, context));
    if (fault instanceof QueueFault queued) {
      details.add(RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(queued.retryAfterSeconds())).build());
    }
    details.add(RequestInfo.newBuilder().setRequestId(passage.arrival().id().value()).build());
    if (fault.blame() == Blame.CALLER) {
      badRequests(fault, level).forEach(details::add);
    }
    details.add(help(fault));
    if (level == DetailLevel.INTERNAL) {
      debugInfo(fault).forEach(details::add);
    }
    return details;
  }

  private static ErrorInfo errorInfo(Occurrence occurrence, Passage passage, FaultContext context) {
    Fault fault = occurrence.fault();
    var info = ErrorInfo.newBuilder()
        .setReason(reason(fault.code().label()))
        .setDomain(DOMAIN)
        .putMetadata("fault_id", occurrence.id())
        .putMetadata("code", fault.code().label())
        .putMetadata("stage", fault.stage().name())
        .putMetadata("blame", fault.blame().name())
        .putMetadata("model", Excerpt.name(passage.version().isNone() ? passage.arrival().model().name() : passage.model()))
        .putMetadata("version", Excerpt.name(passage.version().isNone() ? passage.arrival().model().version() : passage.version().version()));
    if (!context.group().isEmpty()) {
      info.putMetadata("group", context.group());
    }
    return info.build();
  }

  private static String reason(String label) {
    return label.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /// None, or one with as many violations as fit.
  private static List<BadRequest> badRequests(Fault fault, DetailLevel level) {
    var violations = new ArrayList<FieldViolation>();
    for (Breach breach : fault.breaches().subList(0, Math.min(VIOLATIONS_MAX, fault.breaches().size()))) {
      String text = level == DetailLevel.INTERNAL ? breach.sentence() : breach.code().title();
      violations.add(violation(breach.field(), text, breach.rule()));
    }
    if (violations.isEmpty()) {
      String kind = fault.code().label().substring(fault.code().label().indexOf('.') + 1);
      fault.field().ifPresent(field -> violations.add(violation(field, level.sentence(fault), kind)));
    }
    BadRequest whole = BadRequest.newBuilder().addAllFieldViolations(violations).build();
    while (whole.getSerializedSize() > DETAILS_BYTES_MAX / 2) {
      violations.removeLast();
      whole = BadRequest.newBuilder().addAllFieldViolations(violations).build();
    }
    return violations.isEmpty() ? List.of() : List.of(whole);
  }

  private static FieldViolation violation(Field field, String description, String rule) {
    String place = field.pointer().isEmpty() ? field.path() : Place.at(field.pointer()).path();
    return FieldViolation.newBuilder()
        .setField(Excerpt.name(place))
        .setDescription(Excerpt.of(description, TEXT_CHARS_MAX))
        .setReason(reason(rule))
        .build();
  }

  private static Help help(Fault fault) {
    return Help.newBuilder().addLinks(Help.Link.newBuilder().setDescription(fault.code().title()).setUrl(ProblemJson.type(fault.code()))).build();
  }

  private static List<DebugInfo> debugInfo(Fault fault) {
    String said = fault.evidence().stream()
        .filter(Evidence.Engine.class::isInstance)
        .map(Evidence.Engine.class::cast)
        .map(engine -> engine.engine() + " " + engine.code() + ": " + engine.message())
        .collect(Collectors.joining("; "));
    String where = fault.node().map(node -> "node " + node + (said.isEmpty() ? "" : ": ")).orElse("");
    String detail = where + said;
    return detail.isEmpty() ? List.of() : List.of(DebugInfo.newBuilder().setDetail(Excerpt.of(detail, 2 * TEXT_CHARS_MAX)).build());
  }

  private static int encodedLength(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).length();
  }
}

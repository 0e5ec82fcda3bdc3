package dev.faultline.server.telemetry;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.Thrown;
import dev.faultline.request.Arrival;
import dev.faultline.request.StageRun;
import dev.faultline.request.TraceContext;
import dev.faultline.server.config.ServerConfig.Switch;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the spans of a request that has ended: the server's own, in it one for each stage, and in that one for each step. For one thread.
final class RequestSpans {
  private final Tracer tracer;
  private final GivenIds ids;
  private final CallAttributes calls;
  private final TelemetryEnvironment.Exceptions exceptions;
  private final Switch fields;

  RequestSpans(Tracer tracer, GivenIds ids, CallAttributes calls, TelemetryEnvironment.Exceptions exceptions, Switch fields) {
    this.tracer = tracer;
    this.ids = ids;
    this.calls = calls;
    this.exceptions = exceptions;
    this.fields = fields;
  }

  /// A context in which log records belong to the request's span, recorded or not.
  static Context contextOf(Arrival arrival) {
    TraceContext trace = arrival.trace();
    return trace.isNone() ? Context.root() : Context.root().with(Span.wrap(SpanContext.create(trace.traceId(), trace.spanId(), flags(trace), TraceState.getDefault())));
  }

  /// @return how many spans there are to send
  int record(Told told, List<KnownFault> faults) {
    long start = told.startEpochNanos();
    TraceContext trace = told.arrival().trace();
    ids.give(trace.traceId(), trace.spanId());
    Span span = builder(CallAttributes.spanName(told), SpanKind.SERVER, parent(trace), start)
        .setAllAttributes(calls.ofSpan(told))
        .setAllAttributes(ofRequest(told))
        .setAllAttributes(ofFault(faults))
        .startSpan();
    if (!span.getSpanContext().isSampled()) {
      return 0;
    }
    Context inside = Context.root().with(span);
    told.stages().forEach(run -> stage(told, run, start + run.startNanos(), inside));
    told.fault().ifPresent(fault -> failed(span, told, fault));
    span.end(start + told.totalNanos(), TimeUnit.NANOSECONDS);
    return told.spans();
  }

  private void stage(Told told, StageRun run, long start, Context parent) {
    Span span = builder(Conventions.SPAN_PREFIX + run.stage().label(), SpanKind.INTERNAL, parent, start).startSpan();
    steps(told, run.stage(), start, Context.root().with(span));
    told.fault().filter(_ -> run.ending() == StageRun.Ending.FAULTED).ifPresent(fault -> {
      span.setAttribute(Conventions.CODE, fault.code().label());
      span.setAttribute(Conventions.ERROR_TYPE, fault.code().label());
      status(span, told, fault);
    });
    span.end(start + run.durationNanos(), TimeUnit.NANOSECONDS);
  }

  /// Steps of a stage run one after the other and are timed, but nobody notes when each began.
  private void steps(Told told, Stage stage, long stageStart, Context parent) {
    long start = stageStart;
    for (Told.StepTime step : told.steps()) {
      if (step.stage() == stage) {
        Span span = builder(Conventions.STEP_SPAN, SpanKind.INTERNAL, parent, start)
            .setAttribute(Conventions.STEP_NAME, step.name())
            .setAttribute(Conventions.STEP_KIND, step.kind())
            .startSpan();
        start += step.durationNanos();
        span.end(start, TimeUnit.NANOSECONDS);
      }
    }
  }

  private SpanBuilder builder(String name, SpanKind kind, Context parent, long start) {
    return tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).setStartTimestamp(start, TimeUnit.NANOSECONDS);
  }

  private void failed(Span span, Told told, Fault fault) {
    status(span, told, fault);
    if (exceptions == TelemetryEnvironment.Exceptions.LOGS_AND_SPANS && fault.thrown().isPresent()) {
      long at = told.startEpochNanos() + told.totalNanos();
      span.addEvent(Conventions.EXCEPTION_SPAN_EVENT, exception(fault.thrown().get()), at, TimeUnit.NANOSECONDS);
    }
  }

  /// The code's own sentence: the fault's may hold values of the request.
  private static void status(Span span, Told told, Fault fault) {
    if (told.isServersError()) {
      span.setStatus(StatusCode.ERROR, fault.code().title());
    }
  }

  static Attributes exception(Thrown thrown) {
    return Attributes.of(
        Conventions.EXCEPTION_TYPE, thrown.type(), Conventions.EXCEPTION_MESSAGE, thrown.message(), Conventions.EXCEPTION_STACKTRACE, thrown.trace());
  }

  static Attributes ofRequest(Told told) {
    AttributesBuilder all = Attributes.builder().put(Conventions.REQUEST_ID, told.arrival().id().value());
    if (!told.version().isNone()) {
      all.put(Conventions.MODEL_NAME, told.version().model());
      all.put(Conventions.MODEL_VERSION, told.version().version());
      all.put(Conventions.MODEL_DIGEST, told.version().digest());
    }
    if (!told.seat().isNone()) {
      all.put(Conventions.BATCH_REQUESTS, (long) told.seat().requests());
      all.put(Conventions.BATCH_ROWS, (long) told.seat().rows());
    }
    return all.build();
  }

  /// Of the first: a request has one fault, and of several suspicions each has an event of its own.
  private Attributes ofFault(List<KnownFault> faults) {
    return faults.isEmpty() ? Attributes.empty() : faults.getFirst().attributes(fields);
  }

  private static Context parent(TraceContext trace) {
    if (trace.parentId().isEmpty()) {
      return Context.root();
    }
    SpanContext caller = SpanContext.createFromRemoteParent(trace.traceId(), trace.parentId(), flags(trace), state(trace.state()));
    return Context.root().with(Span.wrap(caller));
  }

  private static TraceFlags flags(TraceContext trace) {
    return TraceFlags.fromByte((byte) trace.flags());
  }

  private static TraceState state(String text) {
    if (text.isEmpty()) {
      return TraceState.getDefault();
    }
    TraceStateBuilder state = TraceState.builder();
    for (String member : List.of(text.split(",", -1)).reversed()) {
      int equals = member.indexOf('=');
      state.put(member.substring(0, equals), member.substring(equals + 1));
    }
    return state.build();
  }
}

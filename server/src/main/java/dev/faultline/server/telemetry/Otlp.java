package dev.faultline.server.telemetry;

import dev.faultline.fault.Occurrence;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.request.Outcome;
import dev.faultline.server.config.ServerConfig.Switch;
import dev.faultline.server.keep.Kept;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Telemetry by OpenTelemetry's SDK. A request's thread leaves a note of its outcome in a bounded queue; one thread makes spans, events and
/// durations of it. When the queue is full, or the SDK's own behind it, the request is left out whole, and counted.
public final class Otlp implements Telemetry {
  private static final Logger LOG = LoggerFactory.getLogger(Otlp.class);
  /// Requests that may wait for their spans to be made.
  static final int QUEUE_CAPACITY_MAX = 4_096;

  private static final long CLOSE_MILLIS = 2_000;

  /// What telemetry is told of besides outcomes. `place` says where the server listens; `kept` finds what is remembered of a fault;
  /// `level` how much a document says, and `fields` whether a field's path and value may stand in attributes.
  public record Sources(
      Supplier<Telemetry.Place> place,
      Function<String, Optional<Kept>> kept,
      DetailLevel level,
      Switch fields,
      PrometheusRegistry registry,
      String version,
      InstantSource clock) {}

  private final BlockingQueue<Told> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
  private final AtomicLong passedOver = new AtomicLong();
  private final TelemetryEnvironment environment;
  private final Sources sources;
  private final Sdk sdk;
  private final RequestSpans spans;
  private final FaultEvents events;
  private final CallTimes times;
  private final Runnable logEnd;
  private final Thread teller;

  private Otlp(TelemetryEnvironment environment, Sources sources) {
    this.environment = environment;
    this.sources = sources;
    var ids = new GivenIds();
    var calls = new CallAttributes(sources.place(), environment.wantsOldRpcNames());
    var exceptions = environment.exceptions();
    SdkMessages.listen();
    this.sdk = Sdk.start(environment, ids, new MetricsFromPrometheus(sources.registry(), sources.clock()), sources.version());
    this.spans = new RequestSpans(sdk.tracer(), ids, calls, exceptions, sources.fields());
    this.events = new FaultEvents(sdk.logger(), sources.fields());
    this.times = new CallTimes(sdk.meter(), calls);
    this.logEnd = environment.isSent(TelemetryEnvironment.LOGS) ? LogBridge.attach(sdk.loggers(), sdk.logs()) : () -> {};
    this.teller = Thread.ofPlatform().daemon().name("faultline-telemetry").uncaughtExceptionHandler(Otlp::died).start(this::tell);
  }

  /// Starts what the environment asks for.
  ///
  /// @throws IllegalArgumentException when a variable of the environment has a value that cannot be
  public static Telemetry start(TelemetryEnvironment environment, Sources sources) {
    return new Otlp(environment, sources);
  }

  @Override
  public void onOutcome(Outcome outcome) {
    if (!queue.offer(Told.of(outcome))) {
      passedOver.incrementAndGet();
    }
  }

  @Override
  public Map<List<String>, Long> items() {
    var items = new HashMap<List<String>, Long>();
    add(items, TelemetryEnvironment.TRACES, sdk.traces());
    add(items, TelemetryEnvironment.METRICS, sdk.metrics());
    add(items, TelemetryEnvironment.LOGS, sdk.logs());
    items.put(List.of("requests", "dropped"), passedOver.get());
    return items;
  }

  @Override
  public void close() {
    teller.interrupt();
    try {
      teller.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    logEnd.run();
    sdk.close();
  }

  private void tell() {
    try {
      while (true) {
        tell(queue.take());
      }
    } catch (InterruptedException e) {
      // the end: what waits is told all the same
      for (Told told = queue.poll(); told != null; told = queue.poll()) {
        tell(told);
      }
    }
  }

  private void tell(Told told) {
    List<KnownFault> faults = told.faults().stream().map(each -> known(each, told)).toList();
    if (environment.isSent(TelemetryEnvironment.TRACES) && sdk.traces().hasRoom(told.spans())) {
      sdk.traces().given(spans.record(told, faults));
    }
    if (environment.isSent(TelemetryEnvironment.LOGS) && !faults.isEmpty() && sdk.logs().hasRoom(2 * faults.size())) {
      sdk.logs().given(events.record(told, faults));
    }
    times.record(told);
  }

  private KnownFault known(Occurrence occurrence, Told told) {
    var document = sources.kept().apply(occurrence.id()).map(kept -> kept.document(sources.level()));
    return new KnownFault(occurrence, document, told.served());
  }

  private static void add(Map<List<String>, Long> items, String signal, Backlog backlog) {
    items.put(List.of(signal, "sent"), backlog.sent());
    items.put(List.of(signal, "failed"), backlog.failed());
    items.put(List.of(signal, "dropped"), backlog.dropped());
  }

  private static void died(Thread thread, Throwable failure) {
    LOG.error("{} died of a bug of Faultline's own; no more spans and events are sent", thread.getName(), failure);
  }
}

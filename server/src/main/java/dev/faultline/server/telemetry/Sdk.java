package dev.faultline.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.concurrent.TimeUnit;

/// OpenTelemetry's SDK as the environment configures it, its exporters under watch.
record Sdk(OpenTelemetrySdk sdk, Backlog traces, Backlog metrics, Backlog logs) {
  private static final int QUEUE_DEFAULT = 2_048;
  private static final long CLOSE_SECONDS = 3;
  private static final AttributeKey<String> SERVICE_VERSION = AttributeKey.stringKey("service.version");

  /// @throws IllegalArgumentException when the environment cannot be understood
  static Sdk start(TelemetryEnvironment environment, IdGenerator ids, MetricProducer metrics, String version) {
    var traces = new Backlog(TelemetryEnvironment.TRACES);
    var measured = new Backlog(TelemetryEnvironment.METRICS);
    var logs = new Backlog(TelemetryEnvironment.LOGS);
    Resource own = Resource.create(Attributes.of(SERVICE_VERSION, version));
    AutoConfiguredOpenTelemetrySdkBuilder builder = AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(environment::properties)
        .addResourceCustomizer((resource, _) -> own.merge(resource))
        .addTracerProviderCustomizer((provider, _) -> provider.setIdGenerator(ids))
        .addMeterProviderCustomizer((provider, _) -> provider.registerMetricProducer(metrics))
        .addSpanExporterCustomizer((exporter, config) -> new Watched.Spans(exporter, traces.watch(config.getInt("otel.bsp.max.queue.size", QUEUE_DEFAULT))))
        .addLogRecordExporterCustomizer((exporter, config) -> new Watched.Logs(exporter, logs.watch(config.getInt("otel.blrp.max.queue.size", QUEUE_DEFAULT))))
        .addMetricExporterCustomizer((exporter, _) -> new Watched.Metrics(exporter, measured.watch(Integer.MAX_VALUE)))
        .disableShutdownHook();
    return new Sdk(built(builder), traces, measured, logs);
  }

  private static OpenTelemetrySdk built(AutoConfiguredOpenTelemetrySdkBuilder builder) {
    try {
      return builder.build().getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException("the OTEL_ variables of the environment cannot be followed: " + e.getMessage(), e);
    }
  }

  Tracer tracer() {
    return sdk.getSdkTracerProvider().tracerBuilder(Conventions.SCOPE).setSchemaUrl(Conventions.SCHEMA_URL).build();
  }

  Meter meter() {
    return sdk.getSdkMeterProvider().meterBuilder(Conventions.SCOPE).setSchemaUrl(Conventions.SCHEMA_URL).build();
  }

  Logger logger() {
    return sdk.getSdkLoggerProvider().loggerBuilder(Conventions.SCOPE).setSchemaUrl(Conventions.SCHEMA_URL).build();
  }

  LoggerProvider loggers() {
    return sdk.getSdkLoggerProvider();
  }

  /// Sends what waits, for a short while.
  void close() {
    var _ = sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}

package dev.faultline.server.metrics;

import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import io.helidon.http.HeaderNames;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// `GET /metrics`: the registry in the format the scraper asks for.
public final class MetricsEndpoint implements Endpoint.Answering {
  private final PrometheusRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  public MetricsEndpoint(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Answer answer(Call call) {
    ExpositionFormatWriter writer = formats.findWriter(call.header(HeaderNames.ACCEPT));
    var out = new ByteArrayOutputStream();
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return Answer.ok(Payload.of(out.toByteArray(), writer.getContentType()));
  }
}

package dev.faultline.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// The last in the chain: takes Alertmanager's messages and remembers each alert in them.
final class AlertReceiver implements AutoCloseable {
  /// One alert as it came; `path` says by which route.
  record Received(String path, String status, JsonNode labels, JsonNode annotations) {
    String label(String name) {
      return labels.path(name).asText();
    }

    /// In short: route, name and what the alert is about.
    String essence() {
      return path + " " + label("alertname") + " " + (label("model").isEmpty() ? label("instance") : label("model") + "/" + label("version"));
    }
  }

  final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer http;

  AlertReceiver() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", exchange -> {
      JsonNode message = OutsideProgram.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      for (JsonNode alert : message.path("alerts")) {
        received.add(new Received(exchange.getRequestURI().getPath(), alert.path("status").asText(), alert.path("labels"), alert.path("annotations")));
      }
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    http.start();
  }

  String address() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  /// Alerts about a model, or about an instance when they name no model.
  List<Received> about(String subject) {
    return received.stream().filter(each -> each.label("model").equals(subject) || each.label("instance").equals(subject)).toList();
  }

  @Override
  public void close() {
    http.stop(0);
  }
}

package dev.faultline.benchmark;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bare HTTP framework: reads a body and answers a constant of the size of a real answer. Writes its port to the file given.
public final class BareServer {
  private static final byte[] ANSWER = """
      {"model_name":"birdstrike-damage","model_version":"3","outputs":[{"name":"damage","shape":[1],"datatype":"BYTES","data":["none"]},\
      {"name":"probability","shape":[1,2],"datatype":"FP32","data":[0.93,0.07]}]}""".getBytes(StandardCharsets.UTF_8);

  private BareServer() {}

  public static void main(String[] arguments) throws Exception {
    WebServer server = WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .connectionOptions(options -> options.tcpNoDelay(true))
        .routing(routing -> routing.post("/*", (request, response) -> {
          request.content().as(byte[].class);
          response.header(HeaderNames.CONTENT_TYPE, "application/json");
          response.send(ANSWER);
        }))
        .build()
        .start();
    Files.writeString(Path.of(arguments[0]), "{\"http\":" + server.port() + "}");
    Thread.currentThread().join();
  }
}

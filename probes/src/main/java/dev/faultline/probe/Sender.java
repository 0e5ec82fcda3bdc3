package dev.faultline.probe;

import dev.faultline.request.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// Sends calls to a data port, each within its time, each marked: `X-Client-Id` is [#CLIENT], and the request's id begins with `probe-`.
public final class Sender implements AutoCloseable {
  /// Who sends probes, as lists of faults and captures show it.
  public static final String CLIENT = "faultline-probe";

  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private final URI base;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final HttpClient http;

  /// @param headers sent with every call, for what stands in front of the server
  public Sender(URI base, Map<String, String> headers, Duration timeout) {
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
    this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout).build();
  }

  public Reply send(Call call, String requestId) throws InterruptedException {
    long start = System.nanoTime();
    try {
      return call.announcedBytes() < 0 ? whole(call, requestId, start) : head(call, requestId, start);
    } catch (HttpTimeoutException | SocketTimeoutException e) {
      return new Reply.Silent(millis(start));
    } catch (IOException e) {
      return new Reply.Cut(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), millis(start));
    }
  }

  private Reply whole(Call call, String requestId, long start) throws IOException, InterruptedException {
    Payload body = call.body();
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(call.path()))
        .timeout(timeout)
        .header("X-Client-Id", CLIENT)
        .header("X-Request-Id", requestId)
        .method(call.method(), call.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.array(), body.offset(), body.length()));
    if (!body.contentType().isEmpty()) {
      request.header("Content-Type", body.contentType());
    }
    headers.forEach(request::header);
    call.headers().forEach(request::header);
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Reply.Answered(answer.statusCode(), answer.body(), fault(answer, "Faultline-Fault"), fault(answer, "Faultline-Suspicion"), millis(start));
  }

  private static HeaderFault fault(HttpResponse<String> answer, String header) {
    return answer.headers().firstValue(header).map(HeaderFault::of).orElse(HeaderFault.NONE);
  }

  /// A head that announces more than follows. A client of the JDK would send the whole body first.
  private Reply head(Call call, String requestId, long start) throws IOException {
    if (!"http".equals(base.getScheme())) {
      throw new IOException("only plain HTTP can be announced by hand");
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(base.getHost(), base.getPort() < 0 ? 80 : base.getPort()), (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      var head = new StringBuilder(call.method() + " " + call.path() + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\n");
      head.append("X-Client-Id: " + CLIENT + "\r\nX-Request-Id: ").append(requestId).append("\r\nContent-Type: ").append(call.body().contentType()).append("\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("Content-Length: ").append(call.announcedBytes()).append("\r\n\r\n");
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(call.body().copyOfBytes());
      socket.getOutputStream().flush();
      return answered(socket.getInputStream(), start);
    }
  }

  /// Read to its announced end and no further: a server that refuses keeps the connection for what is still under way.
  private static Reply answered(InputStream in, long start) throws IOException {
    String head = head(in);
    if (!head.matches("(?s)HTTP/1\\.1 \\d{3}.*")) {
      return new Reply.Cut("no HTTP answer", millis(start));
    }
    int length = head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:")).map(line -> line.substring(15).strip()).mapToInt(Integer::parseInt).findFirst().orElse(0);
    String body = new String(in.readNBytes(Math.min(length, ANSWER_BYTES_MAX)), StandardCharsets.UTF_8);
    return new Reply.Answered(Integer.parseInt(head.substring(9, 12)), body, fault(head, "faultline-fault"), fault(head, "faultline-suspicion"), millis(start));
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && head.size() < ANSWER_BYTES_MAX; next = in.read()) {
      head.write(next);
      if (next == '\n' && head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
        break;
      }
    }
    return head.toString(StandardCharsets.UTF_8);
  }

  private static HeaderFault fault(String head, String name) {
    return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":")).map(line -> HeaderFault.of(line.substring(name.length() + 1))).findFirst().orElse(HeaderFault.NONE);
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Override
  public void close() {
    http.close();
  }
}

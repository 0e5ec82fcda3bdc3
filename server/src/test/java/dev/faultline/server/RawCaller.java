package dev.faultline.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A caller that writes bytes and reads answers, for what a well-behaved client would never send.
final class RawCaller implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;

  RawCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  RawCaller write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return this;
  }

  /// One answer with the body its length announces: status line, headers, empty line, body.
  String answer() throws IOException {
    var head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    var length = java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head + new String(body, StandardCharsets.UTF_8);
  }

  /// Whether the server has closed its side; waits for it.
  boolean isClosedByServer() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  static String post(String path, String body, String... headers) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n" + body;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package dev.faultline.benchmark;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// HTTP/1.1 with a connection that stays, and as little else as possible.
final class SocketCaller implements WireCaller {
  private static final int SCRATCH_BYTES = 1 << 20;

  private final Socket socket;
  private final InputStream in;
  private final byte[] scratch = new byte[SCRATCH_BYTES];

  SocketCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), SCRATCH_BYTES);
  }

  @Override
  public void call(byte[] request) throws IOException {
    // an answer to a large request can begin only when all of it was read
    socket.getOutputStream().write(request);
    String head = head();
    if (!head.startsWith("HTTP/1.1 200")) {
      throw new IOException("not served: " + head);
    }
    int at = head.indexOf("content-length:") + "content-length:".length();
    in.skipNBytes(Long.parseLong(head.substring(at, head.indexOf('\r', at)).strip()));
  }

  private String head() throws IOException {
    int count = 0;
    while (count < 4 || scratch[count - 1] != '\n' || scratch[count - 3] != '\n') {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the server hung up");
      }
      scratch[count++] = (byte) next;
    }
    String head = new String(scratch, 0, count, StandardCharsets.US_ASCII);
    return head.substring(0, head.indexOf("\r\n")) + head.substring(head.indexOf("\r\n")).toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

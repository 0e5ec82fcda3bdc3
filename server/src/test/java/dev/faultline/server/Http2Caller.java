package dev.faultline.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A caller that speaks HTTP/2 from its first byte, frame by frame (RFC 9113), with headers written out in full (RFC 7541, 6.2.2).
final class Http2Caller implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int ACK = 1;
  private static final int PATIENCE_MILLIS = 10_000;

  /// What one stream brought back: the text of its data frames, and the type of the frame that ended it.
  record Reply(String data, int lastFrame) {}

  private final Socket socket;
  private final DataInputStream in;

  Http2Caller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  void get(int stream, String path) throws IOException {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, head("GET", path, List.of()));
  }

  void open(int stream, String path, String... headers) throws IOException {
    frame(HEADERS, END_HEADERS, stream, head("POST", path, List.of(headers)));
  }

  void data(int stream, String text, boolean last) throws IOException {
    frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads frames until the stream has ended.
  Reply reply(int stream) throws IOException {
    var data = new ByteArrayOutputStream();
    while (true) {
      int lengthAndType = in.readInt();
      int type = lengthAndType & 0xFF;
      int flags = in.readUnsignedByte();
      int of = in.readInt();
      byte[] payload = in.readNBytes(lengthAndType >>> 8);
      if (type == SETTINGS && flags != ACK) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      } else if (of == stream && type == DATA) {
        data.writeBytes(payload);
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(Integer.BYTES).putInt(Math.max(1, payload.length)).array());
      }
      boolean ended = type == RST_STREAM || ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0);
      if (of == stream && ended) {
        return new Reply(data.toString(StandardCharsets.UTF_8), type);
      }
    }
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length).putInt((payload.length << 8) | type).put((byte) flags).putInt(stream).put(payload);
    OutputStream out = socket.getOutputStream();
    out.write(frame.array());
    out.flush();
  }

  private static byte[] head(String method, String path, List<String> headers) {
    var head = new ByteArrayOutputStream();
    // the names, and two of the values, by their number in the static table (RFC 7541, appendix A)
    head.write(method.equals("GET") ? 0x82 : 0x83);
    head.write(0x86);
    head.write(4);
    text(head, path);
    head.write(1);
    text(head, "localhost");
    for (int i = 0; i < headers.size(); i += 2) {
      head.write(0);
      text(head, headers.get(i));
      text(head, headers.get(i + 1));
    }
    return head.toByteArray();
  }

  /// Shorter than 127 characters, so that its length is one byte.
  private static void text(ByteArrayOutputStream head, String text) {
    head.write(text.length());
    head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

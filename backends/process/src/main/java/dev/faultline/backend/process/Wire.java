package dev.faultline.backend.process;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// One end of a Unix socket that carries frames both ways. One thread writes and one reads; they may be two.
final class Wire implements AutoCloseable {
  /// First values of every connection: what speaks, and which version of the protocol.
  static final int MAGIC = 0x464c574b;

  static final int VERSION = 1;

  private static final int BYTES_FIRST = 8 << 10;

  private final SocketChannel channel;
  private final WireWriter out = new WireWriter();
  private ByteBuffer in = ByteBuffer.allocateDirect(BYTES_FIRST).order(ByteOrder.LITTLE_ENDIAN);
  private int taken;

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  static Wire connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new Wire(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  WireWriter start(FrameKind kind) {
    return out.start(kind);
  }

  WireWriter greet(FrameKind kind) {
    return start(kind).i32(MAGIC).i32(VERSION);
  }

  /// Sends what was written since [#start].
  void send() throws IOException {
    ByteBuffer frame = out.frame();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /// The next frame; valid until the next call.
  ///
  /// @throws EOFException when the other end is gone
  WireReader receive() throws IOException {
    in.flip().position(taken);
    in.compact();
    taken = 0;
    fill(WireWriter.HEADER_BYTES);
    int length = in.getInt(0);
    if (length < 1 || length > WireWriter.FRAME_BYTES_MAX) {
      throw new WireException("a frame of " + length + " bytes (expected: 1 to " + WireWriter.FRAME_BYTES_MAX + ")");
    }
    int whole = WireWriter.HEADER_BYTES + length;
    if (in.capacity() < whole) {
      in = ByteBuffer.allocateDirect(whole).order(ByteOrder.LITTLE_ENDIAN).put(in.flip());
    }
    fill(whole);
    taken = whole;
    return new WireReader(in.slice(WireWriter.HEADER_BYTES, length));
  }

  /// @throws WireException unless the greeting's first values are ours
  static void requireGreeting(WireReader in) throws WireException {
    int magic = in.i32();
    int version = in.i32();
    if (magic != MAGIC || version != VERSION) {
      throw new WireException("greeting %08x version %d (expected: %08x version %d)".formatted(magic, version, MAGIC, VERSION));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void fill(int count) throws IOException {
    while (in.position() < count) {
      if (channel.read(in) < 0) {
        throw new EOFException("the other end closed the connection");
      }
    }
  }
}

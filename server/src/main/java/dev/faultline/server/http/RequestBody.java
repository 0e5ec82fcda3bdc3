package dev.faultline.server.http;

import dev.faultline.request.Payload;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of one request, read once, with a bound on its bytes and on the time they take.
public final class RequestBody {
  /// What is read and thrown away of a body that nobody wanted, so that its sender gets to see the answer.
  private static final long DRAINED_BYTES_MAX = 64L << 20;

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);
  private static final int FIRST_BYTES = 1 << 16;

  /// How the reading ended.
  public sealed interface Reading {
    record Whole(Payload payload) implements Reading {}

    /// `gotBytes` is -1 when the length was not announced.
    record TooLarge(long gotBytes) implements Reading {}

    /// The framing is broken; where the next request would start is not known.
    record Malformed(String reason) implements Reading {}

    /// The sender closed the connection, or took too long and had it closed.
    record Left() implements Reading {}
  }

  private final ServerRequest request;
  private @Nullable InputStream in;
  private boolean touched;
  private boolean usable = true;

  RequestBody(ServerRequest request) {
    this.request = request;
  }

  /// Reads the whole body unless it is announced, or turns out, to be larger than `bytesMax`.
  public Reading read(long bytesMax, Duration timeout) {
    if (!request.content().hasEntity()) {
      return new Reading.Whole(Payload.of(new byte[0], contentType()));
    }
    OptionalLong announced = announced();
    if (announced.orElse(0) > bytesMax) {
      return new Reading.TooLarge(announced.getAsLong());
    }
    touched = true;
    try (var patience = Patience.of(request, announced, timeout)) {
      Reading reading = read(stream(), (int) announced.orElse(FIRST_BYTES), bytesMax);
      return wasCutOff(patience, reading, announced) ? left() : reading;
    } catch (RequestException e) {
      usable = false;
      // over HTTP/2 this is how Helidon says that the stream was reset
      return request.remotePeer() instanceof StreamCaller ? new Reading.Left() : new Reading.Malformed(String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      usable = false;
      return new Reading.Malformed("the size of a chunk is no hexadecimal number");
    } catch (IOException | UncheckedIOException | ServerConnectionException | DataReader.InsufficientDataAvailableException e) {
      return left();
    }
  }

  /// Over HTTP/2 a body whose sender has left, or was too slow, just ends.
  private boolean wasCutOff(Patience patience, Reading reading, OptionalLong announced) {
    boolean isShort = reading instanceof Reading.Whole(Payload payload) && announced.isPresent() && payload.length() < announced.getAsLong();
    return isShort || patience.isExpired() || (request.remotePeer() instanceof StreamCaller caller && caller.isCancelled());
  }

  private InputStream stream() {
    InputStream opened = in == null ? request.content().inputStream() : in;
    in = opened;
    return opened;
  }

  private Reading left() {
    usable = false;
    return new Reading.Left();
  }

  /// Leaves the connection at the start of the next request.
  ///
  /// @return false when that is not possible, and the connection must be closed
  boolean finish() {
    if (!request.content().hasEntity() || request.content().consumed()) {
      return usable;
    }
    if (request.remotePeer() instanceof StreamCaller) {
      // the frames of other requests do not depend on this one's being read well
      return drained();
    }
    boolean waitsForPermission = request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
    return usable && !touched && !waitsForPermission && drained();
  }

  /// Throws away what a refused body still sends: closing under a sender destroys the answer that is on its way to it.
  void linger() {
    boolean waitsForPermission = request.headers().contains(HeaderNames.EXPECT) && !request.continueSent();
    if (usable && request.content().hasEntity() && !request.content().consumed() && !waitsForPermission) {
      drained();
    }
  }

  private boolean drained() {
    try (var patience = Patience.of(request, OptionalLong.empty(), DRAIN_TIMEOUT)) {
      InputStream source = stream();
      byte[] scrap = new byte[FIRST_BYTES];
      long drained = 0;
      int count = 0;
      while (count >= 0 && drained < DRAINED_BYTES_MAX) {
        drained += count;
        count = source.read(scrap);
      }
      return count < 0 && !patience.isExpired();
    } catch (IOException | RequestException | NumberFormatException | UncheckedIOException | ServerConnectionException | DataReader.InsufficientDataAvailableException e) {
      return false;
    }
  }

  private Reading read(InputStream source, int expected, long bytesMax) throws IOException {
    // never allocate what is only announced
    byte[] bytes = new byte[(int) Math.min(bytesMax, Math.min(expected, FIRST_BYTES))];
    int count = 0;
    int got;
    while ((got = source.read(bytes, count, bytes.length - count)) >= 0) {
      count += got;
      if (count == bytes.length) {
        int next = source.read();
        if (next < 0) {
          break;
        }
        if (count >= bytesMax) {
          usable = false;
          return new Reading.TooLarge(-1);
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(bytesMax, grown(count, expected)));
        bytes[count++] = (byte) next;
      }
    }
    return new Reading.Whole(Payload.of(bytes, 0, count, contentType()));
  }

  /// Most of what is announced is believed once a sixteenth of it has come, so that a large body is copied hardly at all.
  private static long grown(int count, int expected) {
    return count < expected ? Math.min(expected, 16L * count) : 2L * count;
  }

  private String contentType() {
    return Call.header(request, HeaderNames.CONTENT_TYPE);
  }

  private OptionalLong announced() {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING) ? OptionalLong.empty() : request.headers().contentLength();
  }
}

package dev.faultline.protocol;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// A compression of whole HTTP bodies.
///
/// What comes out of a body is bounded while it comes out, so that a small body cannot fill the memory. `deflate` is the zlib format, as
/// RFC 9110 has it; bare deflate, which some clients send under that name, is read too.
public enum ContentCoding {
  GZIP("gzip"),
  DEFLATE("deflate");

  /// What `Accept-Encoding` and `Content-Encoding` are answered with where another coding was given.
  public static final String READ = "gzip, deflate or identity";

  private static final int BUFFER_BYTES = 1 << 13;
  private static final int START_BYTES = 1 << 12;
  private static final int USUAL_RATIO = 4;

  private final String token;

  ContentCoding(String token) {
    this.token = token;
  }

  /// As in `Content-Encoding`.
  public String token() {
    return token;
  }

  public static Optional<ContentCoding> find(String token) {
    return switch (token.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> Optional.of(GZIP);
      case "deflate" -> Optional.of(DEFLATE);
      default -> Optional.empty();
    };
  }

  /// The coding an answer may have by the caller's `Accept-Encoding`: the one with the highest weight, gzip when both have the same.
  public static Optional<ContentCoding> accepted(String acceptEncoding) {
    ContentCoding best = null;
    double bestWeight = 0;
    for (String each : acceptEncoding.isEmpty() ? new String[0] : acceptEncoding.split(",", -1)) {
      String[] parts = each.split(";", 2);
      Optional<ContentCoding> coding = find(parts[0]);
      double weight = parts.length == 1 ? 1 : weight(parts[1]);
      if (coding.isPresent() && (weight > bestWeight || (weight == bestWeight && weight > 0 && coding.get() == GZIP))) {
        best = coding.get();
        bestWeight = weight;
      }
    }
    return Optional.ofNullable(best);
  }

  /// The body before compression, with the same content type.
  ///
  /// @throws FaultException `decode.too_large` as soon as more than `bytesMax` come out, `decode.encoding_unsupported` when the body is
  ///     not what its header says
  public Payload decode(Payload body, long bytesMax) {
    int expected = (int) Math.min(bytesMax, Math.max(START_BYTES, (long) USUAL_RATIO * body.length()));
    try (InputStream in = inflating(body)) {
      return read(in, new byte[expected], bytesMax, body.contentType());
    } catch (ZipException | EOFException e) {
      throw new FaultException(new DecodeFault.EncodingUnsupported("Content-Encoding", token, "a body that is " + token + "; " + said(e)), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  public Payload encode(Payload payload) {
    var target = new ByteArrayOutputStream(Math.max(START_BYTES, payload.length() / USUAL_RATIO));
    try (OutputStream out = deflating(target)) {
      out.write(payload.array(), payload.offset(), payload.length());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return Payload.of(target.toByteArray(), payload.contentType());
  }

  private static Payload read(InputStream in, byte[] start, long bytesMax, String contentType) throws IOException {
    byte[] bytes = start;
    int count = 0;
    int got;
    while ((got = in.readNBytes(bytes, count, bytes.length - count)) > 0 || count == bytes.length) {
      count += got;
      if (count < bytes.length) {
        break;
      }
      int next = in.read();
      if (next < 0) {
        break;
      }
      if (count >= bytesMax) {
        throw new FaultException(new DecodeFault.TooLarge(-1, bytesMax));
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(bytesMax, Math.max(1, 2L * count)));
      bytes[count++] = (byte) next;
    }
    return Payload.of(bytes, 0, count, contentType);
  }

  private InputStream inflating(Payload body) throws IOException {
    var in = new ByteArrayInputStream(body.array(), body.offset(), body.length());
    return switch (this) {
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case DEFLATE -> new EndingInflation(in, new Inflater(!isZlib(body)));
    };
  }

  private OutputStream deflating(OutputStream target) throws IOException {
    return switch (this) {
      case GZIP -> new FastGzip(target);
      case DEFLATE -> new EndingDeflation(target);
    };
  }

  /// RFC 1950, 2.2: method 8, and the first two bytes are a multiple of 31.
  private static boolean isZlib(Payload body) {
    if (body.length() < 2) {
      return true;
    }
    int first = body.array()[body.offset()] & 0xFF;
    int second = body.array()[body.offset() + 1] & 0xFF;
    return (first & 0x0F) == Deflater.DEFLATED && (first << 8 | second) % 31 == 0;
  }

  private static double weight(String parameter) {
    String value = parameter.replace(" ", "").toLowerCase(Locale.ROOT);
    boolean wellFormed = value.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");
    return wellFormed ? Double.parseDouble(value.substring(2)) : 1;
  }

  private static String said(IOException e) {
    return "what was found is damaged or cut off" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
  }

  /// Gives its native memory back at the end, which the platform's class does for its own inflater only.
  private static final class EndingInflation extends InflaterInputStream {
    EndingInflation(InputStream in, Inflater inflater) {
      super(in, inflater, BUFFER_BYTES);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  private static final class EndingDeflation extends DeflaterOutputStream {
    EndingDeflation(OutputStream target) {
      super(target, new Deflater(Deflater.BEST_SPEED), BUFFER_BYTES);
    }

    @Override
    public void close() throws IOException {
      super.close();
      def.end();
    }
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream target) throws IOException {
      super(target, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}

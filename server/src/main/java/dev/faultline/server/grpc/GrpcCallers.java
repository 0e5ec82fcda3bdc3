package dev.faultline.server.grpc;

import dev.faultline.server.http.CallIds;
import dev.faultline.server.http.RequestIds;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Makes callers of gRPC calls.
public final class GrpcCallers {
  private static final String CLIENT_ID = "x-client-id";
  private static final String BINARY_SUFFIX = "-bin";
  private static final int VALUE_CHARS_MAX = 512;
  private static final int CLIENT_CHARS_MAX = 128;

  private final List<String> kept;
  private final RequestIds minted;

  /// @param kept names of the metadata that may be kept or logged
  public GrpcCallers(Collection<String> kept, RequestIds minted) {
    this.kept = kept.stream().map(name -> name.toLowerCase(Locale.ROOT)).filter(name -> !name.endsWith(BINARY_SUFFIX)).toList();
    this.minted = minted;
  }

  GrpcCaller of(ServerCall<?, ?> call, Metadata metadata) {
    CallIds ids = CallIds.of(name -> value(metadata, name), minted);
    return new GrpcCaller("/" + call.getMethodDescriptor().getFullMethodName(), ids, kept(metadata), client(call, metadata), name -> value(metadata, name), Context.current());
  }

  /// Ids of one more message on a stream: the trace stays, the request is another.
  CallIds next(CallIds ids) {
    return ids.another(minted);
  }

  static String value(Metadata metadata, String name) {
    String value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    return value == null ? "" : value;
  }

  private Map<String, String> kept(Metadata metadata) {
    var headers = new HashMap<String, String>();
    for (String name : kept) {
      String value = value(metadata, name);
      if (!value.isEmpty()) {
        headers.put(name, shortened(value, VALUE_CHARS_MAX));
      }
    }
    return headers;
  }

  private static String client(ServerCall<?, ?> call, Metadata metadata) {
    String named = value(metadata, CLIENT_ID);
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String address = peer instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(peer);
    return named.isEmpty() ? address : shortened(named, CLIENT_CHARS_MAX);
  }

  private static String shortened(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax);
  }
}

package dev.faultline.server.telemetry;

import dev.faultline.request.Arrival;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// A call in the words of the conventions: of HTTP or of gRPC.
final class CallAttributes {
  /// What a caller may be told by besides a name of its own: an IPv4 or IPv6 address.
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.%]*:[0-9a-zA-Z:.%]*");

  private final Supplier<Telemetry.Place> place;
  private final boolean oldRpcNames;

  CallAttributes(Supplier<Telemetry.Place> place, boolean oldRpcNames) {
    this.place = place;
    this.oldRpcNames = oldRpcNames;
  }

  static String spanName(Told told) {
    Arrival arrival = told.arrival();
    return told.isGrpc() ? RouteOf.method(arrival) : arrival.method() + " " + RouteOf.path(arrival);
  }

  /// All that is known of the call, for its span.
  Attributes ofSpan(Told told) {
    Arrival arrival = told.arrival();
    AttributesBuilder all = Attributes.builder();
    all.putAll(ofMetric(told));
    if (told.isGrpc()) {
      old(all, told);
    } else {
      all.put(Conventions.URL_PATH, arrival.path());
      all.put(Conventions.HTTP_REQUEST_BODY_SIZE, (long) told.payloadBytes());
    }
    Telemetry.Place here = place.get();
    all.put(Conventions.SERVER_ADDRESS, here.host());
    all.put(Conventions.SERVER_PORT, (long) (told.isGrpc() ? here.grpcPort() : here.port()));
    all.put(ADDRESS.matcher(arrival.client()).matches() ? Conventions.CLIENT_ADDRESS : Conventions.CLIENT_ID, arrival.client());
    String agent = arrival.header("user-agent");
    if (!agent.isEmpty()) {
      all.put(Conventions.USER_AGENT_ORIGINAL, agent);
    }
    return all.build();
  }

  /// What few values there are of, for a metric.
  Attributes ofMetric(Told told) {
    AttributesBuilder few = Attributes.builder();
    if (told.isGrpc()) {
      few.put(Conventions.RPC_SYSTEM_NAME, Conventions.GRPC);
      few.put(Conventions.RPC_METHOD, RouteOf.method(told.arrival()));
      few.put(Conventions.RPC_STATUS_CODE, told.grpcStatus());
    } else {
      few.put(Conventions.HTTP_REQUEST_METHOD, told.arrival().method());
      few.put(Conventions.HTTP_ROUTE, RouteOf.path(told.arrival()));
      few.put(Conventions.URL_SCHEME, "http");
      few.put(Conventions.HTTP_RESPONSE_STATUS_CODE, (long) told.httpStatus());
    }
    told.fault().ifPresent(fault -> few.put(Conventions.ERROR_TYPE, fault.code().label()));
    return few.build();
  }

  private void old(AttributesBuilder all, Told told) {
    if (oldRpcNames) {
      all.put(Conventions.OLD_RPC_SYSTEM, Conventions.GRPC);
      all.put(Conventions.OLD_RPC_SERVICE, RouteOf.service(told.arrival()));
      all.put(Conventions.OLD_RPC_GRPC_STATUS_CODE, GrpcStatus.number(told.grpcStatus()));
    }
  }
}

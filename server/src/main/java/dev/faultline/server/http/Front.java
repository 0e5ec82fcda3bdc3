package dev.faultline.server.http;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where requests of one port come in: finds who answers, and answers what nobody else does.
public final class Front {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /// How a port words what no endpoint answers.
  public interface Voice {
    Answer unknownPath(Call call);

    Answer wrongMethod(Call call);

    /// Our own bug. The log has the whole of it under the request's id.
    Answer defect(Call call);
  }

  private final RouteTable routes;
  private final Voice voice;
  private final RequestIds ids;
  private final InstantSource clock;
  private final LongSupplier nanoClock;

  public Front(RouteTable routes, Voice voice, RequestIds ids, InstantSource clock, LongSupplier nanoClock) {
    this.routes = routes;
    this.voice = voice;
    this.ids = ids;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  HttpRouting.Builder routing() {
    return HttpRouting.builder().any(this::handle).error(Throwable.class, this::failed);
  }

  private void handle(ServerRequest request, ServerResponse response) {
    headArrived(request);
    try {
      answer(request, response);
    } finally {
      headAwaited(request);
    }
  }

  private static void headArrived(ServerRequest request) {
    if (request.remotePeer() instanceof Caller caller) {
      caller.headArrived();
    }
  }

  private static void headAwaited(ServerRequest request) {
    if (request.remotePeer() instanceof Caller caller) {
      caller.headAwaited();
    }
  }

  private void answer(ServerRequest request, ServerResponse response) {
    RouteTable.Match match = routes.match(request.prologue().method().text(), request.prologue().uriPath().rawPath());
    try {
      switch (match) {
        case RouteTable.Match.Found(Endpoint endpoint, Map<String, String> variables) -> {
          Call call = call(request, variables);
          endpoint.handle(call, response);
          settle(call, response);
        }
        case RouteTable.Match.WrongMethod(String allowed) -> {
          Call call = call(request, Map.of());
          Answers.send(voice.wrongMethod(call).with("Allow", allowed), call, response);
          settle(call, response);
        }
        case RouteTable.Match.Unknown _ -> {
          Call call = call(request, Map.of());
          Answers.send(voice.unknownPath(call), call, response);
          settle(call, response);
        }
      }
    } catch (CloseConnectionException e) {
      // also when the caller left while it was being answered; the outcome is recorded already
      throw e;
    } catch (RuntimeException e) {
      failed(request, response, e);
      throw new CloseConnectionException("what is left on the connection is not known", e);
    }
  }

  private void failed(ServerRequest request, ServerResponse response, Throwable failure) {
    Call call = call(request, Map.of());
    LOG.error("request {} failed outside the pipeline: {} {}", call.ids().id(), call.method(), call.path(), failure);
    if (!response.isSent()) {
      call.closeAfter(response);
      Answers.send(voice.defect(call), call, response);
    }
  }

  private Call call(ServerRequest request, Map<String, String> variables) {
    return new Call(request, variables, CallIds.of(request, ids), new RequestBody(request), nanoClock.getAsLong(), clock.instant());
  }

  /// Helidon goes on reading after `Connection: close` and reads a body of any size to its end; both are bounded here.
  private static void settle(Call call, ServerResponse response) {
    if (!response.isSent()) {
      // a stream: Helidon writes its end after this
      return;
    }
    boolean wanted = call.request().headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    if (wanted || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      call.body().linger();
      throw new CloseConnectionException("this was the last request of the connection");
    }
    if (!call.body().finish()) {
      throw new CloseConnectionException("the rest of the request's body is of no use");
    }
  }
}

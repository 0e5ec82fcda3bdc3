package dev.faultline.server.admin;

import dev.faultline.capture.CaptureStoreException;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Answers;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.Route;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets those in who may use the admin port: whoever knows the token, or, without one, programs of this machine.
///
/// A page in a browser on this machine is none of them, though its requests come from here. Such requests carry an `Origin`, or, when a
/// name of theirs was pointed at this machine, a `Host` that is not ours.
public final class AdminGuard {
  private static final Logger LOG = LoggerFactory.getLogger(AdminGuard.class);
  private static final Pattern LOCAL = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private final String host;
  private final byte[] bearer;

  public AdminGuard(String host, String token) {
    this.host = host.toLowerCase(Locale.ROOT);
    this.bearer = token.isEmpty() ? new byte[0] : ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
  }

  Route guarded(Route route) {
    Endpoint inner = route.endpoint();
    Endpoint guarded = (call, response) -> {
      try {
        refusal(call).ifPresent(answer -> {
          throw new Refusal(answer, "the admin port does not let this caller in");
        });
        inner.handle(call, response);
      } catch (Refusal e) {
        Answers.send(e.answer(), call, response);
      } catch (CaptureStoreException e) {
        LOG.error("request {} could not ask the capture store", call.ids().id(), e);
        Answers.send(Answer.problem(503, "Service Unavailable", String.valueOf(e.getMessage())), call, response);
      }
    };
    return new Route(route.method(), route.template(), guarded);
  }

  private Optional<Answer> refusal(Call call) {
    if (bearer.length > 0) {
      return knowsToken(call) ? Optional.empty() : Optional.of(unauthorized());
    }
    String asked = call.header(HeaderNames.HOST).toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    boolean local = LOCAL.matcher(asked).matches() || asked.equals(host);
    String origin = call.header(HeaderNames.ORIGIN);
    boolean foreign = !origin.isEmpty() && !origin.endsWith("//" + call.header(HeaderNames.HOST));
    return local && !foreign
        ? Optional.empty()
        : Optional.of(Answer.problem(403, "Forbidden", "the admin port answers programs of this machine and not pages of a browser (mend: set admin.token)"));
  }

  private boolean knowsToken(Call call) {
    return MessageDigest.isEqual(bearer, call.header(HeaderNames.AUTHORIZATION).getBytes(StandardCharsets.UTF_8));
  }

  private static Answer unauthorized() {
    return Answer.problem(401, "Unauthorized", "the admin API wants the token of admin.token as 'Authorization: Bearer TOKEN'")
        .with("WWW-Authenticate", "Bearer realm=\"faultline\"");
  }
}

package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.server.release.Actor;
import dev.faultline.server.release.ReleaseException;
import dev.faultline.server.release.Releases;
import dev.faultline.server.release.StateFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plans that the configuration declares. Each begins as soon as both of its versions are ready and no other rollout of the model runs, and begins once: that it
/// has is written down with its beginning, so that neither a restart nor its end begins it anew. A plan that was changed is another one.
public final class DeclaredRollouts {
  private static final Logger LOG = LoggerFactory.getLogger(DeclaredRollouts.class);
  private static final Actor ACTOR = Actor.server("configuration");
  private static final String MEMBER = "declared";

  private final List<RolloutPlan> plans;
  private final RolloutControl control;
  private final Releases releases;
  private final StateFile state;
  private final Map<String, String> said = new HashMap<>();

  public DeclaredRollouts(List<RolloutPlan> plans, RolloutControl control, Releases releases, StateFile state) {
    this.plans = List.copyOf(plans);
    this.control = control;
    this.releases = releases;
    this.state = state;
  }

  /// Begins what can be begun now.
  public void begin() {
    plans.stream().filter(plan -> !isBegun(plan) && control.rollouts().running(plan.model()).isEmpty()).forEach(this::begin);
  }

  private void begin(RolloutPlan plan) {
    try {
      if (isInCharge(plan)) {
        state.change(document -> note(document, plan, ""));
        LOG.info("the rollout of {} {} that the configuration declares does not begin: the version is in charge", plan.model(), plan.candidate());
      } else {
        control.start(plan, ACTOR, (document, rollout) -> note(document, plan, rollout.id()));
      }
    } catch (ReleaseException e) {
      say(plan, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      say(plan, "it cannot be written down: " + e);
    }
  }

  /// Said once, and again when the reason is another.
  private void say(RolloutPlan plan, String why) {
    if (!why.equals(said.put(plan.model(), why))) {
      LOG.warn("the rollout of {} {} that the configuration declares waits: {}", plan.model(), plan.candidate(), why);
    }
  }

  /// By somebody's decision, and not only because it is the highest.
  private boolean isInCharge(RolloutPlan plan) throws ReleaseException {
    return releases.of(plan.model()).defaultVersion().equals(releases.known(plan.model(), plan.candidate()));
  }

  private boolean isBegun(RolloutPlan plan) {
    return state.peek(MEMBER, plan.model()).path("plan").equals(MemoryJson.plan(plan));
  }

  private static void note(ObjectNode document, RolloutPlan plan, String rollout) {
    document.withObjectProperty(MEMBER).putObject(plan.model()).put("rollout", rollout).set("plan", MemoryJson.plan(plan));
  }
}

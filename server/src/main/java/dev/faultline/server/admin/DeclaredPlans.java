package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.server.config.DeclaredRollout;
import java.util.ArrayList;
import java.util.List;

/// Plans of rollouts as the configuration file declares them, held to the same bounds as those that callers send.
public final class DeclaredPlans {
  private DeclaredPlans() {}

  /// @throws IllegalArgumentException naming what is wrong with each plan
  public static List<RolloutPlan> of(List<DeclaredRollout> declared) {
    var plans = new ArrayList<RolloutPlan>();
    var problems = new ArrayList<String>();
    for (DeclaredRollout each : declared) {
      try {
        plans.add(plan(each));
      } catch (Refusal e) {
        problems.add("rollouts." + each.model() + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in the configuration:\n  " + String.join("\n  ", problems));
    }
    return plans;
  }

  private static RolloutPlan plan(DeclaredRollout declared) {
    var members = new ArrayList<>(RolloutsEndpoint.MEMBERS);
    members.remove("model");
    var body = new Body(declared.plan(), "the plan");
    body.requireOnly(members);
    ObjectNode whole = declared.plan().deepCopy();
    return PlanFromBody.of(new Body(whole.put("model", declared.model()), "the plan"));
  }
}

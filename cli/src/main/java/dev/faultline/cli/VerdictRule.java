package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// The rule that a verdict's mend says: `faultline contract add MODEL 'RULE'`.
record VerdictRule(AdminClient client, String id, String model) {

  String rule() throws CommandException {
    JsonNode document = client.fetch((id.startsWith("FL-") ? "groups/" : "faults/") + id);
    String command = "faultline contract add " + model + " ";
    List<String> rules = new ArrayList<>();
    for (JsonNode owner : List.of(document.path("verdict"), document)) {
      owner.path("mend").forEach(mend -> {
        if (text(mend, "command").startsWith(command)) {
          rules.add(unquoted(text(mend, "command").substring(command.length())));
        }
      });
    }
    if (rules.isEmpty()) {
      throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("no verdict about " + id + " says a rule for '" + model + "'").at("--from " + id).help("faultline explain " + id + " investigates it").help("or say the rule: faultline contract add " + model + " 'age in 0..120'"));
    }
    return rules.getFirst();
  }

  private static String unquoted(String rule) {
    return rule.startsWith("'") && rule.endsWith("'") && rule.length() > 1 ? rule.substring(1, rule.length() - 1) : rule;
  }
}

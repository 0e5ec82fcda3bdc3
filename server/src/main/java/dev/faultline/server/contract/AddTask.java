package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.contract.Contract;
import dev.faultline.isolation.rule.ContractChanges;
import java.nio.file.Path;

/// A contract with one rule more, and what it would refuse. Whoever asked writes the file, or does not.
record AddTask(CheckTask check, Contract known, Contract changed, Path file, String before, String after) implements ContractTask {

  @Override
  public ObjectNode run(Work work) throws InterruptedException {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("file", file.toString()).put("text_before", before).put("text_after", after);
    document.set("changes", ChangesDocument.of(ContractChanges.between(known, changed)));
    document.set("check", check.run(work));
    return document;
  }
}

package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.contract.ContractDesk.Scope;
import dev.faultline.server.contract.Traffic.Listing;

/// What a contract would refuse of the kept requests of a version.
final class CheckTask implements ContractTask {
  private final Traffic traffic;
  private final Scope scope;
  private final String version;
  private final Side side;

  CheckTask(Traffic traffic, Scope scope, String version, Side side) {
    this.traffic = traffic;
    this.scope = scope;
    this.version = version;
    this.side = side;
  }

  @Override
  public ObjectNode run(Work work) throws InterruptedException {
    Listing listing = traffic.list(scope.model(), scope.anyVersion() ? "" : version, scope.limit());
    work.expect(listing.count());
    return checked(listing, work);
  }

  ObjectNode checked(Listing listing, Work work) throws InterruptedException {
    var tally = new TrafficTally(side);
    int unrelated = traffic.visitAll(listing, call -> {
      work.step();
      call.ifPresentOrElse(tally::add, tally::addUnreadable);
    });
    return tally.document().put("left_out", unrelated);
  }
}

package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.contract.ContractDesk.Scope;
import dev.faultline.server.contract.Traffic.Listing;
import dev.faultline.server.contract.Traffic.Place;
import java.util.List;
import java.util.Optional;

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
    work.expect(listing.good().size() + listing.others().size());
    return tally(listing, work).document().put("left_out", listing.unrelated());
  }

  TrafficTally tally(Listing listing, Work work) throws InterruptedException {
    var tally = new TrafficTally(side);
    for (List<Place> places : List.of(listing.good(), listing.others())) {
      for (Place place : places) {
        work.step();
        Optional<KeptCall> call = traffic.read(place);
        call.ifPresentOrElse(tally::add, tally::addUnreadable);
      }
    }
    return tally;
  }
}

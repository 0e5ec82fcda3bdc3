/// Any backend in a child JVM: tensors through shared memory, control through Unix sockets, death as a fault of the requests inside.
///
/// Reading order: [dev.faultline.backend.process.ProcessModel] (what happens to a request), [dev.faultline.backend.process.Worker] (one
/// child, seen from here), [dev.faultline.backend.process.WorkerMain] (the child itself).
///
/// To run something once that may kill, such as a replay or an edited graph, no more is needed than the interface: load the file with
/// [dev.faultline.backend.process.ProcessBackend], run it under a control that is stopped at the limit, and read what became of it from
/// the result or the [dev.faultline.fault.InferFault] (`infer.crashed` carries the evidence of the death).
@NullMarked
package dev.faultline.backend.process;

import org.jspecify.annotations.NullMarked;

/// Any backend in a child JVM: tensors through shared memory, control through Unix sockets, death as a fault of the requests inside.
///
/// Reading order: [dev.faultline.backend.process.ProcessModel] (what happens to a request), [dev.faultline.backend.process.Worker] (one
/// child, seen from here), [dev.faultline.backend.process.WorkerMain] (the child itself).
@NullMarked
package dev.faultline.backend.process;

import org.jspecify.annotations.NullMarked;

/// Steps that go wrong on their own, as the code of users does; the server finds them on the class path.
@NullMarked
package dev.faultline.evaluation.step;

import org.jspecify.annotations.NullMarked;

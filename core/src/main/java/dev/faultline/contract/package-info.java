/// What a model version accepts and promises.
@NullMarked
package dev.faultline.contract;

import org.jspecify.annotations.NullMarked;

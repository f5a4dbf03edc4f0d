/// What the tests of every package stand on: real servers, waiting without sleeping, a clock that stands still,
/// pictures of windows.
package io.handover.testkit;

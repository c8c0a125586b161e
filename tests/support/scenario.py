# SPDX-License-Identifier: BSL-1.0
"""What the test programs in tests/segment and tests/interop share: a segment each, a fresh light per test."""

import shutil
import sys
import unittest

import control_point
import light
import segment


class Scenario(unittest.TestCase):
    """One segment for the class; each test starts the lights it needs."""

    @classmethod
    def setUpClass(cls):
        cls.network = cls.enterClassContext(segment.Segment())
        cls.device = cls.network.device
        cls.near = cls.network.near
        cls.near2 = cls.network.near2
        cls.far = cls.network.far

    def setUp(self):
        self.light = None

    def start_light(self, *options, **which):
        """A light that serves until the end of the test; self.root and self.switch describe it."""
        self.light = self.enterContext(light.Light(self.network, *options, **which))
        if self.light.location:
            self.describe()
        return self.light

    def describe(self):
        self.root = control_point.describe(self.near, self.light.location)
        self.switch = self.root.services[0]

    def let_announcements_pass(self):
        """After that, whoever finds the light has searched for it."""
        with control_point.Advertisements(self.near) as advertisements:
            advertisements.heard("ssdp:alive", 2)

    def start_events(self, host, address=None):
        return self.enterContext(control_point.EventServer(host, address))

    def set_target(self, value, host=None):
        return control_point.call(host or self.near, self.switch, "SetTarget", newTargetValue=value)

    def status(self, host=None):
        return control_point.call(host or self.near, self.switch, "GetStatus")["ResultStatus"]


class _Result(unittest.TextTestResult):
    """Tells of a failure where it happens, with what the light printed, and not only after the last test."""

    def addFailure(self, test, problem):
        super().addFailure(test, problem)
        self._explain(test, self.failures)

    def addError(self, test, problem):
        super().addError(test, problem)
        self._explain(test, self.errors)

    def addSubTest(self, test, subtest, problem):
        super().addSubTest(test, subtest, problem)
        if problem:
            self._explain(test, self.failures if issubclass(problem[0], test.failureException) else self.errors)

    def printErrors(self):
        pass

    def _explain(self, test, problems):
        self.stream.writeln(problems[-1][1])
        if getattr(test, "light", None):
            self.stream.writeln("  the light printed:\n" + test.light.log())
        self.stream.flush()


def main(needs=()):
    """Runs the tests of the calling program; exits with 77 where the machine cannot, or lacks a program."""
    reason = segment.why_not_possible()
    missing = [program for program in needs if not shutil.which(program)]
    if not reason and missing:
        reason = f"needs the program {', '.join(missing)}"
    if reason:
        segment.skip(reason)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=_Result)
    unittest.main(testRunner=runner)
